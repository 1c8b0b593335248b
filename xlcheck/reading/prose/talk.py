"""What the talk is of, from clause to clause: which requests, whose, and what a part is a part of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.prose.clauses import Clause
from xlcheck.reading.prose.statement import Meant


class Said(NamedTuple):
    """What one clause states."""

    fact: str
    number: Decimal
    unit: str
    meant: tuple[Meant, ...]
    digits: int = 0


_YEAR, _PART = "year", "part"
_OF_A_YEAR = re.compile(r"半年|季度|^[^年]*[月日]")
"""Times that are a part of some year, and this one's where it is not named."""
_NEAR = 2
"""Sentences for which it holds that reviews are about disclosure: the one that says so, and the next."""
_BARE = ("N", "P", "n")
"""A clause that is a number and nothing else."""
_WHOLE = 1_000
"""The same behind a heading: more sentences than a section has."""


@dataclass(slots=True)
class Talk:
    """What was said so far, as far as the next clause depends on it."""

    requests: bool = False
    """The talk is of requests for information."""
    live: bool = False
    """And it is of all of them, so that 办结 n 件 needs no other word."""
    foreign: bool = False
    """Numbers are of other units, too, or nobody can say of whose."""
    disputes: bool = False
    """Reviews or suits were named."""
    proof: int = 0
    """For how many sentences, this one included, reviews and suits are about disclosure."""
    narrow: bool = False
    """A part of the requests was told apart: what follows may be of this part only."""
    told: bool = False
    """This sentence has stated something of requests."""
    elsewhen: str = ""
    """Of which time the sentence speaks: another ``year``, a ``part`` of this one; empty for this year."""
    listing: bool = False
    """其中 stood alone: the next clause is of a part."""
    rows: tuple[Meant, ...] = ()
    """What was last received or answered, of all applicants."""
    last: Said | None = None
    """What the clause before stated, if it did."""
    total: Said | None = None
    """How many requests this sentence has last told of: those of 均."""
    answered: Said | None = None
    """How many of them are said to be answered: all that were, where the others were carried out."""
    grouped: Decimal = Decimal(0)
    """How many of them were told of by kinds of applicants."""
    shown: bool = False
    """This sentence lists what was made public, or other things that the form does not count."""
    groups: tuple[str, ...] = ()
    """Reviews or suits that an outcome is an outcome of."""
    outer: tuple[str, ...] = ()
    """What these are a part of, where they are one."""
    disputed: Said | None = None
    """How many there are of them."""
    before: tuple[tuple[str, ...], tuple[str, ...], Said | None, bool] | None = None
    """Groups and narrowness as they were before a bracket."""
    document: str = ""
    """The documents that 制发 and 废止 are said of."""

    def under(self) -> Talk:
        """The talk at the beginning of a paragraph, behind this one as its heading."""
        return Talk(requests=self.requests, proof=_WHOLE if self.proof and (self.requests or self.disputes) else 0)

    def begin(self, *, part: bool) -> None:
        """A new sentence; `part` where it begins with 其中."""
        self.narrow = part and self.narrow
        self.proof = max(self.proof - 1, 0)
        self.told = self.listing = self.shown = False
        self.elsewhen = ""
        self.last = self.disputed = self.answered = None
        self.total = self.total if part else None
        self.groups, self.outer, self.document, self.before = (), (), "", None

    def pass_marks(self, marks: str) -> None:
        """What brackets hold is of what stands before them; a semicolon ends a part."""
        for mark in marks:
            if mark == "(":
                self.before = (self.groups, self.outer, self.disputed, self.narrow)
            elif mark == ")" and self.before:
                self.groups, self.outer, self.disputed, self.narrow = self.before
                self.before = None
            elif mark == ";":
                self.narrow = False

    def hear(self, clause: Clause) -> None:
        """What a clause's words say of what the talk is of, before it is read."""
        if clause.own:
            self.foreign = False
        self.elsewhen = self._time(clause)
        if clause.has("s"):
            self.foreign = True
        if clause.has("Q"):
            self.requests, self.narrow = True, False
        elif clause.has("tp"):
            self.requests = self.live = False
            self.proof = 0
            self.groups, self.document, self.shown = (), "", True
        elif clause.has("?") and not clause.has("c") and not self.told:
            self.live = False
        self.disputes = self.disputes or clause.has("VL")
        # 其中涉及信息公开的 2 件 says of the others that they are not about it.
        about = clause.has("b") and (clause.has("VL") or not clause.has("N"))
        named = clause.has("Q") or any("信息公开" in token.text for token in clause.of_kind("VL"))
        if about or named or (self.proof and clause.has("qGMCOc")):
            self.prove()

    def _time(self, clause: Clause) -> str:
        """Of which time a clause speaks, and those behind it until one names another; a comparison names none."""
        other = [token.text for token in clause.of_kind("d")]
        if other and not clause.has("B"):
            return _PART if all(_OF_A_YEAR.search(text) for text in other) else _YEAR
        return "" if clause.dated or (clause.now and self.elsewhen == _PART) else self.elsewhen

    def tell_group(self, number: Decimal) -> None:
        """One kind of applicants was told of: until all are, what 其中 says next may be of these only."""
        self.grouped += number
        self.narrow = self.total is None or self.grouped != self.total.number

    def prove(self) -> None:
        """What is said next of reviews and suits is about disclosure."""
        self.proof = max(self.proof, _NEAR)

    def lose(self, clause: Clause) -> None:
        """A clause with a number could not be read: what is behind it may be of what it told apart."""
        self.last = None
        if clause.has("yuc%") or clause.kinds in _BARE or (self.answered and clause.has("H")):
            return  # one more result, a channel, a share, or a number that only explains one before
        if clause.has("?tps") or not clause.has("Bc~n"):
            self.live = False
            self.total, self.disputed, self.groups, self.document = None, None, (), ""
        if clause.has("VL"):
            self.proof = 0  # an office that decides on reviews tells of those
        self.narrow = self.narrow or clause.has("?tps")
