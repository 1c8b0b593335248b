"""How much a visitor may ask of the server."""

from __future__ import annotations

from xlcheck.model.numbers import MIB
from xlcheck.model.tuples import NamedTuple


class WebBounds(NamedTuple):
    """What one request, and all of them together, may take."""

    file_bytes: int = 20 * MIB
    """Of one file; the guard refuses larger ones anyway."""
    batch_bytes: int = 300 * MIB
    """Of all files that an office hands over at once."""
    batch_files: int = 1000
    drained_bytes: int = 64 * MIB
    """Of a body that is refused, read and thrown away before the answer."""
    fields: int = 400
    field_bytes: int = 64 * 1024
    head_seconds: float = 20
    """For the head of a request to arrive, from when the one before was answered."""
    form_seconds: float = 30
    """For a whole body without files to arrive."""
    body_seconds: float = 300
    """For a whole body with files."""
    idle_seconds: float = 20
    """Between two pieces of a body."""
    checks: int = 2
    """Files that are checked at a time."""
    waiting: int = 64
    """Requests that may wait for a check besides; the next one is told to come again."""
    seconds: float = 60
    """How long checking one file may take."""
    connections: int = 512
    """That are open at a time; of those that ask nothing, who does so for longest is shut out for a new one."""
    login_tries: int = 10
    """Wrong passwords of one address or for one name within `login_seconds`."""
    login_seconds: float = 900
    sends: int = 60
    """Requests that change something, of one unit, or of one address that nobody is known at, within `send_seconds`."""
    send_seconds: float = 60
    account_tries: int = 10
    """How often a user may have the server log in to mail accounts within `account_seconds`."""
    account_seconds: float = 600
