"""Reports of checked files: text for people, JSON and CSV for programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from xlcheck import __version__
from xlcheck.check import Checked
from xlcheck.finding import Finding, Place, Suggestion
from xlcheck.form import cell_name
from xlcheck.rounds import Rounds
from xlcheck.verify import waiting
from xlcheck.wording import clean

SCHEMA = 1
"""The version of the JSON document."""

_FOLD_FROM = 12
"""From this many findings of one rule on one sheet on, the text report tells some and counts the rest."""
_FOLD_TO = 5

Paint = Callable[[str, str], str]
"""Colours a text: (text, colour name) → text."""

_PLAIN_NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?")

_STATUS = {"passed": ("通过", "green"), "failed": ("不通过", "red"), "unreadable": ("无法读取", "red")}

CSV_HEAD = (
    "path", "unit", "year", "status", "code", "severity", "cells", "message", "expected", "actual", "suggestions",
)  # fmt: skip


def plain(text: str, colour: str) -> str:
    """No colour."""
    del colour
    return text


# --- text ------------------------------------------------------------------------------------------------------------


def text_of(checked: Checked, paint: Paint = plain) -> str:
    """What a person reads of one file, ending with a line end."""
    status, colour = _STATUS[checked.status]
    who = f"　{clean(checked.unit)}" if checked.unit else ""
    when = f" {checked.year} 年" if checked.year else ""
    counts = f"　强制性 {checked.errors} 处，核实性 {checked.warnings} 处" if checked.findings else ""
    if checked.explained:
        counts += f"（已说明 {checked.explained} 处）"
    lines = [f"{paint(status, colour)}　{clean(checked.path)}{who}{when}{counts}"]
    lines += [f"  {line}" for line in _finding_lines(checked, paint)]
    lines += [f"  {notice}" for notice in checked.notices]
    if checked.rounds:
        lines += [f"  {line}" for line in _rounds_lines(checked.rounds, checked.findings)]
    if open_rules := waiting(checked.not_evaluated):
        lines.append(f"  另有 {open_rules} 条规则因空格或读不出的数暂不能核对")
    if checked.annotated:
        lines.append(f"  审核副本：{clean(checked.annotated)}")
    if checked.fixed:
        lines.append(f"  建议稿（改动 {len(checked.mends)} 格）：{clean(checked.fixed)}")
    return "\n".join(lines) + "\n"


def _finding_lines(checked: Checked, paint: Paint) -> list[str]:
    caused = {number for diagnosis in checked.diagnoses for number in diagnosis.findings}
    lines = _folded([f for number, f in enumerate(checked.findings) if number not in caused], paint)
    for diagnosis in checked.diagnoses:
        lines += _folded([checked.findings[number] for number in diagnosis.findings], paint)
        several = f"以上 {len(diagnosis.findings)} 条出于同一原因，" if len(diagnosis.findings) > 1 else ""
        says = [f"{several}疑为：" if diagnosis.certain else f"{several}"]
        for explanation in diagnosis.explanations[: 1 if diagnosis.certain else None]:
            changes = "，".join(f"{clean(s.place.address)} 应为 {s.value}（{s.reason}）" for s in explanation)
            says.append(changes if diagnosis.certain else f"可能：{changes}")
        if not diagnosis.explanations:
            says.append("没有简单的解释，请逐格核对")
        lines += ["  → " + "".join(says[:2]), *(f"    {line}" for line in says[2:])]
    return lines


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
        f"与上次报送（{clean(rounds.previous)}）相比：已改正 {len(rounds.closed)} 处，"
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
        return f"{places[0].address} 等 {len(places)} 格"
    return "、".join((places[0].address, *(cell_name(place.cell) for place in places[1:])))


def summary_text(results: Sequence[Checked], paint: Paint = plain) -> str:
    """The last line for a person."""
    count = summary(results)
    parts = [
        paint(f"通过 {count['passed']}", "green") if count["passed"] else "通过 0",
        paint(f"不通过 {count['failed']}", "red") if count["failed"] else "不通过 0",
        paint(f"无法读取 {count['unreadable']}", "red") if count["unreadable"] else "无法读取 0",
    ]
    return (
        f"共 {count['files']} 个文件：{'，'.join(parts)}；强制性 {count['errors']} 处，核实性 {count['warnings']} 处\n"
    )


# --- JSON ------------------------------------------------------------------------------------------------------------


def summary(results: Sequence[Checked]) -> dict[str, int]:
    """The counts over all files."""
    states = [checked.status for checked in results]
    return {
        "files": len(results),
        "passed": states.count("passed"),
        "failed": states.count("failed"),
        "unreadable": states.count("unreadable"),
        "errors": sum(checked.errors for checked in results),
        "warnings": sum(checked.warnings for checked in results),
        "explained": sum(checked.explained for checked in results),
    }


def json_of(results: Sequence[Checked]) -> str:
    """The versioned JSON document (docs/json.md)."""
    import json

    document = {
        "xlcheck": __version__,
        "schema": SCHEMA,
        "summary": summary(results),
        "files": [_file(checked) for checked in results],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _file(checked: Checked) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": checked.path,
        "form": checked.form,
        "unit": checked.unit,
        "year": checked.year,
        "status": checked.status,
        "annotated": checked.annotated,
        "not_evaluated": [
            {"code": outcome.code, "reason": outcome.reason, "fields": list(outcome.fields)}
            for outcome in checked.not_evaluated
        ],
        "findings": [_finding(finding) for finding in checked.findings],
        "causes": [
            {
                "findings": list(diagnosis.findings),
                "certain": diagnosis.certain,
                "explanations": [[_suggestion(change) for change in changes] for changes in diagnosis.explanations],
            }
            for diagnosis in checked.diagnoses
        ],
    }
    if checked.notices:
        document["notices"] = list(checked.notices)
    if checked.fixed:
        document["fixed"] = checked.fixed
        document["mends"] = [
            {"field": m.field, "cell": m.place.address, "old": m.old, "new": m.new, "reason": m.reason}
            for m in checked.mends
        ]
    if checked.rounds:
        document["previous"] = _rounds(checked.rounds)
    return document


def _rounds(rounds: Rounds) -> dict[str, Any]:
    return {
        "path": rounds.previous,
        "closed": [_finding(finding) for finding in rounds.closed],
        "new": list(rounds.new),
        "remaining": list(rounds.remaining),
        "changed": [{"field": c.field, "cell": c.place.address, "old": c.old, "new": c.new} for c in rounds.changed],
    }


def _suggestion(suggestion: Suggestion) -> dict[str, str]:
    return {
        "field": suggestion.field,
        "cell": suggestion.place.address,
        "value": suggestion.value,
        "reason": suggestion.reason,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "fields": list(finding.fields),
        "cells": [place.address for place in finding.places],
        "expected": finding.expected,
        "actual": finding.actual,
        "explanation": finding.explanation or None,
        "suggestions": [_suggestion(suggestion) for suggestion in finding.suggestions],
    }


# --- CSV -------------------------------------------------------------------------------------------------------------


def csv_of(results: Sequence[Checked]) -> str:
    """One line a finding, and one for each file without findings."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(CSV_HEAD)
    for checked in results:
        who = (checked.path, checked.unit, "" if checked.year is None else str(checked.year), checked.status)
        for finding in checked.findings:
            suggestions = "; ".join(f"{s.place.address}={s.value}" for s in finding.suggestions)
            cells = " ".join(place.address for place in finding.places)
            row = (*who, finding.code, finding.severity, cells, finding.message)
            writer.writerow(map(harmless, (*row, finding.expected or "", finding.actual or "", suggestions)))
        if not checked.findings:
            writer.writerow(map(harmless, (*who, *[""] * (len(CSV_HEAD) - len(who)))))
    return buffer.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; plain negative numbers stay as they are (OWASP, CSV injection)."""
    text = clean(text)
    if text[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
