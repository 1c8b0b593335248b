"""What is said of totals: text for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xlcheck import __version__
from xlcheck.model.numbers import Number, exact, magnitude
from xlcheck.model.submission import held_text
from xlcheck.model.text import clean, quote
from xlcheck.results.entries import finding_json
from xlcheck.results.text import Paint, file_text, plain
from xlcheck.results.writing import SCHEMA, document_text
from xlcheck.totals.publish import Published
from xlcheck.totals.selection import Selection, kinds_left_out
from xlcheck.totals.sums import Contribution, Difference, LeftOut

if TYPE_CHECKING:
    from xlcheck.totals.document import ContributionJson, DifferenceJson, LeftOutJson, TotalJson, TotalsJson

_NAMED = 20
"""Of more than these only the first are told."""
_FIELDS = 3


# --- warnings --------------------------------------------------------------------------------------------------------


def warnings(selection: Selection, addresses: Sequence[str], where: str) -> list[str]:
    """What is told of a selection, line by line: who is not in it, what of it adds nothing, and what to do.

    Args:
        selection: what is added up.
        addresses: of the form's fields, in their order.
        where: where the whole list stands; empty if nowhere else, so that all is told.
    """
    gaps = [one for one in selection.contributions if one.gaps]
    lines = _first([_left_out_line(one) for one in selection.left_out], where)
    lines += dict.fromkeys(one.advice for one in selection.left_out if one.advice)
    lines += _first([_gaps_line(one, addresses) for one in gaps], where)
    lines += _first([_unexplained_line(one) for one in selection.contributions if one.unexplained], where)
    return lines + _first(selection.notices, where)


def _first(lines: Sequence[str], where: str) -> list[str]:
    if not where or len(lines) <= _NAMED:
        return list(lines)
    return [*lines[:_NAMED], f"还有 {len(lines) - _NAMED} 条，共 {len(lines)} 条，{where}"]


def _left_out_line(one: LeftOut) -> str:
    if not one.path:
        return f"没有汇总“{one.unit}”：{one.reason}"
    return f"没有汇总“{one.path}”{f'（{one.unit}）' if one.unit else ''}：{one.reason}"


def _gaps_line(one: Contribution, addresses: Sequence[str]) -> str:
    cells = [address for address, number in zip(addresses, one.numbers, strict=True) if number is None]
    more = f"等 {len(cells)} 格" if len(cells) > _FIELDS else ""
    return f"“{one.path}”（{one.unit}）{'、'.join(cells[:_FIELDS])}{more}空着或填写有误，没有计入合计"


def _unexplained_line(one: Contribution) -> str:
    return f"“{one.path}”（{one.unit}）待核实：{one.unexplained}没有说明，已经计入合计；请核实，有误的改正后重新汇总"


# --- text ------------------------------------------------------------------------------------------------------------


def text(published: Published, check: str = "", paint: Paint = plain) -> str:
    """What a person reads of one total, ending with a line end.

    Args:
        published: the total.
        check: the workbook that it was compared with.
        paint: colours.
    """
    total = published.total
    failed = sum(not one.passed for one in total.contributions)
    review = sum(one.conclusion == "review" for one in total.contributions)
    aside = [f"{says} {number} 个" for says, number in (("不通过", failed), ("待核实", review)) if number]
    lines = [
        f"{clean(published.unit)}　{total.year} 年　汇总 {len(total.contributions)} 个单位"
        + (f"（其中{'，'.join(aside)}）" if aside else "")
        + (f"，没有汇总 {len(total.left_out)} 项{kinds_left_out(total.left_out)}" if total.left_out else "")
    ]
    if published.checked is not None:
        lines.append(file_text(published.checked, paint).rstrip("\n"))
    lines += [f"  {_altered_line(one)}" for one in published.altered]
    if published.apart:
        lines.append(f"  各单位的数：{clean(published.apart)}")
    if published.differences is not None:
        lines += _difference_lines(published, check, paint)
    return "\n".join(lines) + "\n"


def _altered_line(one: Difference) -> str:
    return (
        f"{one.field.address} {one.field.says}：合计 {_exact(one.computed)} 超过 15 位有效数字，表格软件只能存为 "
        f"{quote(held_text(one.held))}；准确的数见工作表“汇总明细”"
    )


def _difference_lines(published: Published, check: str, paint: Paint) -> list[str]:
    found, fields = published.differences or (), len(published.total.form.fields)
    if not found and published.other_unit:
        whose = f"它是“{clean(published.other_unit)}”的，不是“{clean(published.unit)}”的"
        return [f"{paint('不是同一单位', 'red')}　与“{clean(check)}”的 {fields} 格全部相同，但{whose}"]
    if not found:
        return [f"{paint('一致', 'green')}　与“{clean(check)}”的 {fields} 格全部相同"]
    return [f"{paint('不一致', 'red')}　与“{clean(check)}”有 {len(found)} 格不同", *map(_difference_line, found)]


def _difference_line(one: Difference) -> str:
    where = clean(one.place.address) if one.place else f"{one.field.address}（没有找到）"
    computed = f"汇总 {_exact(one.computed)}" if one.computed is not None else "各单位都没有填"
    if one.published is None:
        held = quote(held_text(one.held)).strip()
        there = f"公布的是“{held}”，不是数字" if held else "公布的表里空着" if one.place else "公布的表里没有这一格"
        return f"  {where} {one.field.says}：{there}，{computed}"
    gap = one.gap
    apart = f"，公布的{'多' if gap > 0 else '少'} {exact(magnitude(gap))}" if gap is not None else ""
    return f"  {where} {one.field.says}：公布 {exact(one.published)}，{computed}{apart}"


# --- JSON ------------------------------------------------------------------------------------------------------------


def total_json(totals: Iterable[Published], selection: Selection, form: str, check: str | None = None) -> str:
    """The JSON document (docs/use/commands/total.md)."""
    told: TotalsJson = {
        "xlcheck": __version__,
        "schema": SCHEMA,
        "form": form,
        "totals": [_total(one) for one in totals],
        "left_out": list(map(_left_out, selection.left_out)),
        "notices": list(selection.notices),
    }
    if check is not None:
        told["check"] = check
    return document_text(told)


def _total(published: Published) -> TotalJson:
    total, checked = published.total, published.checked
    told: TotalJson = {
        "unit": published.unit,
        "unit_code": published.code,
        "year": total.year,
        "path": published.path,
        "numbers": published.apart,
        "status": checked.status if checked else None,
        "review": checked is not None and checked.tally.needs_review,
        "findings": list(map(finding_json, checked.findings)) if checked else [],
        "values": {key: exact(number) for key, number in total.values.items()},
        "altered": [_difference(one) for one in published.altered],
        "contributions": [_contribution(one, [f.key for f in total.form.fields]) for one in total.contributions],
        "left_out": list(map(_left_out, total.left_out)),
    }
    if published.differences is not None:
        told["differences"] = [_difference(one) for one in published.differences]
    if published.other_unit:
        told["other_unit"] = published.other_unit
    return told


def _contribution(one: Contribution, keys: Sequence[str]) -> ContributionJson:
    return {
        "unit": one.unit,
        "unit_code": one.code,
        "path": one.path,
        "status": "passed" if one.passed else "failed",
        "review": one.conclusion == "review",
        "missing": [key for key, number in zip(keys, one.numbers, strict=True) if number is None],
    }


def _left_out(one: LeftOut) -> LeftOutJson:
    return {"unit": one.unit, "unit_code": one.code, "path": one.path or None, "reason": one.reason}


def _difference(one: Difference) -> DifferenceJson:
    return {
        "field": one.field.key,
        "cell": one.place.address if one.place else None,
        "held": held_text(one.held),
        "published": _exact(one.published),
        "computed": _exact(one.computed),
        "difference": _exact(one.gap),
    }


def _exact(number: Number | None) -> str | None:
    return None if number is None else exact(number)
