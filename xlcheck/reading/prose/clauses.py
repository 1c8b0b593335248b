"""A sentence's tokens in clauses: each may state one number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.prose.lexer import MARKS, Token

_NUMBERS = "NPmn"
_ASIDE = "@ok"
"""Kinds of words that patterns leave out: the unit itself, its year, and 中."""


class Clause(NamedTuple):
    """What stands between two marks."""

    tokens: tuple[Token, ...]
    """Without names of the unit itself and of the report's year."""
    own: bool
    """Whether the unit itself is named."""
    now: bool
    """Whether the report's year is named, or spoken of (全年)."""
    dated: bool
    """Whether it is named."""
    within: bool
    """Whether it ends with 中: what follows is a part of what it tells of."""
    start: int
    """Where it begins in the sentence, in characters from 0."""
    opening: str
    """The marks before it."""

    @property
    def end(self) -> int:
        """Where it ends in the sentence."""
        return self.tokens[-1].end if self.tokens else self.start

    @property
    def kinds(self) -> str:
        """The kinds of its tokens, a letter each."""
        return "".join(token.kind for token in self.tokens)

    @property
    def units(self) -> list[str]:
        """The units of its numbers."""
        return [token.quantity.unit for token in self.tokens if token.quantity]

    def of_a_part(self) -> Clause:
        """The same behind a 其中 that stood alone; nothing where it says so itself."""
        if not self.tokens or self.kinds.startswith("I"):
            return self
        among = self.tokens[0]._replace(kind="I", text="", quantity=None)
        return self._replace(tokens=(among, *self.tokens))

    def of_kind(self, kinds: str) -> list[Token]:
        """Its tokens of these kinds."""
        return [token for token in self.tokens if token.kind in kinds]

    def has(self, kinds: str) -> bool:
        """Whether one of its tokens is of these kinds."""
        return any(token.kind in kinds for token in self.tokens)


def clauses(tokens: Iterable[Token]) -> Iterator[Clause]:
    """The clauses of a sentence. ``、`` parts them behind a number only; else it lists what one number is of."""
    held: list[Token] = []
    start, opening = 0, ""
    for token in tokens:
        counted = any(one.kind in _NUMBERS for one in held)
        if token.kind in MARKS and (token.kind != "、" or not held or counted):
            if held:
                yield _clause(held, start, opening)
                opening = ""
            held, start, opening = [], token.end, opening + token.kind
        elif counted and token.kind in "%x" and held[-1].kind != "x":
            yield _clause(held, start, opening)
            held, start, opening = [token], token.at, ""
        else:
            held.append(token)
    if held:
        yield _clause(held, start, opening)


def _clause(held: list[Token], start: int, opening: str) -> Clause:
    rest = tuple(token for token in held if token.kind not in _ASIDE)
    own, now, within = ([token for token in held if token.kind == kind] for kind in _ASIDE)
    dated = any("20" in token.text for token in now)
    return Clause(rest, bool(own), bool(now), dated, within[-1:] == held[-1:], start, opening)
