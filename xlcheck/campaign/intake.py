"""Taking in what is handed in: checked, compared with last year and with the last round, and entered at once or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xlcheck import __version__
from xlcheck.campaign.acts import arrival_in, unit_in
from xlcheck.campaign.comparing import (
    ArrivalPlace,
    ReadableArrival,
    compared,
    last_readable,
    number_before,
    place_at,
)
from xlcheck.campaign.incoming import Incoming, enter_incoming
from xlcheck.campaign.ledger.arrivals import arrival_from, newest_arrival, same_beside
from xlcheck.campaign.ledger.campaigns import all_terms
from xlcheck.campaign.ledger.checks import check_of, enter_check
from xlcheck.campaign.ledger.contents import content_of, keep_content
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.moving import move_arrival
from xlcheck.campaign.ledger.replies import (
    answers_of,
    enter_answer,
    enter_reply,
    replies_of,
    standing_answers,
    standing_replies,
)
from xlcheck.campaign.ledger.standings import was_late
from xlcheck.campaign.ledger.units import campaign_unit, campaign_units, units_known_by
from xlcheck.campaign.ledger.values import (
    ActRefused,
    ArrivalCheck,
    CampaignArrival,
    CampaignUnit,
    Unowned,
)
from xlcheck.campaign.looking import FileAnswer, FileQuestion, look
from xlcheck.campaign.opening import OpenCampaign, office_of
from xlcheck.campaign.refused import keep_refused
from xlcheck.campaign.whose import Whose, foreign, whose
from xlcheck.files.names import may_be_report
from xlcheck.model.errors import LOST, OTHER_KIND, LedgerTrouble
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.results.record import Record, of_entry
from xlcheck.roster.identity import identity

if TYPE_CHECKING:
    from xlcheck.results.drawn import DrawnFile

_NAMED_UNIT = "指明单位再收一次（在窗口里打开该单位“代这个单位收一份表”，用命令的加 --unit）"
_TRIES = 10
"""How often a file is looked at anew because its unit handed in another one meanwhile."""
_BUSY = "同一单位正有别的报送在收入，请稍后再试"


class OfNoConcern(ActRefused):
    """A document of a folder that is no report, and that nobody said is one."""

    code = "no-concern"


class LookedAt(NamedTuple):
    """What looking at a file came to; nothing of it is kept."""

    unit: CampaignUnit | None
    """Whose it is; None where nobody knows for certain."""
    answer: FileAnswer
    refusal: str
    """Why it is not taken in, in a clerk's words; empty where it is."""
    said: tuple[str, ...]
    """What a person should know, in a clerk's words."""
    reason: str = ""
    """Why nobody knows whose it is, in a clerk's words; empty where somebody does."""
    last_round: int | None = None
    """The number of what its unit handed in right before it; None for nothing."""
    is_other: bool = False
    """Whether it is refused as a document that is no report and of no concern."""

    @property
    def record(self) -> Record:
        """What was found in it."""
        return self.answer.record

    @property
    def drawn(self) -> DrawnFile | None:
        """What the form with red cells is drawn from; None where it cannot be read."""
        return self.answer.drawing


class TakenIn(NamedTuple):
    """What was taken in."""

    arrival: CampaignArrival
    check: ArrivalCheck
    unit: CampaignUnit | None
    """Whose it is; None where nobody knows for certain (归属不明)."""
    is_new: bool
    """Or the same was taken in before."""
    said: tuple[str, ...]
    """What a person should know, in a clerk's words."""


def look_at(opened: OpenCampaign, incoming: Incoming, at: int, executor: Executor | None = None) -> LookedAt:
    """Check a file as :func:`take_in` does, and keep nothing.

    Args:
        opened: the campaign.
        incoming: the file.
        at: when it reaches the office: what its unit handed in later is no round before.
        executor: does the work in processes that are there already; None starts one.

    Raises:
        ActRefused: the unit that it is said to be of is none of the campaign's.
        LedgerTrouble: the ledger cannot be read.
        WorkersLost: the executor failed.
    """
    if incoming.unit_id is not None:
        with reading(opened.engine) as connection:
            unit = unit_in(connection, opened, incoming.unit_id)
        looked = _for_unit(opened, incoming, unit, place_at(at), executor)
        refusal, notices = foreign(unit, _meant(opened, looked.record), looked.record)
        return looked._replace(refusal=refusal, said=(*notices, *looked.said))
    forms, alone = Forms(opened.form), _question(opened, incoming)
    answer = look(alone, forms, executor)
    found = whose(_meant(opened, answer.record), answer.record, opened.campaign.year)
    if found.unit is None:
        return _looked(_nobodys(incoming, answer, found))
    question, last_round, said = compared(opened, alone, found.unit, place_at(at))
    if (found.is_of_other_year or found.is_by_name) and _says_no(opened, incoming, found):
        return _looked(_doubted(incoming, answer, found))
    if question != alone:
        answer = look(question, forms, executor)
    return _looked(LookedAt(found.unit, answer, "", (*found.notices, *said), last_round=last_round))


