"""What a report's text states in numbers: paragraphs → statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlcheck.reading.prose.clauses import Clause, clauses
from xlcheck.reading.prose.flow import flowing, is_heading
from xlcheck.reading.prose.grammar import NOT_ABOUT, UNREADABLE
from xlcheck.reading.prose.lexer import tokens
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
    heading, found, left = Talk(), list[Statement](), MOST_PROSE
    for number, paragraph in flowing(paragraphs):
        left -= len(paragraph)
        if left < 0:
            break
        talk = heading.under()
        found += _statements(paragraph, number, about, talk)
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
            yield Statement(said.fact, said.number, said.unit, said.meant, sentence, part, number, said.digits)


def _sentence(text: str, about: Subject, talk: Talk) -> list[tuple[Clause, Said]]:
    found: list[tuple[Clause, Said]] = []
    counted = among = False
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
        has_number = clause.has("NPmn")
        counted = counted or has_number
        said = () if clause.has(UNREADABLE) or talk.foreign or talk.elsewhen else stated(clause, talk)
        found += [(clause, one) for one in said]
        if has_number and not said:
            talk.lose(clause)
        if not said:
            found = [(where, one) for where, one in found if not _taken_back(one, clause, among=among)]
    # Whose numbers they are holds on where numbers were told, until the unit itself is named.
    talk.foreign = talk.foreign and counted
    return found


def _taken_back(said: Said, clause: Clause, *, among: bool) -> bool:
    """Whether a clause that states nothing itself leaves open what an earlier clause of its sentence meant."""
    if NOT_ABOUT.fullmatch(clause.kinds):
        return said.fact.startswith(_DISPUTED)
    if not clause.has("NPmn"):
        return False
    # What stands beside it in a list was not all of what was answered.
    if said.fact == "handled":
        return clause.has("?y") and not among
    # In the table it may be counted with one of these.
    return clause.has("y") and said.fact.startswith(_CATCH_ALL)
