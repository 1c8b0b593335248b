"""The page of one unit, which its link leads to: take the form, check it, explain, hand it in, see what the office says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from xlcheck.campaign.acts import explain
from xlcheck.campaign.incoming import Incoming
from xlcheck.campaign.intake import LookedAt, TakenIn, look_at, take_in
from xlcheck.campaign.ledger.arrivals import arrivals_of
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.contents import size_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.decisions import decision_of
from xlcheck.campaign.ledger.facts import round_states, unit_standing
from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitStanding, UnitState, closes
from xlcheck.campaign.ledger.texts import entered_note
from xlcheck.campaign.ledger.values import ActRefused, CampaignArrival, CampaignTerms, CampaignUnit, Decision
from xlcheck.campaign.refused import keep_refused
from xlcheck.campaign.templates import unit_template
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import CONCLUSIONS, Conclusion
from xlcheck.results.drawn import MARK_WORDS, DrawnFile, DrawnForm, drawn_form
from xlcheck.results.record import of_entry
from xlcheck.tasks.given import form_of
from xlcheck.web.campaigns import opened_for_unit
from xlcheck.web.pages.cards import FindingCard, cards_by_field, cards_of, seen_of, warning_in
from xlcheck.web.pages.rounds import copy_of, original_of, round_view
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import XLSX, day_text, download_of, see, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from xlcheck.campaign.opening import OpenCampaign

_DAY = 24 * 60 * 60
_MOST_EXPLANATIONS = 200
_OTHER_NUMBERS = "报送的文件与核对的那个不是同一个，数字不一样；请打开这次报送，看过后再写"
_OVER = "已经过了截止日期，上一次报送也已通过"


class HandedRow(NamedTuple):
    """One time that the unit handed in."""

    number: int
    at: str
    href: str
    state: str
    says: str
    copy: bool
    receipt: str


class OfficeSays(NamedTuple):
    """What the office decided of what was handed in last."""

    at: str
    says: str
    note: str


class LookView(NamedTuple):
    """What checking a file came to that is not handed in yet."""

    name: str
    state: str
    says: str
    todo: str
    notices: tuple[str, ...]
    may_hand_in: bool
    button: str
    form: DrawnForm | None
    file: DrawnFile | None
    said: tuple[FindingCard, ...]
    lines: Mapping[str, int]


# --- the page --------------------------------------------------------------------------------------------------------


def _page(asked: Asked) -> Response:
    with opened_for_unit(asked) as (one, unit):
        return show(asked, "public_unit.html", unit=_unit(asked, one, unit))


def _unit(asked: Asked, one: OpenCampaign, unit: CampaignUnit) -> dict[str, Any]:
    base = _base(asked)
    with reading(one.engine) as connection:
        standing = unit_standing(connection, one.campaign.id, unit.id, asked.at)
        arrivals = arrivals_of(connection, unit.id)
        checks = checks_of(connection, [arrival.id for arrival in arrivals])
        states = round_states(connection, list(checks))
        decided = decision_of(connection, arrivals[-1].id) if arrivals else None
    rows = []
    for arrival in reversed(arrivals):
        check, state = checks.get(arrival.id), states.get(arrival.id, "review")
        rows.append(
            HandedRow(
                arrival.number,
                said_time(arrival.at),
                f"{base}/arrival/{arrival.id}",
                state,
                STATE_WORDS[state],
                bool(check and check.copy),
                arrival.receipt,
            )
        )
    terms, state = one.terms, standing.state if standing else "missing"
    return {
        "name": unit.unit.name,
        "year": one.campaign.year,
        "state": state,
        "says": STATE_WORDS[state],
        "deadline_says": _deadline(terms, asked.at),
        "answer": _decided(decided),
        "office": terms.office or "收表的办公室",
        "phone": terms.phone,
        "reply_to": terms.reply_to,
        "todo": _todo(standing),
        "todo_bad": state in ("overdue", "unreadable", "returned"),
        "open": _is_open(terms, state, asked.at),
        "href": base,
        "rounds": rows,
    }


def _base(asked: Asked) -> str:
    return f"/u/{asked.path['link']}"


def _is_open(terms: CampaignTerms, state: UnitState, now: int) -> bool:
    """Whether the unit can hand in: until the deadline, and behind it as long as what is there cannot stay."""
    end = closes(terms.deadline)
    return end is None or now < end or state != "passed"


def _deadline(terms: CampaignTerms, now: int) -> str:
    end = closes(terms.deadline)
    if end is None:
        return ""
    if now >= end:
        return f"截止日期 {day_text(terms.deadline)}，已经过了"
    days = (end - now) // _DAY
    return f"截止日期 {day_text(terms.deadline)}，{f'还有 {days} 天' if days else '就是今天'}"


def _decided(decision: Decision | None) -> OfficeSays | None:
    if decision is None:
        return None
    says = "审核通过" if decision.kind == "accepted" else "退回修改"
    return OfficeSays(said_time(decision.at), says, decision.note)


def _todo(standing: UnitStanding | None) -> str:
    """What the unit has to do now."""
    if standing is None or standing.state == "missing":
        return "请下载填报表，填好后在本页核对、报送。"
    told = f"第 {standing.number} 次报送"
    if standing.state == "overdue":
        return "截止日期已过，还没有报送，请尽快填好，在本页核对、报送。"
    if standing.state == "unreadable":
        return f"{told}的文件打不开，请用 Excel 或 WPS 打开后另存为 .xlsx，重新报送。"
    if standing.state == "returned":
        if standing.errors:
            return f"{told}有 {standing.errors} 个必须改正的问题，请照审核副本改好后重新报送。"
        return f"{told}被退回修改，请照上面的意见改好后重新报送。"
    if standing.state == "review":
        return (
            f"{told}有 {standing.unexplained} 处要核实：数字有误的，请改正后重新报送；"
            f"无误的，请打开“第 {standing.number} 次”，在提示旁边写明原因。"
        )
    waiting = "；写的说明正等待答复" if standing.unanswered else "，不用再做什么"
    return f"{told}已通过核对{waiting}。"


def _template(asked: Asked) -> Response:
    with opened_for_unit(asked) as (one, unit):
        made = unit_template(one, unit)
        return download_of(made.data, made.name, XLSX)


# --- checking, and handing in ----------------------------------------------------------------------------------------


def _incoming(asked: Asked, unit: CampaignUnit) -> Incoming:
    if not asked.files:
        raise NotDone(409, "没有选择文件，请返回上一页选择填好的表")
    return Incoming(asked.files[0].name, asked.files[0].data, "upload", unit_id=unit.id)


def _look(asked: Asked) -> Response:
    with opened_for_unit(asked) as (one, unit):
        incoming = _incoming(asked, unit)
        looked = look_at(one, incoming, asked.at, asked.live.checks.crew)
        view = _look_view(one, incoming.called, looked)
        return show(asked, "public_looked.html", unit=_unit(asked, one, unit), looked=view, marks=MARK_WORDS)


_STATES: Mapping[Conclusion, UnitState] = {
    "passed": "passed", "review": "review", "failed": "returned", "unreadable": "unreadable", "missing": "missing",
}  # fmt: skip
"""The state that a unit would have by handing in a file of which this was concluded."""


def _look_view(one: OpenCampaign, name: str, looked: LookedAt) -> LookView:
    record, drawing = looked.record, looked.drawn
    conclusion = record.tally.conclusion
    cards = cards_of(record, drawing)
    may = not looked.refusal and conclusion != "unreadable"
    return LookView(
        name,
        _STATES[conclusion],
        CONCLUSIONS[conclusion],
        looked.refusal or _what_next(conclusion, record.tally.errors),
        looked.said,
        may,
        "仍然报送（会被退回修改）" if conclusion == "failed" else "报送这份表",
        drawn_form(form_of(one.form)) if drawing else None,
        drawing if drawing and drawing["values"] else None,
        cards,
        cards_by_field(cards),
    )


def _what_next(conclusion: Conclusion, errors: int) -> str:
    if conclusion == "unreadable":
        return "这个文件读不出来，请照下面的说明处理后再核对。"
    if conclusion == "failed":
        return f"有 {errors} 个必须改正的问题：请在表里改正标红的格，保存后再核对一次。"
    if conclusion == "review":
        return "没有必须改正的问题，标黄的格请核实：有误的，在表里改正后再核对；无误的，在提示旁边写明原因，再报送。"
    return "没有发现问题，可以报送。"


def _hand_in(asked: Asked) -> Response:
    by = asked.visitor.name
    with opened_for_unit(asked) as (one, unit):
        with reading(one.engine) as connection:
            standing = unit_standing(connection, one.campaign.id, unit.id, asked.at)
        incoming = _incoming(asked, unit)
        if not _is_open(one.terms, standing.state if standing else "missing", asked.at):
            keep_refused(one, incoming, _OVER, by, asked.at)
            raise NotDone(409, f"{_OVER}，不能再报；要改的，请与办公室联系")
        taken = take_in(one, incoming, by, asked.at, asked.live.checks.crew)
        trouble = _explained(asked, one, taken)
    said = "" if taken.is_new else "与最近一次报送的内容完全相同，没有重复登记；下面是那一次的回执"
    return see(asked, f"{_base(asked)}/arrival/{taken.arrival.id}/receipt", "\n".join(filter(None, (said, *trouble))))


def _explained(asked: Asked, one: OpenCampaign, taken: TakenIn) -> list[str]:
    """Enter what was written beside warnings of the file that was looked at, where the one that is handed in has the same.

    What the file says itself is entered with it.
    """
    trouble: list[str] = []
    lines = {(line.code, line.cells): line for line in of_entry(taken.check.entry).lines}
    for number in range(1, _MOST_EXPLANATIONS + 1):
        about, text = asked.field(f"about-{number}"), asked.field(f"reply-{number}")
        if not about or not text:
            continue
        code, cells = warning_in(about)
        line = lines.get((code, cells))
        if line is not None and entered_note(text) == entered_note(line.explanation):
            continue
        try:
            if line is not None and asked.field(f"seen-{number}") != seen_of(line.message):
                raise ActRefused(_OTHER_NUMBERS)
            explain(one, taken.arrival.id, code, cells, text, asked.visitor.name, asked.at)
        except ActRefused as refused:
            trouble.append(f"{code} 的说明没有交上去：{refused.message}")
    return trouble


# --- what was handed in ----------------------------------------------------------------------------------------------


def _own(asked: Asked, one: OpenCampaign, unit: CampaignUnit) -> CampaignArrival:
    """The unit's own arrival that the address names."""
    wanted = int(str(asked.path["arrival"]))
    with reading(one.engine) as connection:
        found = next((arrival for arrival in arrivals_of(connection, unit.id) if arrival.id == wanted), None)
    if found is None:
        raise NotDone(404, "没有这次报送")
    return found


