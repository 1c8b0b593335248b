"""Evaluating checks: what is unlikely in a submission (P), and what does not fit last year (Y)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from xlcheck.checking.balance import decided
from xlcheck.checking.words import side
from xlcheck.model.finding import Outcome
from xlcheck.model.form import Check, Form, SideKeys, Term
from xlcheck.model.numbers import Number, exact, exact_sum, magnitude, minus
from xlcheck.model.tuples import NamedTuple

FACTORS = (10, 100, 1000, 10000)
"""By how much a slipped decimal point or 元 in place of 万元 changes an amount."""

_YUAN = 10000
"""万元 in a 亿元, and 元 in a 万元."""
_LEAP = 1000
"""An amount so many times last year's may be in 元."""
_DEAREST = 10
"""万元 for each case: whoever collects more than this on an average may have entered 元."""


class Doubt(NamedTuple):
    """What a check that failed has to say."""

    message: str
    expected: str | None = None
    actual: str | None = None
    value: Number | None = None
    """What the first field should probably be."""
    reason: str = ""


class CheckResult(NamedTuple):
    """What became of a check."""

    check: Check
    outcome: Outcome
    doubt: Doubt | None = None


def evaluate_checks(
    form: Form,
    values: Mapping[str, Number],
    last_year: Mapping[str, Number] | None,
    why_none: str = "",
    form_then: Form | None = None,
) -> list[CheckResult]:
    """What becomes of every check of `form`.

    Args:
        form: the form.
        values: the numbers of the readable fields.
        last_year: last year's numbers; without them and without a reason, comparisons with last year are left out.
        why_none: why last year's numbers were asked for and are not there.
        form_then: last year's form, where it may be another edition: what it does not ask for cannot be compared.
    """
    results: list[CheckResult] = []
    jumped: set[str] = set()
    is_whole = len(values) == len(form.fields)
    for check in form.checks:
        if check.needs_last_year and last_year is None:
            if why_none and all(result.check.code != check.code for result in results):
                results.append(CheckResult(check, Outcome(check.code, "not_evaluated", (), why_none)))
            continue
        lacking = next((key for key in _wanted(check, form) if form_then and key not in form_then.by_key), None)
        if lacking is not None:
            reason = f"上年用的是另一种格式，没有“{form.by_key[lacking].says}”"
            results.append(CheckResult(check, Outcome(check.code, "not_evaluated", (), reason)))
            continue
        result = _evaluate(check, form, values, last_year or {}, is_whole=is_whole)
        if check.kind == "swing" and set(check.keys) & jumped:
            continue  # a slipped decimal point is said once
        if check.kind == "jump" and result.doubt:
            jumped.update(check.keys)
        results.append(result)
    return results


def _wanted(check: Check, form: Form) -> Collection[str]:
    """The fields of which it asks what they were last year."""
    return form.by_key if check.kind == "repeated" else check.last_year_keys


def _evaluate(
    check: Check, form: Form, values: Mapping[str, Number], last_year: Mapping[str, Number], *, is_whole: bool
) -> CheckResult:
    """What becomes of one check; `is_whole` says that there are numbers of all fields."""
    keys = check.needed_keys or form.by_key
    wanted = _wanted(check, form)
    if not ((is_whole or all(map(values.__contains__, keys))) and all(map(last_year.__contains__, wanted))):
        missing = [key for key in keys if key not in values]
        missing_last_year = [key for key in wanted if key not in last_year]
        first = form.by_key[(missing or missing_last_year)[0]]
        reason = f"{'' if missing else '上年的'}“{first.says}”空着或填写有误"
        return CheckResult(check, Outcome(check.code, "not_evaluated", check.keys, reason))
    doubt = _LOOK[check.kind](check, values, last_year)
    return CheckResult(check, decided(check.code, check.keys, doubt is None), doubt)


