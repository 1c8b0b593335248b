"""Typing errors: what a clerk's slip does to a number, recognised from the wrong and the right one.

After S. Scholtus, "Automatic correction of simple typing errors in numerical data with balance edits" (Statistics
Netherlands, 2009): a wrong sign, and digits added, left out, mistyped or interchanged, which are the edits that the
Damerau-Levenshtein distance counts as one. Added here are the slips of a table: a number put in the cell beside or
below its own, two cells exchanged, and a total put in another row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from xlcheck.model.form import Field
from xlcheck.model.numbers import Number
from xlcheck.model.tuples import NamedTuple


class Slip(NamedTuple):
    """A typing error that explains a change."""

    cost: int
    """In hundredths of a change that nothing explains."""
    reason: str
    """In a clerk's words; :data:`OTHER` stands for the name of another cell."""
    other: str = ""
    """The key of the field in that cell. Only who knows the workbook can say where it is."""
    kind: SlipKind = "none"


SlipKind = Literal["none", "blank", "sign", "point", "swapped", "digit", "forgotten", "copied", "last", "exchanged",
               "beside", "derived", "totals", "line", "late"]  # fmt: skip
"""What sort of mistake: how much it proves differs (:mod:`xlcheck.locating.proof`)."""


OTHER = "{other}"
"""In place of a cell's name."""

PLAIN_COST = 100
"""The cost of a change that nothing explains."""

SWAPPED, ONE_DIGIT = 45, 56
"""The costs of two digits that changed places, and of one digit typed for another one where there is only one."""

FORGOTTEN, LARGER = 49, 9
"""The cost of a number left at 0, and what each of its digits adds: the larger it is, the less it is forgotten."""

LAST = 50
"""The cost of last year's number left where it was."""

MERGED = 50
"""What each of two neighbouring cells costs, if a number was counted in the wrong one of them."""


class Edit(NamedTuple):
    """One changed field."""

    field: Field
    old: Number | None
    """None where nothing readable stands."""
    new: Number


def slip(old: Number | None, new: Number) -> Slip:
    """The typing error within one cell that turned `new` into `old`; one without a reason if none did."""
    if old is None:
        return Slip(20, f"空白或无法识别，应为 {new}", kind="blank")
    if old == -new:
        return Slip(20, f"疑为多了负号：{old} 应为 {new}", kind="sign")
    wrong, right = str(old), str(new)
    if "." in wrong and wrong.replace(".", "").lstrip("0") == right:
        return Slip(40, f"疑为误打小数点：{old} 应为 {new}", kind="point")
    if old == 0:
        return Slip(min(FORGOTTEN + LARGER * len(right), PLAIN_COST), f"疑为漏填：0 应为 {new}", kind="forgotten")
    # Most cells of these tables are 0, so a number that should be 0 is likelier than a 0 that should be a number.
    odds = -4 * (new == 0)
    says, cost = _digits(wrong, right) if wrong.isdigit() and right.isdigit() else ("", PLAIN_COST)
    kind: SlipKind = "none" if not says else "swapped" if cost == SWAPPED else "digit"
    # The more digits there are, the less likely is a slip in just this one.
    return Slip(cost + odds + min(len(right), 7), f"疑为{says}：{wrong} 应为 {right}" if says else "", kind=kind)


def rights(wrong: int) -> list[int]:
    """Every number ≥ 0 that one slip of the digits turns into `wrong`, in order."""
    text, digits = str(wrong), "0123456789"
    found: set[str] = set()
    for place in range(len(text) + 1):
        before, after = text[:place], text[place:]
        found |= {before + digit + after for digit in digits}
        found |= {before + digit + after[1:] for digit in digits} | {before + after[1:]}
        found.add(before + after[1:2] + after[:1] + after[2:])
    return sorted({int(right) for right in found if right and right == str(int(right))} - {wrong})


def _digits(wrong: str, right: str) -> tuple[str, int]:
    """The slip in the digits and its cost."""
    if len(wrong) <= len(right) and transposed(wrong.zfill(len(right)), right):
        # 10 typed as 01 is stored as 1.
        return "数位颠倒", SWAPPED
    if len(wrong) == len(right) and sum(a != b for a, b in zip(wrong, right, strict=True)) == 1:
        # Any digit is one digit away from any other: that explains nothing.
        return "打错一位数字", 55 if len(right) > 1 else ONE_DIGIT
    if _one_longer(right, wrong):
        return "漏了一位数字", 55
    if _one_longer(wrong, right):
        return "多了一位数字", 55
    return "", PLAIN_COST


