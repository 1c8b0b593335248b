"""Findings on single cells: what is wrong with what stands there, and what it should be."""

from __future__ import annotations

from decimal import Decimal

from xlcheck.checking.balance import Forced
from xlcheck.checking.verdict import Verdict, strip
from xlcheck.forms.rules import severity
from xlcheck.model.finding import Finding, Suggestion
from xlcheck.model.form import Field
from xlcheck.model.numbers import DIGITS, FINEST, Number, exact, magnitude, significant_digits
from xlcheck.model.submission import Held, NoValue, Submission, held_text
from xlcheck.model.text import NOTHING, quote

_ONE = frozenset(["一"])
"""Looks like a dash, and is the number one."""

_LONGEST = 200
"""Longer contents are cut in findings."""


def cell_findings(submission: Submission, field: Field, verdict: Verdict, forced: list[Forced]) -> list[Finding]:
    """A finding for every rule that the cell of `field` breaks; `forced` are the only numbers that it can be."""
    held = submission.held[field.key]
    place = submission.places[field.key]
    found: list[Finding] = []
    for code in verdict.codes:
        text, value, reason = _say(code, field, held, verdict, forced)
        suggestions = () if value is None else (Suggestion(field.key, place, exact(value), reason),)
        found.append(
            Finding(
                code=code,
                severity=severity(code),
                message=f"{field.says}：{text}",
                fields=(field.key,),
                places=(place,),
                expected=None if value is None else exact(value),
                actual=held_text(held)[:_LONGEST],
                suggestions=suggestions,
            )
        )
    return found


def _say(code: str, field: Field, held: Held, verdict: Verdict, forced: list[Forced]) -> tuple[str, Number | None, str]:
    """The message of a cell's finding, and the number it should probably be with the reason."""
    shown, value = quote(held_text(held)), verdict.value
    if isinstance(held, NoValue) and code in ("C103", "C104", "C110", "C111", "C112"):
        return _say_unseen(held, value)
    if code == "C101":
        return _say_blank(forced, held.why if isinstance(held, NoValue) else "")
    if code == "C102":
        return f"填的是负数 {shown}，应为大于或等于 0 的数；请核对后改正", None, ""
    if code == "C103":
        if isinstance(held, str) and strip(held) in NOTHING:
            return _say_nothing(shown, strip(held) in _ONE, forced)
        return f"填的是“{shown}”，不是数字；请只填数字，没有发生的填 0", None, ""
    if code == "C104" and not verdict.is_sure:
        return f"“{shown}”是文本，不是数字；请核对后直接输入正确的数字", None, ""
    if code == "C104" and value is not None:
        return f"“{shown}”是文本，不是数字；应直接输入数字 {exact(value)}", value, "文本所表示的数"
    if code == "C105":
        return f"实际存的是 {shown}，件数应为整数；请在编辑栏里核对后改正", None, ""
    if code == "C106":
        return f"公式出错，显示为 {shown}；请删除公式，直接输入数字", None, ""
    if code == "C107":
        what = "TRUE/FALSE" if isinstance(held, bool) else f"日期或时间（{shown}）"
        return f"填成了{what}，不是数字；请把格式改为“常规”后重新输入数字", None, ""
    return _say_long(code, shown, _rounded(field, value))


def _say_long(code: str, shown: str, rounded: Number | None) -> tuple[str, Number | None, str]:
    """What is said of more digits than a number can have."""
    said = "" if rounded is None else f"应为 {exact(rounded)}"
    if code == "C108":
        hint = said and f"，{said}"
        return f"{shown} 超过 15 位有效数字，表格软件不能准确保存{hint}；请核对后改正", rounded, "四舍五入到 1 分钱"
    hint = said and f"，四舍五入{said}"
    return f"{shown} 万元精确到了 1 分钱以下{hint}；请核对金额和单位", rounded, "四舍五入到 1 分钱"


