"""The door of one clerk's window: a key in the address that is opened, and a cookie that stays in the browser it was opened in.

Whoever else uses the same computer can reach 127.0.0.1, too, and has neither.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from xlcheck.files.content import open_file, write_bytes
from xlcheck.files.paths import make_folder

_SECRET = Path(".xlcheck", "window.key")
"""The secret of a folder, in it."""
_PAGE = "window.html"
"""The page beside it that leads a browser to the window."""
_GRACE = 60
"""Seconds in which a key that was used opens once more: programs that look at addresses are often there before the browser."""
COOKIE_SECONDS = 400 * 24 * 60 * 60
"""As long as browsers keep a cookie (RFC 6265bis, 5.6.2)."""


class Door:
    """Knows who was let in, by a secret alone, so that another process that has it can make keys of its own.

    Args:
        secret: what nobody else has.
        folder: where a page can be written that nobody else can read; None where there is no such place.
        clock: seconds since 1970.
    """

    def __init__(self, secret: str, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._folder = folder
        self._clock = clock
        self._since = self._now()
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()

    @property
    def cookie_name(self) -> str:
        """Browsers give all ports of a computer the same cookies, so each folder has one by its own name."""
        return f"xlcheck-window-{self._proof('name')[:12]}"

    @property
    def cookie(self) -> str:
        """What a browser shows that was let in."""
        return self._proof("cookie")

    def knows(self, cookie: str) -> bool:
        """Whether it is the cookie of a browser that was let in."""
        return hmac.compare_digest(self.cookie.encode(), cookie.encode("utf-8", "replace"))

    def address(self, port: int) -> str:
        """An address that opens the window which listens on that port, in one browser."""
        made = f"{self._now():x}.{secrets.token_urlsafe(12)}"
        return f"http://127.0.0.1:{port}/open?key={made}.{self._proof(made)}"

    def page(self, port: int) -> str:
        """The same for a program that opens a browser: what it is started with, everybody on most systems can see.

        So there it is the address of a page that only we can read, and which leads on.
        """
        address = self.address(port)
        if os.name != "posix" or self._folder is None:
            return address
        page = self._folder / _PAGE
        text = f'<!doctype html>\n<meta http-equiv="refresh" content="0; url={address}">\n'
        try:
            write_bytes(page, text.encode(), private=True)
        except OSError:
            return address
        return page.as_uri()

    def opens(self, key: str) -> bool:
        """Whether a key opens: made since this door is there, and not used before."""
        made, _, proof = key.rpartition(".")
        if not hmac.compare_digest(self._proof(made).encode(), proof.encode("utf-8", "replace")):
            return False
        now = self._clock()
        with self._lock:
            return int(made.partition(".")[0], 16) >= self._since and now - self._used.setdefault(key, now) <= _GRACE

    def _now(self) -> int:
        return int(self._clock() * 1000)

    def _proof(self, what: str) -> str:
        return hmac.new(self._secret.encode(), what.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def door_of(folder: Path, clock: Callable[[], float] = time.time) -> Door:
    """The door of a folder's window; where its secret cannot be kept, what was let in is forgotten with the process."""
    kept = folder.absolute() / _SECRET
    try:
        secret = _kept(kept)
        if secret is None:
            make_folder(kept.parent)
            write_bytes(kept, secrets.token_urlsafe(24).encode(), private=True)
            secret = _kept(kept)  # another one may have been quicker
    except OSError:
        secret = None
    return Door(secret or secrets.token_urlsafe(24), kept.parent if secret else None, clock)


def _kept(path: Path) -> str | None:
    """The secret in a file that is ours alone; None where there is none."""
    try:
        with open_file(path) as file:
            is_ours = os.name != "posix" or os.fstat(file.fileno()).st_uid == os.geteuid()
            secret = file.read(100).decode("ascii", "replace")
    except FileNotFoundError:
        return None
    return secret if is_ours and len(secret) == 32 else None