def _todo_of(asked: Asked, one: OpenCampaign, unit: CampaignUnit, arrival: CampaignArrival) -> str:
    """What the unit has to do now about something that it handed in."""
    with reading(one.engine) as connection:
        standing = unit_standing(connection, one.campaign.id, unit.id, asked.at)
    return _todo(standing) if standing and standing.arrival == arrival.id else "之后又报送过，以最后一次为准。"


def _receipt(asked: Asked) -> Response:
    base = _base(asked)
    with opened_for_unit(asked) as (one, unit):
        arrival = _own(asked, one, unit)
        view = round_view(one, arrival, base)
        with reading(one.engine) as connection:
            size = size_of(connection, arrival.digest)
        receipt = {
            "unit": unit.unit.name,
            "year": one.campaign.year,
            "number": arrival.number,
            "at": said_time(arrival.at),
            "name": arrival.name,
            "size": f"{size:,}",
            "receipt": arrival.receipt,
            "digest": arrival.digest,
            "state": view.state,
            "says": view.says,
            "todo": _todo_of(asked, one, unit, arrival),
            "href": view.href,
            "copy": view.copy,
            "unit_href": base,
        }
        return show(asked, "public_receipt.html", receipt=receipt)


def _round(asked: Asked) -> Response:
    base = _base(asked)
    with opened_for_unit(asked) as (one, unit):
        arrival = _own(asked, one, unit)
        view = round_view(one, arrival, base)._replace(unit_href=base)
        todo = _todo_of(asked, one, unit, arrival)
        return show(asked, "public_round.html", round=view, todo=todo, marks=MARK_WORDS, back="")


