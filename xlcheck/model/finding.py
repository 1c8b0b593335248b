"""Findings and outcomes: what checking says, as frozen values."""

from __future__ import annotations

from typing import Literal

from xlcheck.model.cells import Place
from xlcheck.model.tuples import NamedTuple

Severity = Literal["error", "warning"]
"""``error`` is 强制性 (must be mended), ``warning`` is 核实性 (check, and explain if right)."""

POSSIBLE = "可能之"
"""What the reasons of suggestions begin with where there are several answers, each with its number (docs/use/json.md)."""


class Suggestion(NamedTuple):
    """What a field should probably hold. Never applied by itself."""

    field: str
    place: Place
    value: str
    """Exact."""
    reason: str
    """In a clerk's words."""


class Finding(NamedTuple):
    """One failed rule in one submission."""

    code: str
    severity: Severity
    message: str
    """In a clerk's words: where, what, and both sides where numbers differ."""
    fields: tuple[str, ...] = ()
    """Keys; of a balance finding all fields of its relation."""
    places: tuple[Place, ...] = ()
    """Where `fields` stand, or the cells meant where no field is."""
    expected: str | None = None
    actual: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
    sheet: str | None = None
    """The worksheet meant, where a whole sheet is."""
    explanation: str = ""
    """What the department says of a warning on the cover; never of an error."""


class Cause(NamedTuple):
    """What may be wrong behind broken balances that have one cause."""

    findings: tuple[int, ...]
    """Which findings, by their numbers from 0."""
    certain: bool
    """Whether one explanation is clearly better than all others."""
    explanations: tuple[tuple[Suggestion, ...], ...]
    """Best first; each is a set of changes that makes the balances hold. Empty: nothing small does."""
    one: bool = True
    """Whether the best explanation is one mistake, and not several that have relations in common."""


class Outcome(NamedTuple):
    """What became of one relation or check."""

    code: str
    status: Literal["passed", "failed", "not_evaluated"]
    fields: tuple[str, ...]
    reason: str = ""
    """Why it was not evaluated, in a clerk's words."""


class Mend(NamedTuple):
    """One cell that a suggested mend changes."""

    field: str
    place: Place
    old: str
    new: str
    """Exact."""
    reason: str
