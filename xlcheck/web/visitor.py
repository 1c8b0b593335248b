"""Who asks for a page, and what each may."""

from __future__ import annotations

from typing import Literal

from xlcheck.campaign.ledger.values import Role
from xlcheck.model.tuples import NamedTuple

VisitorKind = Literal["nobody", "local", "user", "unit", "program"]
"""Nobody in particular; the one clerk at this computer; a user of the office; who has a unit's link; another system."""

May = Literal["anybody", "viewer", "clerk", "unit", "program"]
"""Whom an address is for. Nothing is for anybody unless its route says so."""


class Visitor(NamedTuple):
    """Who asks."""

    kind: VisitorKind = "nobody"
    name: str = ""
    """What the ledger notes as who did it: a user's name, 本机, a unit's link, a token."""
    role: Role | None = None
    campaign: int | None = None
    """The only campaign that a token is for; None for all."""
    unit: int | None = None
    """The unit whose link it is."""
    must_change: bool = False
    """Whether it is a user whose password somebody else chose, who has to choose another one first."""

    def may(self, what: May) -> bool:
        """Whether an address that is for such visitors answers this one."""
        if what == "anybody":
            return True
        if what == "unit":
            return self.kind == "unit"
        if what == "program":
            return self.kind == "program"  # its role is for what is done to say
        return self.kind in {"local", "user"} and (what == "viewer" or self.role == "经办")

    @property
    def can_change(self) -> bool:
        """Whether it is a clerk of the office, for whom pages have buttons."""
        return self.may("clerk")


UNKNOWN_VISITOR = Visitor()

LOCAL = Visitor("local", "本机", "经办")
"""The clerk at this computer, who needs no name."""
