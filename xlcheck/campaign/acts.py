"""What an office does with a campaign, and what a unit says to it: each act is one row more in the ledger, or a sentence why not."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection

from xlcheck.campaign.ledger.arrivals import arrival_of, newest_arrival, set_arrival_aside
from xlcheck.campaign.ledger.campaigns import enter_terms, terms_of
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.decisions import enter_decision
from xlcheck.campaign.ledger.reminders import enter_reminder, reminders_of
from xlcheck.campaign.ledger.replies import arrival_of_reply, enter_answer, enter_reply
from xlcheck.campaign.ledger.texts import entered_note
from xlcheck.campaign.ledger.units import ListedUnits, campaign_unit, campaign_units, enter_units
from xlcheck.campaign.ledger.values import (
    ActRefused,
    CampaignArrival,
    CampaignTerms,
    CampaignUnit,
    Decision,
    OfficeAnswer,
    Reminder,
    WarningReply,
)
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.model.text import names, quote
from xlcheck.roster.identity import code_key, name_key
from xlcheck.roster.units import Unit

_NAMED = 5
"""Of more units that may be meant only the first are named."""


# --- the office ------------------------------------------------------------------------------------------------------


def accept(opened: OpenCampaign, arrival: int, by: str, at: int, note: str = "") -> Decision:
    """The office accepts what a unit handed in last (通过).

    Raises:
        ActRefused: it does not balance or cannot be read, or the unit handed in again since.
    """
    with writing(opened.engine) as connection:
        arrival_in(connection, opened, arrival)
        return enter_decision(connection, arrival, "accepted", note, at, by)


def return_to(opened: OpenCampaign, arrival: int, by: str, at: int, note: str) -> Decision:
    """The office returns what a unit handed in last (退改); `note` says what is to be mended.

    Raises:
        ActRefused: nothing is said, or the unit handed in again since.
    """
    if not entered_note(note):
        raise ActRefused("退改要写明改什么，单位才知道怎样改")
    with writing(opened.engine) as connection:
        arrival_in(connection, opened, arrival)
        return enter_decision(connection, arrival, "returned", note, at, by)


def answer_reply(opened: OpenCampaign, reply: int, by: str, at: int, *, accepted: bool, note: str = "") -> OfficeAnswer:
    """The office accepts an explanation, or asks for another one.

    Raises:
        ActRefused: there is no such explanation, the unit says something else since, or it handed in again.
    """
    with writing(opened.engine) as connection:
        arrival = None
        with suppress(LookupError):
            arrival = arrival_of_reply(connection, reply)
        if arrival is None:
            raise ActRefused("没有这条说明")
        arrival_in(connection, opened, arrival)
        return enter_answer(connection, reply, accepted=accepted, note=note, at=at, by=by)


def set_aside(opened: OpenCampaign, arrival: int, by: str, at: int, note: str = "") -> None:
    """The office says that something of which nobody knows whose it is is no submission; assigning it undoes that.

    Raises:
        ActRefused: there is no such arrival, it is a unit's, or was set aside before.
    """
    with writing(opened.engine) as connection:
        arrival_in(connection, opened, arrival)
        set_arrival_aside(connection, arrival, note, at, by)


def note_call(opened: OpenCampaign, unit: int, by: str, at: int, note: str = "") -> Reminder:
    """The office reminded a unit by telephone, in the round that it is reminded in anyhow."""
    with writing(opened.engine) as connection:
        unit_in(connection, opened, unit)
        number = max((one.round for one in reminders_of(connection, unit)), default=1)
        return enter_reminder(connection, unit, "phone", number, note, at, by)


def change_terms(
    opened: OpenCampaign,
    by: str,
    at: int,
    *,
    office: str | None = None,
    phone: str | None = None,
    reply_to: str | None = None,
    deadline: datetime.date | None = None,
    is_open_ended: bool = False,
) -> CampaignTerms:
    """The office announces something else; what is None stays as it is, but that there is no deadline any more where it is so."""
    with writing(opened.engine) as connection:
        now = terms_of(connection, opened.campaign.id)
        new = CampaignTerms(
            now.office if office is None else office,
            now.phone if phone is None else phone,
            now.reply_to if reply_to is None else reply_to,
            now.deadline if deadline is None and not is_open_ended else deadline,
            at,
            by,
        )
        return enter_terms(connection, opened.campaign.id, new)


def change_units(
    opened: OpenCampaign, units: Sequence[Unit], by: str, at: int, *, is_whole: bool = True
) -> ListedUnits:
    """The office has another list; without `is_whole` it only adds to the one before, and corrects it.

    Raises:
        ActRefused: it gives one unit's code to another, and what one of the two handed in would be the other's.
    """
    with writing(opened.engine) as connection:
        _refuse_exchanged_codes(connection, opened, units)
        return enter_units(connection, opened.campaign.id, units, at, by, is_whole=is_whole)


def left_with_rounds(opened: OpenCampaign, listed: ListedUnits) -> str:
    """Which units that left the list had handed in, and what to do where one is only called otherwise; or empty."""
    with reading(opened.engine) as connection:
        gone = [one.unit.name for one in listed.withdrawn if newest_arrival(connection, one.id)]
    if not gone:
        return ""
    more = f"等 {len(gone)} 个" if len(gone) > _NAMED else ""
    return (
        f"移出的单位里，{names(gone[:_NAMED])}{more}已经报送过，它的报送不再计入。如果只是改了名称：请把原名称连同信用代码"
        "导入一次，再把新名称连同同一个信用代码导入一次，就仍是同一个单位"
    )


def _refuse_exchanged_codes(connection: Connection, opened: OpenCampaign, units: Sequence[Unit]) -> None:
    """Refuse a list in which a code is one unit's and the name another's: which of the two was mistaken nobody knows."""
    known = campaign_units(connection, opened.campaign.id)
    by_code = {code_key(one.unit.code): one for one in known if one.unit.code}
    by_name = {name_key(one.unit.name): one for one in known}
    for unit in units:
        theirs, named = by_code.get(code_key(unit.code)), by_name.get(name_key(unit.name))
        if not (unit.code and theirs and named) or theirs.id == named.id:
            continue
        if any(newest_arrival(connection, one.id) for one in (theirs, named)):
            raise ActRefused(
                f"名单里“{quote(unit.name)}”的代码，原来是“{theirs.unit.name}”的，两个单位中已经有报送的，名单没有更新："
                "代码确有更正的，请先把这两个单位的代码空着更新一次名单，再填上代码更新一次"
            )


# --- the unit --------------------------------------------------------------------------------------------------------


def explain(
    opened: OpenCampaign, arrival: int, code: str, cells: Sequence[str], text: str, by: str, at: int
) -> WarningReply:
    """A unit says why a warning of what it handed in last is right as it is (情况说明).

    Raises:
        ActRefused: there is no such warning, nothing is said, or it handed in again since.
    """
    with writing(opened.engine) as connection:
        arrival_in(connection, opened, arrival)
        return enter_reply(connection, arrival, code, cells, text, at, by)


# --- which one -------------------------------------------------------------------------------------------------------


def arrival_in(connection: Connection, opened: OpenCampaign, arrival: int) -> CampaignArrival:
    """An arrival of the campaign: a ledger may hold others', too.

    Raises:
        ActRefused: there is none.
    """
    with suppress(LookupError):
        found = arrival_of(connection, arrival)
        if found.campaign == opened.campaign.id:
            return found
    raise ActRefused(f"没有第 {arrival} 号材料")


def unit_in(connection: Connection, opened: OpenCampaign, unit: int) -> CampaignUnit:
    """A unit of the campaign, also one that the list names no more.

    Raises:
        ActRefused: there is none.
    """
    found = campaign_unit(connection, unit, opened.campaign.id)
    if found is None:
        raise ActRefused("名单里没有这个单位")
    return found


def unit_named(opened: OpenCampaign, text: str) -> CampaignUnit:
    """The unit that a person names by its name, its code, or a part of its name that no other has.

    Raises:
        ActRefused: there is none, or several may be meant.
    """
    with reading(opened.engine) as connection:
        units = campaign_units(connection, opened.campaign.id)
    name, code = name_key(text), code_key(text)
    exact = [one for one in units if name_key(one.unit.name) == name or (code and code_key(one.unit.code) == code)]
    found = exact or [one for one in units if name and name in name_key(one.unit.name)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ActRefused(f"单位名单里没有“{quote(text)}”")
    more = "等" if len(found) > _NAMED else ""
    some = names(one.unit.name for one in found[:_NAMED])
    raise ActRefused(f"“{quote(text)}”可以指 {len(found)} 个单位：{some}{more}；请写全名或代码")


def newest_of(opened: OpenCampaign, unit: CampaignUnit) -> int:
    """The number of what a unit handed in last.

    Raises:
        ActRefused: it handed in nothing.
    """
    with reading(opened.engine) as connection:
        return _newest(connection, unit)


def _newest(connection: Connection, unit: CampaignUnit) -> int:
    newest = newest_arrival(connection, unit.id)
    if newest is None:
        raise ActRefused("还没有报送")
    return newest.id
