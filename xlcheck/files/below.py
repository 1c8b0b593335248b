"""Paths below a folder, proved: no name in them leads out of it, and no link on the way leads elsewhere."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

from xlcheck.files.paths import is_remote
from xlcheck.model.errors import Error
from xlcheck.model.text import quote


class Outside(OSError, Error):
    """A path that is not, or need not be, below the folder that it is meant for; the text is for a clerk."""

    code = "outside"


def below(root: Path, inside: str) -> Path:
    """The path of `inside` (with ``/``) below `root`; what is on the way there, and what is there already, is no link.

    Raises:
        Outside: it would lead out of `root`.
    """
    parts = [part for part in inside.split("/") if part not in ("", ".")]
    if not is_inner(inside):
        raise Outside(f"“{quote(inside)}”会写到文件夹“{root}”外面去，没有写入")
    place = root
    for part in parts:
        place = place / part
        if not is_remote(place) and is_link(place):
            raise Outside(f"“{place}”是指向别处的链接，没有写入；请删去这个链接后再运行")
    return place


def is_inner(text: str) -> bool:
    """Whether a relative path, with ``/``, stays below whatever folder it is put behind."""
    if text.startswith("/") or "\0" in text or ".." in text.split("/"):
        return False
    if os.name != "nt":
        return True
    windows = PureWindowsPath(text)
    return not (windows.drive or windows.root or ".." in windows.parts)


def is_link(path: Path) -> bool:
    """Whether there is a link, wherever it leads."""
    return path.is_symlink() or getattr(os.path, "isjunction", lambda _: False)(path)
