"""The licences of what a build brings along, as one text."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from builds.names import EXTRAS

_OWN = re.compile(r"[^/]*\.dist-info/(licenses/.+|(?i:licen[cs]e|copying|notice)[^/]*)").fullmatch
_LINE = "\n"


def licences() -> str:
    """Python's own, and those of every library, in the order of their names."""
    parts = [_part(f"Python {sys.version.split()[0]}", [_of_python()])]
    for one in sorted(_needed("xlcheck", set(EXTRAS)).values(), key=lambda one: one.name.lower()):
        (said, *_) = one.metadata.get_all("License-Expression") or one.metadata.get_all("License") or [""]
        parts.append(_part(f"{one.name} {one.version}  {said.partition(_LINE)[0]}".strip(), _texts(one)))
    return "\n".join(parts)


def _needed(name: str, extras: set[str]) -> dict[str, Distribution]:
    """A distribution, and all that it needs here."""
    found: dict[str, Distribution] = {}
    waiting = [(name, frozenset(extras))]
    seen = set()
    while waiting:
        if (one := waiting.pop()) in seen:
            continue
        seen.add(one)
        found[one[0]] = distribution(one[0])
        for text in found[one[0]].requires or ():
            wanted = Requirement(text)
            if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *one[1])):
                waiting.append((re.sub(r"[-_.]+", "-", wanted.name).lower(), frozenset(wanted.extras)))
    return found


def _texts(one: Distribution) -> Iterator[str]:
    """The licence files of a distribution."""
    for file in one.files or ():
        if _OWN(file.as_posix()):
            yield Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")


def _of_python() -> str:
    places = (Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt"))
    return next(
        (place.read_text(encoding="utf-8") for place in places if place.is_file()),
        "https://docs.python.org/3/license.html",
    )


def _part(name: str, texts: Iterator[str] | list[str]) -> str:
    return "\n".join((f"{'=' * 78}\n{name}\n{'=' * 78}\n", *(f"{text.strip()}\n" for text in texts)))