def take_in(
    opened: OpenCampaign,
    incoming: Incoming,
    by: str,
    at: int,
    executor: Executor | None = None,
    looked: LookedAt | None = None,
) -> TakenIn:
    """Check a file and enter it; what was entered before from the same origin, or was handed in by its unit right before or after, is no new one.

    Args:
        opened: the campaign.
        incoming: the file.
        by: who takes it in.
        at: when it reached the office.
        executor: does the checking in processes that are there already; None starts one.
        looked: what looking at it came to before; it is looked at anew where its unit handed in something since.

    Raises:
        ActRefused: it is not taken in; the message says why, for a clerk. What was handed in is kept all the same (:mod:`.refused`).
        LedgerTrouble: the ledger cannot be used.
        WorkersLost: the executor failed.
    """
    known = _known(opened, incoming, at)
    if known is not None:
        if known.arrival.unit is None and incoming.unit_id is not None:
            return assign_to(opened, known.arrival.id, incoming.unit_id, by, at, executor)
        _refuse_what_is_anothers(known, incoming.unit_id)
        return _looked_at_again(opened, known, incoming, at, executor)
    for _ in range(_TRIES):
        looked = looked or look_at(opened, incoming, at, executor)
        if looked.refusal:
            if incoming.is_handed_in:
                keep_refused(opened, incoming, looked.refusal, by, at)
            raise (OfNoConcern if looked.is_other else ActRefused)(looked.refusal)
        with writing(opened.engine) as connection:
            if number_before(connection, looked.unit, place_at(at)) == looked.last_round:
                return _entered(connection, opened, incoming, looked, by, at)
        looked = None
    raise LedgerTrouble(_BUSY)


def look_ahead(opened: OpenCampaign, incoming: Incoming, at: int, executor: Executor | None = None) -> LookedAt | None:
    """What looking at a file comes to that is to be taken in; None where it was before, so that nobody need look.

    Raises:
        ActRefused, LedgerTrouble, WorkersLost: as :func:`look_at`.
    """
    return None if _known(opened, incoming, at) is not None else look_at(opened, incoming, at, executor)


def _known(opened: OpenCampaign, incoming: Incoming, at: int) -> TakenIn | None:
    """What was taken in before, as far as that can be told without looking at it anew."""
    with reading(opened.engine) as connection:
        arrival = arrival_from(connection, opened.campaign.id, incoming.origin)
        if arrival is None and incoming.unit_id is not None:
            digest = hashlib.sha256(incoming.data).hexdigest()
            arrival = same_beside(connection, opened.campaign.id, incoming.unit_id, digest, at)
        return _before(connection, arrival, ()) if arrival is not None else None


def _refuse_what_is_anothers(known: TakenIn, unit: int | None) -> None:
    """Refuse what was taken in as another unit's than the one that is said now: it is assigned, or nobody would be told.

    Raises:
        ActRefused: it is another's.
    """
    if known.unit is not None and unit not in (None, known.unit.id):
        arrival = known.arrival
        raise ActRefused(
            f"同一个文件已经作为“{known.unit.unit.name}”的收下过（第 {arrival.id} 号材料，第 {arrival.number} 次报送）；"
            "归错了的，请给这份材料重新指定单位"
        )


def _looked_at_again(
    opened: OpenCampaign, known: TakenIn, incoming: Incoming, at: int, executor: Executor | None
) -> TakenIn:
    """What was taken in before; checked anew where nothing got through with it, which may have been the machine's fault."""
    arrival, unit = known.arrival, known.unit
    if unit is None or all(line.code != LOST for line in of_entry(known.check.entry).lines):
        return known
    looked = _for_unit(opened, incoming, unit, (arrival.at, arrival.id), executor)
    with reading(opened.engine) as connection:
        units = campaign_units(connection, opened.campaign.id, withdrawn=True)
    if looked.answer.is_lost or foreign(unit, units, looked.record)[0]:
        return known
    with writing(opened.engine) as connection:
        if number_before(connection, unit, (arrival.at, arrival.id)) != looked.last_round:
            raise LedgerTrouble(_BUSY)
        return known._replace(check=_checked(connection, arrival, looked, at), said=looked.said)