def _say_unseen(held: NoValue, value: Number | None) -> tuple[str, Number | None, str]:
    """What is said of a cell that holds another thing than it shows."""
    shown, stored = quote(held.text), quote(held.stored)
    if held.kind == "noted" and value is not None:
        return f"写的是“{shown}”，按 {exact(value)} 核对；请在格里只写数字 {exact(value)}", value, "所写的数"
    if held.kind == "doubtful":
        return f"看不准（读到的是“{shown}”）：{held.why}；请人工核对", None, ""
    if held.kind == "raised":
        return (
            f"看到的是“{shown}”，有上标、下标或划去的字，不是一个数；请清空此格，取消上标、下标和删除线，重新输入数字",
            None,
            "",
        )
    if held.kind == "covered":
        return f"被合并单元格 {held.over} 盖住，看不见，里面却存着 {shown}；请取消合并，逐格核对填写", None, ""
    named = f"（={shown}）" if shown else ""
    mend = "请用 WPS 或 Excel 打开、保存后再报送，或直接输入数字"
    if value is not None:
        kept = f"文件里存的却是 {stored}" if stored else "但文件里没有计算结果"
        return f"是公式{named}，应得 {exact(value)}，{kept}；{mend}", value, "公式算出的数"
    if stored:
        return f"是公式{named}，从来没有计算过，文件里存的 {stored} 不是它的结果；{mend}", None, ""
    return f"是公式{named}，但文件里没有计算结果；{mend}", None, ""


def _say_nothing(shown: str, or_one: bool, forced: list[Forced]) -> tuple[str, Number | None, str]:
    """What is said of a text that means nothing, or one; unless the balances have another number there."""
    values = {one.value for one in forced}
    if values - {0}:
        text, value, reason = _say_forced(forced)
        return f"填的是“{shown}”，不是数字；{text}", value, reason
    if or_one and not values:
        return f"填的是“{shown}”，不是数字；是 1 的请填数字 1，没有发生的请填 0", None, ""
    return f"填的是“{shown}”，不是数字；没有发生的请填 0", 0, "表示没有的，按要求填 0"


def told_otherwise(finding: Finding, says: str, suggestions: tuple[Suggestion, ...]) -> Finding:
    """A cell's finding that says `says` in place of what to do when nothing happened: no cell is told two things."""
    what, _, _ = finding.message.partition("；")
    expected = suggestions[0].value if suggestions else None
    return finding._replace(message=f"{what}；{says}", suggestions=suggestions, expected=expected)


def _say_blank(forced: list[Forced], why: str) -> tuple[str, Number | None, str]:
    if not forced:
        return f"没有填写；{why or '没有发生的请填 0'}", None, ""
    text, value, reason = _say_forced(forced)
    return f"没有填写；{text}", value, reason


def _say_forced(forced: list[Forced]) -> tuple[str, Number | None, str]:
    """What the balances have in a cell. That it can be nothing else is true only where nothing else is wrong."""
    values = sorted({one.value for one in forced})
    if len(values) > 1:
        said = "，".join(f"按 {one.relation.code} {one.relation.where}应为 {exact(one.value)}" for one in forced)
        return f"{said}，互相矛盾，请先核对有关的各格", None, ""
    sound = [one for one in forced if one.sound]
    where = "、".join(dict.fromkeys(f"{one.relation.code} {one.relation.where}".strip() for one in sound or forced))
    if sound:
        return f"按勾稽关系（{where}），此格只能是 {exact(values[0])}", values[0], "由勾稽关系推出"
    says = f"按勾稽关系（{where}），其余各格无误时，此格应为 {exact(values[0])}"
    return says, values[0], "其余各格无误时，由勾稽关系推出"


def _rounded(field: Field, value: Number | None) -> Number | None:
    """An amount to the nearest fen; None where that is no help."""
    if field.kind != "amount" or value is None or magnitude(value) >= 10**15:
        return None
    rounded = Decimal(value).quantize(FINEST) or Decimal()
    return rounded if significant_digits(rounded) <= DIGITS else None
