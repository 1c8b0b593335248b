"""What a report's text states in numbers: paragraphs → statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlcheck.forms.facts import RESULT_FACTS
from xlcheck.reading.prose.clauses import Clause, clauses
from xlcheck.reading.prose.flow import begins_anew, flowing, is_heading
from xlcheck.reading.prose.grammar import NOT_ABOUT, UNREADABLE
from xlcheck.reading.prose.lexer import tokens
from xlcheck.reading.prose.meanings import on_request
from xlcheck.reading.prose.severally import one_by_one
from xlcheck.reading.prose.spelling import sentences, squeezed
from xlcheck.reading.prose.stated import stated
from xlcheck.reading.prose.statement import Statement
from xlcheck.reading.prose.subject import Subject, subject
from xlcheck.reading.prose.talk import Said, Talk

MOST_PROSE = 300_000
"""Characters of paragraphs that are read; a report has some thousand."""
_CATCH_ALL = ("unavailable", "declined", "other")
"""Results to which an office may count what the form has no line for."""
_DECIDED = (".upheld", ".corrected", ".other")
"""Outcomes to which it may count 胜诉 and 撤诉."""
_DISPUTED = ("review", "suit", "disputes")
"""What reviews and suits are told of by."""
_AMONG = "I"
"""The kind of 其中."""


def read_statements(paragraphs: Sequence[str], unit: str = "", year: int | None = None) -> tuple[Statement, ...]:
    """The statements of a report's text, in its order.

    Args:
        paragraphs: the text outside of tables.
        unit: who reports, where this is known from elsewhere.
        year: the year that the report is for, where this is known from elsewhere.
    """
    about = subject(paragraphs, unit, year)
    heading, found, left, foreign = Talk(), list[Statement](), MOST_PROSE, False
    for number, paragraph in flowing(paragraphs):
        left -= len(paragraph)
        if left < 0:
            break
        talk = heading.under()
        talk.foreign = foreign and not begins_anew(paragraph)
        found += _statements(paragraph, number, about, talk)
        foreign = talk.foreign
        # What a heading says holds on until the next one, or until a paragraph speaks of other things.
        if is_heading(paragraph):
            heading = talk
        elif not talk.requests:
            heading = Talk()
    return tuple(found)


def _statements(paragraph: str, number: int, about: Subject, talk: Talk) -> Iterator[Statement]:
    for sentence in sentences(paragraph):
        text = squeezed(sentence)
        for clause, said in _sentence(text, about, talk):
            part = text[clause.start : clause.end]
            yield Statement(
                said.fact, said.number, said.unit, said.meant, sentence, part, clause.start, number, said.digits
            )


def _sentence(text: str, about: Subject, talk: Talk) -> list[tuple[Clause, Said]]:
    found: list[tuple[Clause, Said]] = []
    silent: list[tuple[Clause, bool]] = []
    others_counted = among = False
    for number, written in enumerate(clauses(one_by_one(tokens(text, about)))):
        part = written.kinds.startswith(_AMONG)
        if not number:
            talk.begin(part=part)
        talk.pass_marks(written.opening)
        among = part or (among and ";" not in written.opening)
        if written.kinds == _AMONG:
            talk.listing = True
            continue
        clause = written.of_a_part() if talk.listing and written.tokens else written
        talk.listing = talk.listing and not written.tokens
        talk.hear(clause)
        said = () if clause.has(UNREADABLE) or talk.foreign or talk.elsewhen else stated(clause, talk)
        found += [(clause, one) for one in said]
        if not said:
            silent.append((clause, among))
        if clause.has("NPmn"):
            others_counted = others_counted or talk.foreign
            if not said:
                talk.lose(clause)
    # Whose numbers they are holds on where numbers were told, until the unit itself is named.
    talk.foreign = talk.foreign and others_counted
    return [(clause, said) for clause, said in found if not any(_left_open(clause, said, *one) for one in silent)]


def _left_open(told: Clause, said: Said, clause: Clause, among: bool) -> bool:
    """Whether a clause that states nothing itself leaves open what another one of its sentence meant.

    Args:
        told: the other one.
        said: what it stated.
        clause: the silent one.
        among: whether it belongs to what 其中 lists.
    """
    if NOT_ABOUT.fullmatch(clause.kinds):
        return said.fact.startswith(_DISPUTED)
    if not clause.has("NPmn"):
        return False
    # 主动公开 3 件、依申请公开 2 件 may tell of what documents are, not of requests.
    if clause.has("p") and said.unit in clause.units:
        return said.fact in RESULT_FACTS or said.meant == on_request()
    # What stands beside it in a list was not all of what was answered.
    if said.fact == "handled":
        return clause.has("?y") and not among and clause.start > told.start and said.unit in clause.units
    # In the table it may be counted with one of these.
    return clause.has("y") and (said.fact.startswith(_CATCH_ALL) or said.fact.endswith(_DECIDED))