def _before(connection: Connection, arrival: CampaignArrival, said: tuple[str, ...]) -> TakenIn | None:
    """An arrival that was entered before, if it was checked."""
    check = check_of(connection, arrival.id)
    if check is None:
        return None
    unit = campaign_unit(connection, arrival.unit) if arrival.unit is not None else None
    return TakenIn(arrival, check, unit, is_new=False, said=said)


def _entered(
    connection: Connection, opened: OpenCampaign, incoming: Incoming, looked: LookedAt, by: str, at: int
) -> TakenIn:
    unit = looked.unit
    number, why = unit.id if unit else None, Unowned("unknown", looked.reason)
    arrival, _ = enter_incoming(connection, opened.campaign.id, incoming, number, why, by, at)
    before = _before(connection, arrival, looked.said)
    if before is not None:
        return before
    check = _checked(connection, arrival, looked, at)
    announced = all_terms(connection, opened.campaign.id)
    is_late = arrival.number == 1 and was_late(at, announced)
    late = (f"首次报送晚于截止日期 {announced[-1].deadline}",) if is_late else ()
    return TakenIn(arrival, check, unit, is_new=True, said=(*looked.said, *late))


def _checked(
    connection: Connection, arrival: CampaignArrival, looked: LookedAt, at: int, *, moved: bool = False
) -> ArrivalCheck:
    """Enter what looking at an arrival came to, and what holds of what was said of the round before."""
    answer = looked.answer
    check = enter_check(
        connection,
        arrival.id,
        at,
        __version__,
        answer.entry,
        copy=keep_content(connection, answer.copy) if answer.copy else "",
        suffix=answer.suffix,
        last_year=json.loads(answer.entry)["last_year"] or "",
        drawn=keep_content(connection, answer.drawn.encode()) if answer.drawn else "",
        moved=moved,
    )
    # What came by letter may be older than what came by another way since.
    if looked.unit is not None and newest_arrival(connection, looked.unit.id) == arrival:
        before = last_readable(connection, looked.unit, (arrival.at, arrival.id))
        if before is not None:
            _carry_over(connection, before, arrival.id, answer.record, at)
    return check


def assign_to(
    opened: OpenCampaign, arrival: int, unit_id: int, by: str, at: int, executor: Executor | None = None
) -> TakenIn:
    """Say whose something is that came in (归属不明); it is checked anew, against what that unit handed in for last year and before.

    Raises:
        ActRefused: there is no such arrival or unit, it is that unit's already, or its cover says for certain that it is another's.
        LedgerTrouble: the ledger cannot be used.
        WorkersLost: the executor failed.
    """
    with reading(opened.engine) as connection:
        known = arrival_in(connection, opened, arrival)
        unit = unit_in(connection, opened, unit_id)
        data = content_of(connection, known.digest)
    incoming, place = Incoming(known.name, data, known.way, known.sender), (known.at, known.id)
    for _ in range(_TRIES):
        looked = _for_unit(opened, incoming, unit, place, executor)
        says = whose(_meant(opened, looked.record), looked.record, opened.campaign.year)
        if says.unit is not None and says.unit.id != unit.id and not says.is_by_name:
            raise ActRefused(f"第 {arrival} 号材料的封面写的是“{says.unit.unit.name}”，不能归到“{unit.unit.name}”")
        with writing(opened.engine) as connection:
            if number_before(connection, unit, place) == looked.last_round:
                moved = move_arrival(connection, arrival, unit.id, at, by)
                check = _checked(connection, moved, looked, at, moved=True)
                return TakenIn(moved, check, unit, is_new=True, said=looked.said)
    raise LedgerTrouble(_BUSY)


# --- whose it is -----------------------------------------------------------------------------------------------------


def _meant(opened: OpenCampaign, record: Record) -> Sequence[CampaignUnit]:
    """The units that a file may name; of one that cannot be read all, since only its name is left to go by."""
    handed = record.handed
    with reading(opened.engine) as connection:
        if handed.unread:
            return campaign_units(connection, opened.campaign.id, withdrawn=True)
        return units_known_by(connection, opened.campaign.id, identity(handed.unit, handed.code), withdrawn=True)