def _explain(asked: Asked) -> Response:
    with opened_for_unit(asked) as (one, unit):
        arrival = _own(asked, one, unit)
        code, cells = warning_in(asked.field("about"))
        explain(one, arrival.id, code, cells, asked.field("text"), asked.visitor.name, asked.at)
    line = asked.field("line")
    where = f"{_base(asked)}/arrival/{arrival.id}"
    return see(asked, f"{where}#s-{line}" if line.isdecimal() else where, "说明已交给办公室")


def _original(asked: Asked) -> Response:
    with opened_for_unit(asked) as (one, unit):
        return original_of(one, _own(asked, one, unit))


def _copy(asked: Asked) -> Response:
    with opened_for_unit(asked) as (one, unit):
        return copy_of(one, _own(asked, one, unit))


_HERE = "/u/{link}"
_ROUND = f"{_HERE}/arrival/{{arrival:int}}"

PUBLIC_ROUTES = (
    get(_HERE, _page, "unit"),
    get(f"{_HERE}/template", _template, "unit"),
    post(f"{_HERE}/look", _look, "unit", files=1, checks=True, act="核对"),
    post(f"{_HERE}/hand-in", _hand_in, "unit", files=1, checks=True, act="报送"),
    get(_ROUND, _round, "unit"),
    get(f"{_ROUND}/receipt", _receipt, "unit"),
    get(f"{_ROUND}/original", _original, "unit"),
    get(f"{_ROUND}/copy", _copy, "unit"),
    post(f"{_ROUND}/explain", _explain, "unit", act="交说明"),
)
