"""The command line where native code aborts at each workbook that says so: ``python -m tests.hostile.aborting verify …``.

``inbox FOLDER LETTER...`` receives letters from files instead of a server, and prints what is told of them.
"""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.making.filling import form
from xlcheck.commands import chinese
from xlcheck.commands.cli import cli
from xlcheck.guard.admit import Package
from xlcheck.mail.fetching.ledger import open_ledger
from xlcheck.mail.fetching.opened import Sorting, opening
from xlcheck.mail.fetching.receive import Desk, FetchLimits, receive
from xlcheck.mail.fetching.report import arrival_text
from xlcheck.mail.fetching.sort import addresses
from xlcheck.model.submission import Submission
from xlcheck.reading import open as reading
from xlcheck.reading.read import read_submission
from xlcheck.roster.stems import file_stems
from xlcheck.roster.units import parse_units
from xlcheck.workers.spread import standing_by

MARK = "xl/abort.bin"
"""The part that says so."""
_read = read_submission


def _abort_or_read(package: Package, *given: Any, **named: Any) -> Submission:
    if MARK in package.parts:
        os.abort()
    return _read(package, *given, **named)


def _inbox(folder: Path, letters: list[str]) -> int:
    listed = parse_units("单位名称,电子邮箱\n市教育局,jyj@example.org\n".encode()).units
    known = addresses(listed)
    with standing_by(opening(Sorting(listed, known, form()))) as opened, open_ledger(folder) as ledger:
        desk = Desk(folder, ledger, listed, file_stems(listed), known, "box", opened)
        for number, path in enumerate(letters):
            data = Path(path).read_bytes()
            mailbox = cast(Any, SimpleNamespace(validity=1, letter=lambda _, data=data: data))
            now = datetime.datetime.now(datetime.timezone.utc)
            envelope = cast(Any, SimpleNamespace(uid=number, size=len(data), received=now))
            print(arrival_text(receive(mailbox, desk, envelope, FetchLimits())), end="")
    return 0


if __name__ == "__main__":
    setattr(reading, "read_submission", _abort_or_read)  # noqa: B010  # what the module imported
    _, command, *rest = sys.argv
    if command == "inbox":
        sys.exit(_inbox(Path(rest[0]), rest[1:]))
    sys.exit(chinese.run_command(cli, "xlcheck", sys.argv[1:]))