def _looked(looked: LookedAt) -> LookedAt:
    """The same with all that a person should know."""
    told = json.loads(looked.answer.entry).get("notices", ())
    trouble = (looked.answer.trouble,) if looked.answer.trouble else ()
    return looked._replace(said=tuple(dict.fromkeys((*looked.said, *told, *trouble))))


def _nobodys(incoming: Incoming, answer: FileAnswer, found: Whose) -> LookedAt:
    return _unless_of_no_concern(incoming, LookedAt(None, answer, "", (found.reason,), found.reason))


def _unless_of_no_concern(incoming: Incoming, looked: LookedAt) -> LookedAt:
    """The same, refused where the office itself gave something that is no submission at all; what units send is always kept."""
    record = looked.record
    if not incoming.is_of_the_office or record.status != "unreadable":
        return looked
    said = record.lines[0].message
    if incoming.is_found and may_be_report(incoming.called):
        return looked._replace(refusal=said, is_other=True)
    if record.lines[0].code == OTHER_KIND:
        return looked._replace(refusal=f"{said}；确是某个单位报送的，请{_NAMED_UNIT}")
    return looked


def _says_no(opened: OpenCampaign, incoming: Incoming, found: Whose) -> bool:
    """Whether a file of another year, or one that only its name gives to a unit, is not taken for what the unit handed in."""
    if found.unit is None or (found.is_of_other_year and incoming.is_of_the_office):
        return True
    with reading(opened.engine) as connection:
        newest = newest_arrival(connection, found.unit.id)
        check = check_of(connection, newest.id) if newest else None
    if check is None or check.status == "unreadable":
        return False
    return found.is_by_name or of_entry(check.entry).year == opened.campaign.year


def _doubted(incoming: Incoming, answer: FileAnswer, found: Whose) -> LookedAt:
    name = found.unit.unit.name if found.unit else ""
    if found.is_by_name:
        said = f"打不开；按文件名疑为“{name}”的，它已另有报送，没有算作它的"
        return _unless_of_no_concern(incoming, LookedAt(None, answer, "", (said,), said))
    mended = f"只是年度填错的，请{_NAMED_UNIT}，再退改"
    refusal = f"{found.reason}；{mended}" if incoming.is_of_the_office else ""
    return LookedAt(None, answer, refusal, (found.reason,), found.reason)


def _for_unit(
    opened: OpenCampaign, incoming: Incoming, unit: CampaignUnit, place: ArrivalPlace, executor: Executor | None
) -> LookedAt:
    """What looking at a file comes to whose unit is known, whatever its cover says."""
    question, last_round, said = compared(opened, _question(opened, incoming), unit, place)
    answer = look(question, Forms(opened.form), executor)
    return _looked(LookedAt(unit, answer, "", said, last_round=last_round))


def _question(opened: OpenCampaign, incoming: Incoming) -> FileQuestion:
    return FileQuestion(incoming.called, incoming.data, opened.campaign.year, office=office_of(opened.terms))


# --- what was explained before ---------------------------------------------------------------------------------------


def _carry_over(connection: Connection, before: ReadableArrival, arrival: int, now: Record, at: int) -> None:
    """What a unit said of a warning before holds for the same warning of its next round, and so does what the office accepted of it.

    The same is a warning of the same cells in the same words, which name the numbers; what the file says of it anew is
    another explanation, and what it says again in the same words stays turned down where it was.
    """
    known = {(line.code, line.cells, line.message) for line in before.record.lines}
    then = standing_replies(replies_of(connection, before.arrival.id))
    answers = standing_answers(answers_of(connection, before.arrival.id))
    said = standing_replies(replies_of(connection, arrival))
    warnings = {(line.code, line.cells): line.message for line in now.lines if line.severity == "warning"}
    for (code, cells), message in warnings.items():
        reply, again = then.get((code, cells)), said.get((code, cells))
        if reply is None or (code, cells, message) not in known or (again and again.text != reply.text):
            continue
        answer = answers.get(reply.id)
        if again is None and (answer is None or answer.accepted):
            again = enter_reply(connection, arrival, code, cells, reply.text, at, reply.by)
        if again is not None and answer is not None:
            enter_answer(connection, again.id, accepted=answer.accepted, note=answer.note, at=at, by=answer.by)
