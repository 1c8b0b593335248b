"""File names made of units' names."""

from __future__ import annotations

import re
import unicodedata

from xlcheck.files.names import COPIES, is_skipped
from xlcheck.model.text import clean
from xlcheck.roster.units import Unit

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|\Z)")

_LONGEST = 180
"""Bytes of a file name in UTF-8: Linux takes 255, Windows as many characters, and endings and folders come on top."""


def file_stem(name: str) -> str:
    """A file name without ending that Windows, macOS and Linux all take, made of a unit's name."""
    stem = clean(_UNSAFE.sub("_", unicodedata.normalize("NFC", name)))
    for part in COPIES:
        # A folder's search passes over our copies, and must not pass over this.
        stem = stem.replace(part, part.replace(".", "_"))
    stem = stem.encode("utf-8")[:_LONGEST].decode("utf-8", "ignore").strip(" .")
    if _RESERVED.match(stem) or is_skipped(f"{stem}.xlsx"):
        stem = f"_{stem}"
    return stem or "_"


def file_stems(units: tuple[Unit, ...]) -> tuple[str, ...]:
    """One file name a unit; equal ones, also those that differ in case only, are told apart by code or number."""
    taken: set[str] = set()
    stems: list[str] = []
    for unit in units:
        stem = file_stem(unit.name)
        if stem.casefold() in taken and unit.code:
            stem = f"{file_stem(unit.name[:40])}_{file_stem(unit.code[:20])}"
        number, free = 2, stem
        while free.casefold() in taken:
            free = f"{stem}_{number}"
            number += 1
        taken.add(free.casefold())
        stems.append(free)
    return tuple(stems)
