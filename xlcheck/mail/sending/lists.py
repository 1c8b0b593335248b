"""What a person reads of a run: the plan, the record, and the list of units to try again."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence

from xlcheck.mail.sending.entries import LetterEntry, LetterState
from xlcheck.mail.sending.plan import KINDS, Plan, Withheld
from xlcheck.mail.sending.prepare import Prepared
from xlcheck.model.text import across, clean, harmless, shortened
from xlcheck.roster.units import Unit

FAILURES = "未发送.csv"
"""Its name in the folder of the results."""

_HEAD = ("单位名称", "统一社会信用代码", "电子邮箱", "上级单位", "联系人", "抄送", "联系电话", "是否报送", "原因")

STATES: dict[LetterState, str] = {
    "sent": "已发送",
    "partly": "部分收件人未收",
    "refused": "失败",
    "uncertain": "不确定",
    "sending": "不确定",
    "written": "已写成信件文件",
    "planned": "尚未发送",
}
"""What a clerk calls each state, in the order in which they are listed."""


def failures(withheld: Iterable[Withheld]) -> bytes:
    """The units without their letter, as a list that :func:`xlcheck.roster.units.parse_units` reads, with a column of reasons.

    The units' columns stay as the office typed them; a reason holds strangers' texts and never becomes a formula.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_HEAD)
    rows: dict[Unit, list[str]] = {}
    for one in withheld:
        if one.unit is not None:
            rows.setdefault(one.unit, []).append(one.reason)
    for unit, reasons in rows.items():
        writer.writerow((*unit, harmless("；".join(reasons))))
    # Excel and WPS take a CSV file for UTF-8 only when it begins with a mark.
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def plan_table(plan: Plan, prepared: Prepared, units: Sequence[Unit]) -> str:
    """Who gets what, and who does not and why, in the order of the list."""
    rows: dict[str, tuple[str, ...]] = {}
    for one in prepared.ready:
        to = "; ".join(address.spec for address in one.left)
        again = "重发，" if one.letter.state == "uncertain" else ""
        rows[one.draft.unit.name] = (KINDS[one.draft.kind], to, one.letter.attachment or "（无附件）", f"{again}将发送")
    drafts = {(draft.unit.name, draft.kind): draft for draft in plan.drafts}
    for letter in prepared.done:
        for (name, kind), _ in drafts.items():
            if name == letter.name and kind == letter.kind:
                rows[name] = (KINDS[kind], letter.recipients, letter.attachment or "（无附件）", "以前已发送，不再发")
    for unasked in plan.unasked:
        rows[unasked.unit.name] = ("", "", "", unasked.reason)
    strange = [("不发", "", clean(one.path), one.reason) for one in plan.withheld if one.unit is None]
    for withheld in (*plan.withheld, *prepared.withheld):
        if withheld.unit is not None:
            rows[withheld.unit.name] = ("不发", "", "", withheld.reason)
    lines = [(unit.name, *rows[unit.name]) for unit in units if unit.name in rows]
    return table(("单位", "类别", "收件人", "附件或文件", "怎样办"), [*lines, *(("（不明）", *row) for row in strange)])


def status_table(letters: Sequence[LetterEntry]) -> str:
    """All letters on record, by their states."""
    order = list(STATES)
    rows = [
        (
            STATES[letter.state],
            letter.name,
            KINDS[letter.kind],
            _time(letter.moved) if letter.moved else "",
            letter.recipients,
            letter.note,
        )
        for letter in sorted(letters, key=lambda letter: order.index(letter.state))
    ]
    counts = [
        (said, sum(STATES[letter.state] == said for letter in letters)) for said in dict.fromkeys(STATES.values())
    ]
    total = "，".join(
        f"{said} {count}" for said, count in counts if count or said in ("已发送", "失败", "不确定", "尚未发送")
    )
    return table(("状态", "单位", "类别", "时间", "收件人", "说明"), rows) + f"共 {len(letters)} 封：{total}\n"


def _time(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns under each other on a terminal, where a Chinese character is two wide."""
    named = [head_cell == "单位" for head_cell in head]
    lines = [
        [shortened(clean(cell), _WIDEST) if is_name else clean(cell) for cell, is_name in zip(row, named, strict=True)]
        for row in (head, *rows)
    ]
    widths = [max(map(across, column)) for column in zip(*lines, strict=True)]
    return "".join("  ".join(map(_padded, line, widths)).rstrip() + "\n" for line in lines)


_WIDEST = 24
"""Columns of a terminal that a unit's name takes at most: a long one must not push all others away."""


def _padded(text: str, width: int) -> str:
    return text + " " * (width - across(text))
