"""What only a file system can hold: things that are no files, and names that git or other systems do not take."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.corpus import books
from tests.hostile.corpus.books import book

WRONG = "C102"
"""What is found in the workbook that bears the strange names: there is a copy to write, and a name to give it."""

NAMES: tuple[bytes, ...] = (
    "两行\n=1+1.xlsx".encode(),
    "制表\t=1+1.xlsx".encode(),
    "回车\r=1+1.xlsx".encode(),
    "方向\u202excod.\u2066xlsx".encode() + b".xlsx",
    "零宽\u200b\ufeff.xlsx".encode(),
    "终端\x1b]0;x\x07\x1b[2J.xlsx".encode(),
    "行分隔\u2028段分隔\u2029.xlsx".encode(),
    b"back\\slash\\..\\x.xlsx",
    b"C:drive.xlsx",
    b"=HYPERLINK(x).xlsx",
    b"=cmd|' C calc'!A0.xlsx",
    b"+1+1.xlsx",
    b"-rf.xlsx",
    b"--help.xlsx",
    b"@SUM(1).xlsx",
    "＝1+1.xlsx".encode(),
    b"$(touch x);`touch y`.xlsx",
    b"%s%n%d.xlsx",
    b"<script>alert(1)<.xlsx",
    b'",=1+1,".xlsx',
    b"CON.xlsx",
    b"blank .xlsx",
    b" blank.xlsx",
    b"UPPER.XLSX",
    b"upper.xlsx",
    b"not-utf-8-\xff\xfe\xc0.xlsx",
    "甲".encode() * 83 + b".xlsx",
    b"n" * 250 + b".xlsx",
    "\U000e0041\U000e0042 tags.xlsx".encode(),
)  # fmt: skip
"""Each is the name of a readable workbook."""


def lay(folder: Path) -> dict[str, str]:
    """Put all of it into a folder; answers the codes expected by path within the folder."""
    expected = dict(_things(folder))
    data = books.xlsx(book(disclosure__regulations__issued=-1))
    for raw in NAMES:
        name = os.fsdecode(raw)
        (folder / name).write_bytes(data)
        expected[name] = WRONG
    deep = Path(*["层"] * 40)
    (folder / deep).mkdir(parents=True)
    (folder / deep / "a.xlsx").write_bytes(data)
    return expected | {str(deep / "a.xlsx"): WRONG}


def _things(folder: Path) -> Iterator[tuple[str, str]]:
    """What looks like a workbook by its name, and is no file, or none that can be read."""
    os.mkfifo(folder / "pipe.xlsx")
    yield "pipe.xlsx", "F101"
    for name, target in (
        ("loop.xlsx", "loop.xlsx"),
        ("loop-of-two-a.xlsx", "loop-of-two-b.xlsx"),
        ("loop-of-two-b.xlsx", "loop-of-two-a.xlsx"),
        ("to-nowhere.xlsx", "nowhere"),
        ("to-a-device.xlsx", "/dev/zero"),
        ("to-a-folder.xlsx", ".."),
    ):
        (folder / name).symlink_to(target)
        yield name, "F101"
    (folder / "to-a-text.xlsx").symlink_to("/etc/passwd")
    yield "to-a-text.xlsx", "F103"
    # A path to a socket may have 107 bytes only, so it is made from within.
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(folder, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/socket.xlsx")
        os.close(here)
    yield "socket.xlsx", "F101"
    (folder / "unreadable.xlsx").write_bytes(books.xlsx(book()))
    (folder / "unreadable.xlsx").chmod(0)
    yield "unreadable.xlsx", "F101"
    (folder / "folder.xlsx").mkdir()
    (folder / "folder.xlsx" / "inside.xlsx").write_bytes(books.xlsx(book()))
    yield "folder.xlsx/inside.xlsx", ""
    (folder / "closed").mkdir()
    (folder / "closed").chmod(0)
    yield "closed", "F101"
