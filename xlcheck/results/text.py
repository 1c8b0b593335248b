"""What a person reads of checked files on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING

from xlcheck.checking.verify import say_waiting
from xlcheck.checking.words import TOLD, further, together
from xlcheck.model.cells import Place
from xlcheck.model.finding import Finding
from xlcheck.model.text import clean
from xlcheck.results.checked import Checked
from xlcheck.results.counts import CONCLUSIONS, Conclusion, Counts

if TYPE_CHECKING:
    from xlcheck.checking.rounds import Rounds

_FOLD_FROM = 12
"""From this many findings of one rule on one sheet on, the text report tells some and counts the rest."""
_FOLD_TO = 5

Paint = Callable[[str, str], str]
"""Colours a text: (text, colour name) → text."""


_COLOURS: Mapping[str, int] = {"red": 31, "green": 32, "yellow": 33}
_SHADES: Mapping[Conclusion, str] = {"passed": "green", "review": "yellow", "failed": "red", "unreadable": "red"}


def plain(text: str, colour: str) -> str:
    """No colour."""
    del colour
    return text


def painted(text: str, colour: str) -> str:
    """Bold, in a colour of the terminal (ECMA-48, 8.3.117)."""
    return f"\x1b[{_COLOURS[colour]}m\x1b[1m{text}\x1b[0m"


def verdict_text(conclusion: Conclusion, paint: Paint = plain) -> str:
    """What a person is told of a file or a unit, in its colour."""
    return paint(CONCLUSIONS[conclusion], _SHADES[conclusion])


# --- text ------------------------------------------------------------------------------------------------------------


def file_text(checked: Checked, paint: Paint = plain) -> str:
    """What a person reads of one file, ending with a line end."""
    who = f"　{clean(checked.unit)}" if checked.unit else ""
    when = f" {checked.year} 年" if checked.year else ""
    tally = checked.tally
    verdict = verdict_text(tally.conclusion, paint)
    counts = f"　强制性 {tally.errors} 处，核实性 {tally.warnings} 处" if checked.findings else ""
    if tally.explained:
        counts += f"（已说明 {tally.explained} 处）"
    lines = [f"{verdict}　{clean(checked.path)}{who}{when}{counts}"]
    lines += [f"  {line}" for line in _finding_lines(checked, paint)]
    if checked.last_year:
        lines.append(f"  与上年比对：{clean(checked.last_year)}")
    lines += [f"  {notice}" for notice in checked.notices]
    if checked.rounds:
        lines += [f"  {line}" for line in _rounds_lines(checked.rounds, checked.findings)]
    if waiting := say_waiting(checked.not_evaluated):
        lines.append(f"  {waiting}")
    if checked.annotated:
        lines.append(f"  审核副本：{clean(checked.annotated)}")
    if checked.fixed:
        lines.append(f"  建议稿（改动 {len(checked.mends)} 格）：{clean(checked.fixed)}")
    return "\n".join(lines) + "\n"


def _finding_lines(checked: Checked, paint: Paint) -> list[str]:
    lines: list[str] = []
    begun = 0
    for diagnosis in checked.causes:
        lines += _folded(checked.findings[begun : diagnosis.findings[0]], paint)
        begun = diagnosis.findings[-1] + 1
        lines += _folded([checked.findings[number] for number in diagnosis.findings], paint)
        several = f"以上 {len(diagnosis.findings)} 条{together(diagnosis)}，" if len(diagnosis.findings) > 1 else ""
        says = [f"{several}疑为：" if diagnosis.certain else f"{several}"]
        for explanation in diagnosis.explanations[: 1 if diagnosis.certain else TOLD]:
            changes = "，".join(f"{clean(s.place.found)} 应为 {s.value}（{s.reason}）" for s in explanation)
            says.append(changes if diagnosis.certain else f"可能：{changes}")
        if not diagnosis.explanations:
            says.append("没有简单的解释" if several else "没有简单的解释，请逐格核对")
        says += filter(None, [further(diagnosis)])
        lines += ["  → " + "".join(says[:2]), *(f"    {line}" for line in says[2:])]
    return lines + _folded(checked.findings[begun:], paint)


def _folded(findings: Sequence[Finding], paint: Paint) -> list[str]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, _sheet(finding)), []).append(finding)
    lines: list[str] = []
    for (_, sheet), group in groups.items():
        told = group if len(group) < _FOLD_FROM else group[:_FOLD_TO]
        for finding in told:
            colour = "red" if finding.severity == "error" else "yellow"
            where = f"{clean(_where(finding.places))} " if finding.places else ""
            said = f"（已说明：{clean(finding.explanation)}）" if finding.explanation else ""
            lines.append(f"{paint(finding.code, colour)} {where}{finding.message}{said}")
        if len(told) < len(group):
            lines.append(f"{group[0].code} “{clean(sheet)}”还有 {len(group) - len(told)} 处同样的问题")
    return lines


def _rounds_lines(rounds: Rounds, findings: Sequence[Finding]) -> list[str]:
    head = (
        f"与上次报送（{clean(PurePath(rounds.previous).name)}）相比：已改正 {len(rounds.closed)} 处，"
        f"新出现 {len(rounds.new)} 处，仍有 {len(rounds.remaining)} 处；改动 {len(rounds.changed)} 格"
    )
    lines = [head]
    lines += [f"  已改正 {finding.code} {finding.message}" for finding in rounds.closed[:_FOLD_FROM]]
    lines += [f"  新出现 {findings[number].code} {findings[number].message}" for number in rounds.new[:_FOLD_FROM]]
    lines += [
        f"  改动 {clean(change.place.address)}：{change.old or '（空）'} → {change.new or '（空）'}"
        for change in rounds.changed[:_FOLD_FROM]
    ]
    return lines


def _sheet(finding: Finding) -> str:
    return finding.places[0].sheet if finding.places else finding.sheet or ""


def _where(places: Sequence[Place]) -> str:
    if len(places) > 4:
        return f"{places[0].found} 等 {len(places)} 格"
    later = (
        place.name if (place.sheet, place.page) == (before.sheet, before.page) else place.found
        for before, place in pairwise(places)
    )
    return "、".join((places[0].found, *later))


def counts_text(counts: Counts, paint: Paint = plain) -> str:
    """The last line for a person."""
    parts = [
        paint(f"{CONCLUSIONS[one]} {number}", _SHADES[one]) if number else f"{CONCLUSIONS[one]} 0"
        for one, number in counts.conclusions.items()
    ]
    return f"共 {counts.files} 个文件：{'，'.join(parts)}；强制性 {counts.errors} 处，核实性 {counts.warnings} 处\n"
