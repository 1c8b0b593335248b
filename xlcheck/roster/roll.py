"""Whether two names under one code are one unit: renamed or shortened, or somebody used another's code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.identity import Identity, code_key, name_key

if TYPE_CHECKING:  # startup time counts
    from xlcheck.roster.units import Unit

_BODIES = (
    "局", "委", "办", "厅", "府", "会", "院", "部", "社", "校", "站", "所", "队", "馆", "园", "学", "厂", "场",
    "中心", "公司", "集团", "管理处", "办事处",
)  # fmt: skip
"""What names of units end with."""
_BELOW = re.compile(f"(?!员会)[\u3400-\u9fff]+(?:{'|'.join(_BODIES)})")
"""What follows a unit's name in that of a body of its own: not 本级, nor a part of it that fills in its table (办公室, 法规科)."""
_SHORTEST = 3
"""Characters of a shortened name; fewer stand in too many names."""


class Roll(NamedTuple):
    """The names of the list of units, and whose codes are whose, as they are compared."""

    owners: Mapping[str, str]
    """The name of the unit with each code."""
    names: frozenset[str]
    """All names."""

    def is_renamed(self, now: Identity, before: Identity) -> bool:
        """Whether the list has the code, and gives neither of the two names to another unit."""
        owner = self.owners.get(now.code, "")
        return bool(owner) and not {now.name, before.name} & (self.names - {owner})


NOBODY = Roll({}, frozenset())
"""There is no list."""


def roll_of(units: Iterable[Unit]) -> Roll:
    """What a list of units says of codes and names."""
    units = tuple(units)
    owners = {code_key(unit.code): name_key(unit.name) for unit in units if unit.code}
    return Roll(owners, frozenset(name_key(unit.name) for unit in units))


def is_short_for(one: str, other: str) -> bool:
    """Whether one of two names as they are compared is the other one shortened: ``市教体局`` of ``市教育和体育局``."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return len(short) >= _SHORTEST and all(char in rest for char in short) and not is_body_of(one, other)


def is_body_of(one: str, other: str) -> bool:
    """Whether one of two names as they are compared is a body of the other's: ``市教育局机关服务中心`` of ``市教育局``.

    Such a body is another unit, also where it uses the code of the one above it.
    """
    short, long = sorted((one, other), key=len)
    return _BELOW.fullmatch(long, len(short)) is not None and long.startswith(short) and short.endswith(_BODIES)