def _totals(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> tuple[Number, Number]:
    """What the left side and the right side come to."""
    left, right = check.sides
    return _total(left, values, last_year), _total(right, values, last_year)


def _total(side: SideKeys, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Number:
    now = side.taken(values)
    return exact_sum((*now, *map(last_year.__getitem__, side.last_year)) if side.last_year else now)


def _sides(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> tuple[str, str, str]:
    """Where, and both sides in words."""
    where = f"{check.where}：" if check.where else ""
    left, right = (
        side(terms, {key: number for term in terms for key, number in _of(term, values, last_year)})
        for terms in (check.left, check.right)
    )
    return where, left, right


def _of(term: Term, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> list[tuple[str, Number]]:
    return [(field.key, (last_year if term.last_year else values)[field.key]) for field in term.fields]


def _at_most(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    left, right = _totals(check, values, last_year)
    if left <= right:
        return None
    where, left_says, right_says = _sides(check, values, last_year)
    return Doubt(f"{where}{left_says}，多于{right_says}；请核实", exact(right), exact(left))


def _implies(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    left, right = _totals(check, values, last_year)
    if left <= 0 or right > 0:
        return None
    where, left_says, right_says = _sides(check, values, last_year)
    return Doubt(f"{where}{left_says}，而{right_says}；请核实是否填错了列")


def _equal(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    left, right = _totals(check, values, last_year)
    if left == right:
        return None
    where, left_says, right_says = _sides(check, values, last_year)
    message = f"{where}{left_says}，{right_says}，相差 {exact(magnitude(minus(left, right)))}"
    alone = len(check.left) == 1 and len(check.left[0].fields) == 1
    value, reason = (right, "按上一年度的数推出") if alone else (None, "")
    return Doubt(message, exact(right), exact(left), value, reason)


def _nonzero(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    del check, last_year
    return None if any(values.values()) else Doubt("所有的格都填了 0；请核实是否漏填")


def _repeated(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    del check
    # Zeros everywhere are doubted by themselves.
    if not any(values.values()) or any(last_year[key] != value for key, value in values.items()):
        return None
    return Doubt(f"{len(values)} 格与上年报送的全部相同；请核实是不是报成了上年的数，或者没有按本年的登记填写")


def _yuan(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    (field,) = check.left[0].fields
    amount, before = Decimal(values[field.key]), last_year.get(field.key, 0)
    if amount < check.least or (amount * 10) % 1:
        return None
    # Who collected as much last year collects it this year; and who has many cases collects much.
    if before > 0 and amount < before * _LEAP:
        return None
    if check.right and amount <= _total(check.sides[1], values, last_year) * _DEAREST:
        return None
    message = (
        f"{field.says}：填的是 {exact(amount)}，单位是万元，即 {exact(amount / _YUAN)} 亿元；请核实是不是把元当成了万元"
    )
    return Doubt(message, None, exact(amount))


def _jump(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    (field,) = check.left[0].fields
    now, before = Decimal(values[field.key]), Decimal(last_year[field.key])
    if now <= 0 or before <= 0:
        return None
    room = 1 + check.percent / 100
    for factor in FACTORS:
        for ratio, meant, says in ((now / before, now / factor, "倍"), (before / now, now * factor, "分之一")):
            if factor / room <= ratio <= factor * room:
                times = f"{factor} 倍" if says == "倍" else f"{factor} 分之一"
                if says == "分之一" and factor == _YUAN and before > _YUAN:
                    message = (
                        f"{field.says}：本年 {exact(now)}，上年 {exact(before)}，约为上年的 {times}；"
                        "上年的数可能以元为单位，请核实本年是否以万元为单位；本年无误的不要改，写明情况"
                    )
                    return Doubt(message, None, exact(now))
                message = (
                    f"{field.says}：本年 {exact(now)}，上年 {exact(before)}，约为上年的 {times}；"
                    f"请核实单位（万元）和小数点，若有误应为 {exact(meant)}"
                )
                return Doubt(message, exact(meant), exact(now), meant, "如果小数点或单位有误")
    return None


def _swing(check: Check, values: Mapping[str, Number], last_year: Mapping[str, Number]) -> Doubt | None:
    (field,) = check.left[0].fields
    now, before = Decimal(values[field.key]), Decimal(last_year[field.key])
    if max(now, before) < check.least or now == before:
        return None
    if before == 0:
        return Doubt(f"{field.says}：本年 {exact(now)}，上年 0；请核实", None, exact(now))
    percent = (now - before) * 100 / before
    if abs(percent) < check.percent:
        return None
    says = f"{'增加' if percent > 0 else '减少'} {exact(abs(percent).quantize(Decimal(1)))}%"
    return Doubt(f"{field.says}：本年 {exact(now)}，上年 {exact(before)}，{says}；请核实", None, exact(now))


_LOOK: Mapping[str, Callable[[Check, Mapping[str, Number], Mapping[str, Number]], Doubt | None]] = {
    "at_most": _at_most,
    "implies": _implies,
    "equal": _equal,
    "nonzero": _nonzero,
    "repeated": _repeated,
    "yuan": _yuan,
    "jump": _jump,
    "swing": _swing,
}