def transposed(wrong: str, right: str) -> bool:
    """Are the two alike but for two neighbouring digits that changed places?"""
    places = [place for place, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return wrong[first] == right[second] and wrong[second] == right[first]


def _one_longer(long: str, short: str) -> bool:
    """Is `long` what `short` is with one more digit somewhere?"""
    if len(long) != len(short) + 1:
        return False
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def is_beside(a: Field, b: Field) -> bool:
    """Do the two cells touch, in one row or in one column?"""
    if a.sheet != b.sheet:
        return False
    first, second = sorted((a, b), key=lambda field: field.cell)
    if first.cell[0] == second.cell[0]:
        return second.cell[1] == first.last[1] + 1
    return first.cell[1] == second.cell[1] and second.cell[0] == first.last[0] + 1


def in_line(a: Field, b: Field) -> bool:
    """Do the two cells stand in one row or in one column?"""
    return a.sheet == b.sheet and (a.cell[0] == b.cell[0] or a.cell[1] == b.cell[1])


def pair_slip(a: Edit, b: Edit, totals: Collection[str]) -> tuple[Slip, Slip] | None:
    """The one slip that explains both changes, its cost halved between them; the first reason is for `a`.

    Args:
        totals: keys of the fields that are a sum of others; one put in another row is a common slip.
    """
    if not in_line(a.field, b.field):
        return None
    if not a.old and a.new == b.old and b.old:
        return _misplaced(a, b, totals)
    if not b.old and b.new == a.old and a.old:
        slips = _misplaced(b, a, totals)
        return (slips[1], slips[0]) if slips else None
    if not a.old and b.old is not None and a.new + b.new == b.old:
        return _merged(a, b)
    if not b.old and a.old is not None and a.new + b.new == a.old:
        slips = _merged(b, a)
        return slips[1], slips[0]
    if a.old == b.new and b.old == a.new:
        cost = 27 if is_beside(a.field, b.field) else 35
        return (
            Slip(cost, f"疑与 {OTHER} 格互相填错：{a.old} 应为 {a.new}", b.field.key, "exchanged"),
            Slip(cost, f"疑与 {OTHER} 格互相填错：{b.old} 应为 {b.new}", a.field.key, "exchanged"),
        )
    return None


def _misplaced(own: Edit, other: Edit, totals: Collection[str]) -> tuple[Slip, Slip] | None:
    """The number of `own`'s cell, which is empty or 0, stands in `other`'s cell."""
    line = "行" if own.field.cell[1] == other.field.cell[1] else "列"
    near = is_beside(own.field, other.field)
    if not near and own.field.key not in totals and other.new != 0:
        return None
    cost = (25 if near else 30 if own.field.key in totals else 36) + (0 if other.new == 0 else 10)
    stands = "空白" if own.old is None else str(own.old)
    what = "总计" if own.field.key in totals else "数字"
    return (
        Slip(
            cost,
            f"疑为填错{line}：{what} {own.new} 误填在 {OTHER} 格，本格 {stands} 应为 {own.new}",
            other.field.key,
            "beside",
        ),
        Slip(cost, f"疑为填错{line}：{other.old} 是 {OTHER} 格的{what}，本格应为 {other.new}", own.field.key, "beside"),
    )


def _merged(own: Edit, other: Edit) -> tuple[Slip, Slip]:
    """The number of `own`'s cell, which is empty or 0, was added to what belongs in `other`'s cell."""
    line = "行" if own.field.cell[1] == other.field.cell[1] else "列"
    cost = MERGED if is_beside(own.field, other.field) else MERGED + 7
    return (
        Slip(cost, f"疑为填错{line}：{own.new} 误计入 {OTHER} 格，本格应为 {own.new}", other.field.key, "beside"),
        Slip(cost, f"疑为填错{line}：{OTHER} 格的 {own.new} 误计入本格，本格应为 {other.new}", own.field.key, "beside"),
    )


def left_over(edit: Edit, last_year: Number | None) -> Slip | None:
    """Last year's number, not typed over. One digit proves nothing: small numbers are alike by chance."""
    if edit.old is None or edit.old < 10 or edit.old != last_year:
        return None
    return Slip(LAST, f"疑为上年的数没有改：{edit.old} 应为 {edit.new}", kind="last")


def copied(edit: Edit, others: Collection[tuple[Field, Number]]) -> Slip | None:
    """The number of another cell in line with this one, typed here as well; `others` are numbers that stay.

    One digit proves nothing: small numbers are alike by chance.
    """
    if edit.old is None or edit.old < 10:
        return None
    for field, value in others:
        if value == edit.old and field.key != edit.field.key and in_line(field, edit.field):
            return Slip(70, f"疑为误填了 {OTHER} 格的数：{edit.old} 应为 {edit.new}", field.key, "copied")
    return None
