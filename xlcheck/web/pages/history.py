"""One unit's year: its rounds side by side, what changed between them, all that went to and fro, and what the office can do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from xlcheck.campaign.acts import accept, note_call, return_to
from xlcheck.campaign.history import CampaignRound, ChangedCell, History, history_of
from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import take_in
from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitState
from xlcheck.campaign.ledger.values import DECISION_WORDS, WAY_WORDS
from xlcheck.campaign.statement import letter_says
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.campaigns import link_state, make_link, opened, revoke_links
from xlcheck.web.pages.frame import BOARD_TAB, address_of_campaign, frame, number_in, unit_asked
from xlcheck.web.pages.said import ReplyView, reply_view
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from xlcheck.campaign.opening import OpenCampaign
    from xlcheck.results.document import FileJson

_LINES = (
    ("报送时间", "at"), ("怎样收到", "way"), ("结论", "says"), ("强制性问题", "errors"), ("核实性问题", "warnings"),
    ("与上一次相比", "since"), ("改动", "changed"), ("回执", "receipt"),
)  # fmt: skip
"""What the table of rounds tells, and by which name."""


class RoundColumn(NamedTuple):
    """A round, as a column of the table."""

    number: int
    href: str
    state: str
    says: str
    at: str
    way: str
    errors: int
    warnings: int
    since: str
    """How many findings are gone, new, and still there."""
    changed: str
    receipt: str
    has_copy: bool

    def told(self, name: str) -> Any:
        """What stands in one of its lines."""
        return getattr(self, name)


class ChangeLine(NamedTuple):
    """A cell that was changed, and whether that is what we suggested."""

    cell: str
    label: str
    old: str
    new: str
    advice: str
    differs: bool


class Step(NamedTuple):
    """From one round to the next."""

    before: int
    after: int
    changes: tuple[ChangeLine, ...]
    notices: tuple[str, ...]
    """What we say of the changes as such."""


class WayStation(NamedTuple):
    """Something that happened."""

    at: str
    what: str
    by: str
    text: str
    letter: str
    """What the letter says that it is about; else empty."""


class LetterLink(NamedTuple):
    """Where a letter to the unit can be looked at."""

    href: str
    says: str


def _history(asked: Asked, new_link: str = "") -> Response:
    base = address_of_campaign(asked)
    with opened(asked) as one:
        found = history_of(one, unit_asked(asked, one).id, asked.at)
        unit = _view(asked, one, found, base)
        around = frame(asked, one, BOARD_TAB)
        back = f"{unit['href']}#explanations"
        return show(asked, "history.html", campaign=around, unit=unit, new_link=new_link, back=back)


def _view(asked: Asked, one: OpenCampaign, found: History, base: str) -> dict[str, Any]:
    listed, standing = found.unit.unit, found.standing
    href = f"{base}/unit/{found.unit.id}"
    newest = found.rounds[0] if found.rounds else None
    known = (
        listed.code,
        listed.parent,
        f"联系人 {listed.contact}" if listed.contact else "",
        listed.phone,
        listed.email,
    )
    state = standing.state if standing else "missing"
    why_not = _why_no_pass(newest, state) if newest else ""
    columns = [_column(round_, base) for round_ in reversed(found.rounds)]
    return {
        "name": listed.name,
        "href": href,
        "state": state,
        "says": STATE_WORDS[state] if standing else "不必报送",
        "late": bool(standing and standing.number and standing.is_late),
        "about": [text for text in known if text],
        "withdrawn": found.unit.withdrawn,
        "lines": [line for line in _LINES if any(column.told(line[1]) != "" for column in columns)],
        "rounds": columns,
        "steps": [_step(after, before) for after, before in pairwise(found.rounds)],
        "replies": list(_replies(found, base)),
        "newest": newest.arrival.id if newest else 0,
        "number": newest.arrival.number if newest else 0,
        "may_accept": bool(newest) and not why_not,
        "why_not": why_not,
        "letters": _letters(found, base),
        "way": _way(found),
        **link_state(asked, one, found.unit.id),
    }


def _why_no_pass(newest: CampaignRound, state: UnitState) -> str:
    if state == "passed":
        return f"第 {newest.arrival.number} 次已经通过，不用再认可"
    if newest.check.status == "unreadable":
        return "文件打不开，不能通过"
    return f"还有 {newest.check.errors} 个强制性问题，不能通过" if newest.check.status == "failed" else ""


def _column(round_: CampaignRound, base: str) -> RoundColumn:
    arrival, check = round_.arrival, round_.check
    is_later = bool(round_.closed or round_.new or round_.remaining or round_.changed)
    return RoundColumn(
        arrival.number,
        f"{base}/arrival/{arrival.id}",
        round_.state,
        STATE_WORDS[round_.state],
        said_time(arrival.at),
        WAY_WORDS[arrival.way],
        check.errors,
        check.warnings,
        f"改正 {len(round_.closed)}，新增 {len(round_.new)}，未改 {len(round_.remaining)}" if is_later else "",
        f"{len(round_.changed)} 格" if is_later else "",
        arrival.receipt,
        bool(check.copy),
    )


def _step(after: CampaignRound, before: CampaignRound) -> Step:
    buried = [line.message for line in after.file.lines if line.code == _BURIED]
    notices = (*buried, *_not_done(after, before))
    return Step(before.arrival.number, after.arrival.number, tuple(map(_change, after.changed)), notices)


def _not_done(after: CampaignRound, before: CampaignRound) -> Iterator[str]:
    """What we were sure of, where the unit changed nothing."""
    file: FileJson = json.loads(before.check.entry)
    changed = {one.cell for one in after.changed}
    for cause in file["causes"]:
        for change in cause["explanations"][0] if cause["certain"] else ():
            if change["cell"] not in changed:
                yield f"曾指出 {change['cell']} 应为 {change['value']}，这一格没有改"


_BURIED = "P201"
"""The rule that tells of totals that alone were changed."""


def _change(one: ChangedCell) -> ChangeLine:
    if not one.advised:
        advice = ""
    elif one.is_as_advised:
        advice = "与建议一致"
    else:
        advice = f"建议{'' if one.is_certain else '核对是否'}改为 {one.advised}，没有照改"
    return ChangeLine(one.cell, one.says, one.old, one.new, advice, bool(one.advised) and not one.is_as_advised)


def _replies(found: History, base: str) -> Iterator[ReplyView]:
    """What the unit said, newest round first; the office answers what is said of the newest one."""
    for place, round_ in enumerate(found.rounds):
        is_open = place == 0 and round_.decision != "accepted"
        for warning in round_.warnings:
            reply, answer = warning.reply, warning.answer
            if reply is None:
                continue
            name = found.unit.unit.name
            yield reply_view(base, name, round_.arrival, warning.message, reply, answer, is_open=is_open)


def _letters(found: History, base: str) -> list[LetterLink]:
    """Where the letters that can go to the unit now are looked at."""
    only = f"unit={found.unit.id}"
    if not found.rounds:
        return [
            LetterLink(f"{base}/letters?kind=templates&{only}", "看下发填报表的信函"),
            LetterLink(f"{base}/letters?kind=reminders&{only}", "看催报的信函"),
        ]
    return [LetterLink(f"{base}/letters?kind=results&{only}", "看发回审核结果的信函")]


def _way(found: History) -> list[WayStation]:
    """All that happened, newest first."""
    told: list[tuple[int, WayStation]] = []

    def tell(at: int, what: str, by: str, text: str, letter: str = "") -> None:
        told.append((at, WayStation(said_time(at), what, by, text, letter)))

    for round_ in found.rounds:
        arrival = round_.arrival
        name = f"{WAY_WORDS[arrival.way]}，{arrival.sender or arrival.by}"
        tell(arrival.at, f"收到第 {arrival.number} 次报送", name, arrival.name)
        for one in round_.decisions:
            tell(one.at, f"第 {arrival.number} 次{DECISION_WORDS[one.kind]}", one.by, one.note)
        for warning in round_.warnings:
            if warning.reply:
                tell(warning.reply.at, f"对 {warning.code} 的说明", warning.reply.by, warning.reply.text)
            if warning.answer:
                what = "采纳说明" if warning.answer.accepted else "没有采纳说明"
                tell(warning.answer.at, f"{what}（{warning.code}）", warning.answer.by, warning.answer.note)
    for reminder in found.reminders:
        if reminder.way == "phone":  # the others are letters
            tell(reminder.at, "电话催报", reminder.by, reminder.note)
    for turn in found.letters:
        parts = (
            turn.subject,
            f"收件人 {turn.recipients}" if turn.recipients else "",
            f"附件 {turn.attachment}" if turn.attachment else "",
        )
        number = f"第 {turn.round} 轮" if turn.round > 1 else ""
        tell(turn.at, f"{number}信函，{letter_says(turn)}", turn.by, "\n".join(filter(None, parts)), turn.text)
    return [station for _, station in sorted(told, key=lambda one: one[0], reverse=True)]


# --- what the office does --------------------------------------------------------------------------------------------


def _decide(asked: Asked) -> Response:
    with opened(asked) as one:
        unit = unit_asked(asked, one)
        note, by = asked.field("note"), asked.visitor.name
        arrival = number_in(asked.field("arrival"))
        if asked.field("kind") == "accepted":
            accept(one, arrival, by, asked.at, note)
            said = f"已认可，{unit.unit.name}通过"
        else:
            return_to(one, arrival, by, asked.at, note)
            said = f"已退回{unit.unit.name}修改；可以在“信函”里告诉单位"
    return see(asked, _address(asked), said)


def _call(asked: Asked) -> Response:
    with opened(asked) as one:
        unit = unit_asked(asked, one)
        note_call(one, unit.id, asked.visitor.name, asked.at, asked.field("note"))
    return see(asked, _address(asked), "已记下电话催报")


def _hand(asked: Asked) -> Response:
    if not asked.files:
        raise NotDone(409, "没有选择文件")
    file = asked.files[0]
    with opened(asked) as one:
        unit = unit_asked(asked, one)
        incoming = Incoming(file.name, file.data, "hand", unit_id=unit.id)
        taken = take_in(one, incoming, asked.visitor.name, asked.at, asked.live.checks.crew)
    said = (
        f"已收下，是第 {taken.arrival.number} 次报送" if taken.is_new else "与最近一次报送的内容完全相同，没有重复登记"
    )
    return see(asked, _address(asked), "\n".join([said, *taken.said]))


def _link(asked: Asked) -> Response:
    new = ""
    with opened(asked) as one:
        unit = unit_asked(asked, one)
        if asked.field("act") == "make":
            new = make_link(asked, one, unit.id)
        else:
            revoke_links(asked, one, unit.id)
    return _history(asked, new) if new else see(asked, f"{_address(asked)}#link", "链接已作废")


def _address(asked: Asked) -> str:
    return f"{address_of_campaign(asked)}/unit/{asked.path['unit']}"


_HERE = "/c/{campaign}/unit/{unit:int}"

HISTORY_ROUTES = (
    get(_HERE, _history, "viewer"),
    post(f"{_HERE}/decide", _decide, "clerk", act="审核决定"),
    post(f"{_HERE}/call", _call, "clerk", act="电话催报"),
    post(f"{_HERE}/hand", _hand, "clerk", files=1, checks=True, act="代收报送表"),
    post(f"{_HERE}/link", _link, "clerk", act="报送链接"),
)
