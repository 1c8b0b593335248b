"""What units say of warnings, and what the office says to that, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlcheck.campaign.ledger.replies import standing_answers, standing_replies
from xlcheck.campaign.ledger.values import CampaignArrival, OfficeAnswer, WarningReply
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import Record

WarningKey = tuple[str, tuple[str, ...]]
"""What a warning is known by within an arrival: its code and its cells."""

_ANSWER_WORDS = {True: "已采纳", False: "未采纳"}
_CELLS = 3
"""Of more cells only the first are told."""


class ReplyView(NamedTuple):
    """What a unit says of a warning, and what the office said to that."""

    id: int
    rule: str
    """Its code and its cells."""
    problem: str
    number: int
    """第几次."""
    unit: str
    unit_href: str
    round_href: str
    at: str
    text: str
    answer: str
    """已采纳, 未采纳, or empty."""
    note: str
    answered_at: str
    answered_by: str
    waits: bool
    """Whether the office can answer it now."""
    href: str
    """Where an answer is sent."""


def reply_view(
    base: str, unit: str, arrival: CampaignArrival, problem: str, reply: WarningReply, answer: OfficeAnswer | None, *,
    is_open: bool,
) -> ReplyView:  # fmt: skip
    """One of them.

    Args:
        base: the address of the campaign.
        unit: the name of the unit.
        arrival: the round that it is said of.
        problem: what the warning says.
        reply: what the unit says.
        answer: what the office answered, if it did.
        is_open: whether it still can.
    """
    more = " 等" if len(reply.cells) > _CELLS else ""
    return ReplyView(
        id=reply.id,
        rule=f"{reply.code}　{'、'.join(reply.cells[:_CELLS])}{more}",
        problem=problem,
        number=arrival.number,
        unit=unit,
        unit_href=f"{base}/unit/{arrival.unit}",
        round_href=f"{base}/arrival/{arrival.id}",
        at=said_time(reply.at),
        text=reply.text,
        answer=_ANSWER_WORDS[answer.accepted] if answer else "",
        note=answer.note if answer else "",
        answered_at=said_time(answer.at) if answer else "",
        answered_by=answer.by if answer else "",
        waits=is_open and answer is None,
        href=f"{base}/reply/{reply.id}",
    )


def problem_of(record: Record, code: str, cells: Sequence[str]) -> str:
    """What a warning says; empty where there is none such."""
    return next((line.message for line in record.lines if (line.code, line.cells) == (code, tuple(cells))), "")


def replies_by_warning(
    base: str, unit: str, arrival: CampaignArrival, record: Record, replies: Sequence[WarningReply],
    answers: Sequence[OfficeAnswer], *, is_open: bool,
) -> Mapping[WarningKey, list[ReplyView]]:  # fmt: skip
    """All that was said of the warnings of an arrival, oldest first; the office can only answer what counts."""
    answered = standing_answers(answers)
    standing = {one.id for one in standing_replies(replies).values()}
    found: dict[WarningKey, list[ReplyView]] = {}
    for reply in replies:
        problem = problem_of(record, reply.code, reply.cells)
        waits = is_open and reply.id in standing
        view = reply_view(base, unit, arrival, problem, reply, answered.get(reply.id), is_open=waits)
        found.setdefault((reply.code, reply.cells), []).append(view)
    return found
