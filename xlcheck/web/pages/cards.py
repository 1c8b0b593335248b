"""The form as it was filled in, and a card for each thing that is said of its cells: what the office and a unit see of one round."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from xlcheck.copies.result_sheet import WRITE_BESIDE
from xlcheck.forms.rules import SEVERITIES
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.drawn import DrawnFile, DrawnFinding
from xlcheck.results.record import Line, Record
from xlcheck.web.pages.said import ReplyView, WarningKey


class PlaceLink(NamedTuple):
    """A cell that a card leads to."""

    key: str
    """Of its field."""
    says: str
    """``依申请公开!D5``, and of more cells of the same sheet ``D6``."""


class FindingCard(NamedTuple):
    """One thing that is wrong, or wants an explanation."""

    number: int
    """From 1."""
    severity: str
    rule: str
    level: str
    problem: str
    should_label: str
    should: str
    mend: str
    places: tuple[PlaceLink, ...]
    about: str
    """What an explanation is of, as its form sends it back (:func:`warning_in`)."""
    explanation: str
    """What the file itself says of it."""
    explainable: bool
    replies: tuple[ReplyView, ...] = ()

    @property
    def seen(self) -> str:
        """What tells the problem from another one of the same cells (:func:`seen_of`)."""
        return seen_of(self.problem)


def cards_of(
    record: Record, drawing: DrawnFile | None, replies: Mapping[WarningKey, Sequence[ReplyView]] | None = None
) -> tuple[FindingCard, ...]:
    """The cards of a file, in the order of its findings.

    Args:
        record: what checking it came to.
        drawing: what its form is drawn from; None where nothing could be read.
        replies: what was said of its warnings.
    """
    said = replies or {}
    drawn: Iterable[DrawnFinding | None] = drawing["findings"] if drawing else [None] * len(record.lines)
    return tuple(
        _card(number, line, finding, drawing, said.get((line.code, line.cells), ()))
        for number, (line, finding) in enumerate(zip(record.lines, drawn, strict=True), start=1)
    )


def _card(
    number: int,
    line: Line,
    finding: DrawnFinding | None,
    drawing: DrawnFile | None,
    replies: Sequence[ReplyView],
) -> FindingCard:
    texts: dict[str, str] = {}
    places: tuple[PlaceLink, ...] = ()
    if drawing is not None and finding is not None:
        texts = dict(zip(drawing["heads"], finding["texts"], strict=True))
        places = _places(finding["fields"], drawing["places"])
    label, should = _should_be(texts.get("应为", ""))
    return FindingCard(
        number,
        line.severity,
        texts.get("规则", line.code),
        SEVERITIES[line.severity],
        line.message,
        label,
        should,
        texts.get("怎样改", "").partition(WRITE_BESIDE)[0],
        places,
        "\t".join((line.code, *line.cells)),
        line.explanation,
        line.severity == "warning",
        tuple(replies),
    )


def _places(keys: Sequence[str], places: Mapping[str, str]) -> tuple[PlaceLink, ...]:
    """Of several cells of one sheet only the first names it."""
    links: list[PlaceLink] = []
    before = ""
    for key in keys:
        sheet, sign, cell = places[key].rpartition("!")
        links.append(PlaceLink(key, cell if sign and sheet == before else places[key]))
        before = sheet
    return tuple(links)


def _should_be(text: str) -> tuple[str, str]:
    """What stands before what must be there: a number, a cell that is suspected, or all that may be wrong."""
    if not text or text.startswith(("可能", "见第")):
        return "", text
    return ("疑为：" if "应为" in text else "应为："), text


def cards_by_field(cards: Sequence[FindingCard]) -> dict[str, int]:
    """By the key of a field the first card that is about it."""
    found: dict[str, int] = {}
    for card in cards:
        for place in card.places:
            found.setdefault(place.key, card.number)
    return found


def warning_in(about: str) -> WarningKey:
    """The warning that an explanation is of."""
    code, *cells = about.split("\t")
    return code, tuple(cells)


def seen_of(problem: str) -> str:
    """What tells a problem, with its numbers, from another one."""
    return hashlib.sha256(problem.encode()).hexdigest()[:16]
