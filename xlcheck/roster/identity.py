"""Which unit is meant: covers, lists and totals name units by code and by name, and all compare them here.

A code (统一社会信用代码) has capital letters only (GB 32100-2015, 3), so one typed in small letters is the same code.
"""

from __future__ import annotations

from xlcheck.model.labels import fold
from xlcheck.model.tuples import NamedTuple


class Identity(NamedTuple):
    """A unit as it is compared: two that share a code or a name may be the same unit."""

    code: str
    """As :func:`code_key` gives it; empty where there is none."""
    name: str
    """As :func:`name_key` gives it; empty where there is none."""

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """By what the unit is known: ``("code", …)`` and ``("name", …)``, as far as it has them."""
        return frozenset(pair for pair in zip(self._fields, self, strict=True) if pair[1])

    def shares(self, other: Identity) -> bool:
        """Whether the two share a code or a name."""
        return not self.keys.isdisjoint(other.keys)

    def agrees(self, other: Identity) -> bool:
        """Whether the two are certainly the same: the same name, and the same code where both have one."""
        return self.name == other.name and (not self.code or not other.code or self.code == other.code)


def identity(name: str, code: str = "") -> Identity:
    """The unit that is called so and has this code."""
    return Identity(code_key(code), name_key(name))


def code_key(code: str) -> str:
    """A code as it is compared: after NFKC, without white space, in capitals."""
    return fold(code).upper()


def name_key(name: str) -> str:
    """A name as it is compared: after NFKC and without white space."""
    return fold(name)
