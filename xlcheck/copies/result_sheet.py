"""What the first sheet of a copy says: who, the verdict, the counts, and a table of all findings or mends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePath

from xlcheck import __version__
from xlcheck.checking.verify import Verification, say_waiting
from xlcheck.checking.words import possible, together
from xlcheck.copies.page import ANSWER, PASSED, PROGRESS, REVIEW, TO_DO, UNDONE, VERDICT, Page, TableRow
from xlcheck.forms.rules import SEVERITIES, Rule
from xlcheck.model import marks
from xlcheck.model.cells import Place, cell_name
from xlcheck.model.finding import Cause, Finding, Mend
from xlcheck.model.form import Form
from xlcheck.model.office import Office
from xlcheck.model.submission import Submission
from xlcheck.model.text import clean

HEADS = ("序号", "级别", "规则", "位置", "问题", "现为", "应为", "怎样改", ANSWER)
WRITE_BESIDE = "说明时左栏填："
"""Stands before what to write beside an explanation on the cover, at the end of what is said of a warning."""
_WIDTHS = (8.5, 8.5, 15.0, 25.0, 35.0, 9.0, 18.0, 32.0, 9.0)
MEND_HEADS = ("序号", "位置", "单元格", "原为", "建议改为", "依据")
_MEND_WIDTHS = (8.5, 24.0, 44.0, 16.0, 16.0, 50.0)


def findings_page(
    verification: Verification,
    rules: Mapping[str, Rule],
    shown: Mapping[Place, Place],
    lost: Sequence[str],
    office: Office,
    colours: Collection[str],
) -> Page:
    """The sheet that lists findings.

    Args:
        verification: what was found, with places in the copy.
        rules: the catalogue.
        shown: the marked cells, by the places that findings name.
        lost: what the copy does not hold of the original.
        office: where it goes back to.
        colours: of the marks.
    """
    causes = {number: cause for cause in verification.causes for number in cause.findings}
    rows = [
        _finding_line(number, finding, rules[finding.code], causes.get(number), shown)
        for number, finding in enumerate(verification.findings)
    ]
    return Page(_summary(verification, lost, office, colours), HEADS, _WIDTHS, rows)


def mends_page(submission: Submission, mends: Sequence[Mend], lost: Sequence[str]) -> Page:
    """The sheet that lists suggested mends."""
    lines = [
        *_who(submission),
        ("说明", f"本文件是建议稿，改动 {len(mends)} 格，已标蓝；请逐格核对原始登记，确认后再采用。原文件没有改动。"),
    ]
    if lost:
        lines.append(("副本未保留", "；".join(lost) + "。"))
    by_key = submission.form.by_key
    rows = [
        TableRow(
            (number, mend.place.address, by_key[mend.field].says, mend.old, mend.new, mend.reason),
            mend.place,
            marks.BLUE,
        )
        for number, mend in enumerate(mends, start=1)
    ]
    return Page(lines, MEND_HEADS, _MEND_WIDTHS, rows)


def _finding_line(
    number: int, finding: Finding, rule: Rule, cause: Cause | None, shown: Mapping[Place, Place]
) -> TableRow:
    mend = rule.mend
    if cause is not None and len(cause.findings) > 1:
        others = "、".join(str(other + 1) for other in cause.findings if other != number)
        mend = f"与第 {others} 条{together(cause)}{'，一并改正' if cause.one and cause.explanations else ''}。{mend}"
    if finding.severity == "warning":
        mend += (
            f"{WRITE_BESIDE}{finding.code} {finding.places[0].address}"
            if finding.places
            else f"{WRITE_BESIDE}{finding.code}"
        )
    if finding.explanation:
        mend = f"已说明：{finding.explanation}"
    answers = () if finding.explanation else tuple(shown[place] for place in finding.places if place in shown)
    texts = (
        number + 1,
        SEVERITIES[finding.severity],
        f"{finding.code} {rule.title}",
        _where(finding),
        finding.message,
        finding.actual or "",
        _should_be(number, finding, cause),
        mend,
        UNDONE if answers else "已说明" if finding.explanation else "—",
    )
    colour = marks.RED if finding.severity == "error" else marks.AMBER
    return TableRow(texts, finding.places[0] if finding.places else None, colour, answers)


def _where(finding: Finding) -> str:
    """``依申请公开!D5``; of several cells the first and their number."""
    if not finding.places:
        return finding.sheet or ""
    first = finding.places[0].address
    return first if len(finding.places) == 1 else f"{first} 等 {len(finding.places)} 格"


def _should_be(number: int, finding: Finding, cause: Cause | None) -> str:
    if cause is not None:
        first, told = cause.findings[0], possible(cause)
        return told if first == number or "\n" not in told else f"见第 {first + 1} 条"
    if len(finding.suggestions) == 1 and finding.places == (finding.suggestions[0].place,):
        return finding.suggestions[0].value
    said = "\n".join(f"{cell_name(s.place.cell)} 应为 {s.value}" for s in finding.suggestions)
    # Of several cells none should be what they come to together.
    return said or (finding.expected or "" if len(finding.places) <= 1 else "")


# --- what comes before the table -------------------------------------------------------------------------------------


def _who(submission: Submission) -> list[tuple[str, str]]:
    return [("单位名称", submission.unit or "（未填）"), ("报告年度", str(submission.year or "（未填）"))]


def _summary(
    verification: Verification, lost: Sequence[str], office: Office, colours: Collection[str]
) -> list[tuple[str, str]]:
    submission = verification.submission
    lines = [
        *_who(submission),
        (VERDICT, verdict_says(verification)),
        ("问题数量", counts_say(verification)),
        (PROGRESS, ""),
        (TO_DO, _todo(verification, colours)),
    ]
    if verification.last_year:
        lines.append(("上年报表", clean(PurePath(verification.last_year).name)))
    if office.says:
        lines.append(("报回要求", office.says))
    if lost:
        lines.append(("副本未保留", "；".join(lost) + "。原文件没有改动，需要时请以原文件为准。"))
    return [*lines, ("核对依据", _basis(submission.form))]


def counts_say(verification: Verification) -> str:
    """How many findings there are, and what could not be decided."""
    findings = verification.findings
    errors = sum(finding.severity == "error" for finding in findings)
    explained = sum(bool(finding.explanation) for finding in findings)
    counts = f"强制性问题（必须改正）{errors} 处，核实性问题（请核实）{len(findings) - errors} 处"
    if explained:
        counts += f"（其中已说明 {explained} 处）"
    if waiting := say_waiting(verification.outcomes):
        counts += f"；{waiting}"
    return counts


def verdict_says(verification: Verification) -> str:
    """The conclusion, and what follows from it."""
    if verification.needs_review:
        return REVIEW
    return PASSED if verification.passed else "不通过，请改正后重新报送"


def _todo(verification: Verification, colours: Collection[str]) -> str:
    if not verification.submission.held:
        return "本文件不是本次的填报表，不用在里面改：请用下发的填报模板重新填写，把填好的模板发回。"
    if verification.needs_review:
        return (
            "没有必须改正的问题，标黄的单元格请核实：有误的直接改正；无误的不要改数，在封面“情况说明”中写明原因。改好、"
            "写好后保存，把本文件发回。"
        )
    if verification.passed:
        return "没有必须改正的问题，核实性问题都已说明，不需要再报送。"
    if not colours:
        return "请按下表“怎样改”一栏改正，核对封面“填报状态”后保存，把本文件发回。"
    deep = "（深红的疑为填错，浅红的是同一勾稽关系的其他格）" if marks.DEEP_RED in colours else ""
    return (
        f"请按下表在标红的单元格{deep}里直接改正：点“位置”可跳到该格，批注里写明问题；改过的格变成浅蓝，本表“改动”一栏随之"
        "显示已改。核对封面“填报状态”后保存，把本文件发回。"
    )


def _basis(form: Form) -> str:
    source = form.source
    return f"《{form.title}》，{source.document}，{source.clause}；{source.law}。核对程序 {__version__} 版"
