"""Verifying a submission: a verdict on every cell, an outcome for every relation."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from xlcheck.balance import Forced, evaluate
from xlcheck.finding import Finding, Number, Outcome, Suggestion, exact
from xlcheck.form import Field, Relation
from xlcheck.judge import FINEST, NOTHING, Verdict, judge, strip
from xlcheck.rules import severity
from xlcheck.submission import Held, Odd, Submission
from xlcheck.wording import held_text, imbalance, quote


class Verification(NamedTuple):
    """What checking a submission found."""

    submission: Submission
    findings: tuple[Finding, ...]
    """Structure first, then cells, then balances; each in the order of the form."""
    outcomes: tuple[Outcome, ...]
    """One a relation, in the order of the form."""
    values: Mapping[str, Number]
    """What the readable fields mean, by key."""

    @property
    def passed(self) -> bool:
        """Whether nothing must be mended; warnings are allowed."""
        return all(finding.severity != "error" for finding in self.findings)


def verify(submission: Submission) -> Verification:
    """Check every cell and every relation of a submission."""
    values, verdicts = _judge_all(submission)
    blank = {key for key, verdict in verdicts.items() if "C101" in verdict.codes}
    outcomes: list[Outcome] = []
    forced: dict[str, list[Forced]] = {}
    failed: list[Relation] = []
    for relation in submission.form.relations:
        outcome, only = evaluate(relation, values, blank)
        outcomes.append(outcome)
        if outcome.status == "failed":
            failed.append(relation)
        for one in only:
            forced.setdefault(one.key, []).append(one)
    findings = list(submission.structure)
    for field in submission.form.fields if verdicts else ():
        if field.key in verdicts:
            findings += _cell_findings(submission, field, verdicts[field.key], forced.get(field.key, []))
    findings += [_balance_finding(submission, relation, values) for relation in failed]
    return Verification(submission, tuple(findings), tuple(outcomes), values)


def _judge_all(submission: Submission) -> tuple[dict[str, Number], dict[str, Verdict]]:
    """The numbers of all readable fields, and the verdicts on the cells that break a rule."""
    held = submission.held
    values: dict[str, Number] = {}
    doubtful: list[str] = []
    for key, value in held.items():
        # Nearly every cell is a plain count: no verdict is made for it.
        if type(value) is float and 0 <= value < 1e15 and value == (number := int(value)):
            values[key] = number
        else:
            doubtful.append(key)
    fields = submission.form.by_key
    verdicts: dict[str, Verdict] = {}
    for key in (*doubtful, *(key for key in submission.form.amounts if key in held)):
        verdict = judge(fields[key].kind, held[key])
        if verdict.value is not None:
            values[key] = verdict.value
        if verdict.codes:
            verdicts[key] = verdict
    return values, verdicts


def _balance_finding(submission: Submission, relation: Relation, values: Mapping[str, Number]) -> Finding:
    complete = all(key in values for key in relation.keys)
    left, right = (sum(values.get(key, 0) for key in keys) for keys in (relation.left_keys, relation.right_keys))
    return Finding(
        code=relation.code,
        severity=severity(relation.code),
        message=imbalance(relation, values),
        fields=relation.keys,
        places=tuple(submission.places[key] for key in relation.keys),
        expected=exact(right) if complete else None,
        actual=exact(left) if complete else None,
    )


# --- cells -----------------------------------------------------------------------------------------------------------


def _cell_findings(submission: Submission, field: Field, verdict: Verdict, forced: list[Forced]) -> list[Finding]:
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
                actual=held_text(held),
                suggestions=suggestions,
            )
        )
    return found


def _say(
    code: str, field: Field, held: Held, verdict: Verdict, forced: list[Forced]
) -> tuple[str, Number | None, str]:
    """The message of a cell's finding, and the number it should probably be with the reason."""
    shown, value = held_text(held), verdict.value
    if code == "C101":
        return _say_blank(forced)
    if code == "C102":
        return f"填的是负数 {shown}，应为大于或等于 0 的数；请核对后改正", None, ""
    if code == "C103":
        if isinstance(held, str) and strip(held) in NOTHING:
            return f"填的是“{shown}”，不是数字；没有发生的请填 0", 0, "表示没有的，按要求填 0"
        return f"填的是“{shown}”，不是数字；请只填数字，没有发生的填 0", None, ""
    if code == "C104" and value is not None:
        return f"“{shown}”是文本，不是数字；应直接输入数字 {exact(value)}", value, "文本所表示的数"
    if code == "C105":
        return f"实际存的是 {shown}，件数应为整数；请在编辑栏里核对后改正", None, ""
    if code == "C106":
        return f"公式出错，显示为 {shown}；请删除公式，直接输入数字", None, ""
    if code == "C107":
        what = "TRUE/FALSE" if isinstance(held, bool) else f"日期或时间（{shown}）"
        return f"填成了{what}，不是数字；请把格式改为“常规”后重新输入数字", None, ""
    if code == "C108":
        rounded = _rounded(field, value)
        hint = "" if rounded is None else f"，应为 {exact(rounded)}"
        return f"{shown} 超过 15 位有效数字，表格软件不能准确保存{hint}；请核对后改正", rounded, "四舍五入到 1 分钱"
    if code == "C109":
        rounded = _rounded(field, value)
        hint = "" if rounded is None else f"，四舍五入应为 {exact(rounded)}"
        return f"{shown} 万元精确到了 1 分钱以下{hint}；请核对金额和单位", rounded, "四舍五入到 1 分钱"
    formula = f"（={quote(held.text)}）" if isinstance(held, Odd) and held.text else ""
    return f"是公式{formula}，但文件里没有计算结果；请用 WPS 或 Excel 打开、保存后再报送，或直接输入数字", None, ""


def _say_blank(forced: list[Forced]) -> tuple[str, Number | None, str]:
    values = sorted({one.value for one in forced})
    if not values:
        return "没有填写；没有发生的请填 0", None, ""
    if len(values) == 1:
        where = "、".join(dict.fromkeys(f"{one.relation.code} {one.relation.where}".strip() for one in forced))
        return f"没有填写；按勾稽关系（{where}），此格只能是 {exact(values[0])}", values[0], "由勾稽关系推出"
    said = "，".join(f"按 {one.relation.code} {one.relation.where}只能是 {exact(one.value)}" for one in forced)
    return f"没有填写；{said}，互相矛盾，请先核对有关的各格", None, ""


def _rounded(field: Field, value: Number | None) -> Number | None:
    """An amount to the nearest fen; None where that is no help."""
    if field.kind != "amount" or value is None or abs(value) >= 10**15:
        return None
    return Decimal(value).quantize(FINEST).normalize() + 0
