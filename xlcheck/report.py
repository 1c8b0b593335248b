"""Reports of checked files: text for people, JSON and CSV for programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TextIO

from xlcheck import __version__
from xlcheck.check import Checked
from xlcheck.checking.rounds import Rounds
from xlcheck.checking.verify import waiting
from xlcheck.model.cells import Place, cell_name
from xlcheck.model.finding import Finding, Suggestion
from xlcheck.model.text import clean, harmless
from xlcheck.record import Record, record

if TYPE_CHECKING:
    from xlcheck.roster.match import Roster, Stray

SCHEMA = 1
"""The version of the JSON document."""

_FOLD_FROM = 12
"""From this many findings of one rule on one sheet on, the text report tells some and counts the rest."""
_FOLD_TO = 5

Paint = Callable[[str, str], str]
"""Colours a text: (text, colour name) → text."""

_RARE = re.compile("[^\n -~\u3000-\u303f\u4e00-\u9fff\uff00-\uff65]")
"""What is neither plain ASCII nor Chinese, and has to be looked at."""


STATUSES: Mapping[str, str] = {"passed": "通过", "failed": "不通过", "unreadable": "无法读取", "missing": "缺报"}
"""What becomes of files, and of units that hand in nothing, in a clerk's words."""

_COLOURS: Mapping[str, int] = {"red": 31, "green": 32, "yellow": 33}

CSV_HEAD = (
    "path", "unit", "year", "status", "code", "severity", "cells", "message", "expected", "actual", "suggestions",
)  # fmt: skip


def plain(text: str, colour: str) -> str:
    """No colour."""
    del colour
    return text


def painted(text: str, colour: str) -> str:
    """Bold, in a colour of the terminal (ECMA-48, 8.3.117)."""
    return f"\x1b[{_COLOURS[colour]}m\x1b[1m{text}\x1b[0m"


class Countable(Protocol):
    """What became of one file, in whatever form it is kept."""

    @property
    def status(self) -> str:
        """``passed``, ``failed`` or ``unreadable``."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""

    @property
    def warnings(self) -> int:
        """How many findings are warnings, explained ones included."""

    @property
    def explained(self) -> int:
        """How many warnings the department has explained."""


class Counts(NamedTuple):
    """Numbers of files and of findings: the document's ``summary``."""

    files: int = 0
    passed: int = 0
    failed: int = 0
    unreadable: int = 0
    errors: int = 0
    warnings: int = 0
    """Explained ones included."""
    explained: int = 0

    def add(self, one: Countable) -> Counts:
        """With one file more."""
        return Counts(
            self.files + 1,
            self.passed + (one.status == "passed"),
            self.failed + (one.status == "failed"),
            self.unreadable + (one.status == "unreadable"),
            self.errors + one.errors,
            self.warnings + one.warnings,
            self.explained + one.explained,
        )


def summary(results: Iterable[Countable]) -> Counts:
    """The counts over all files."""
    return reduce(Counts.add, results, Counts())


# --- text ------------------------------------------------------------------------------------------------------------


def text_of(checked: Checked, paint: Paint = plain) -> str:
    """What a person reads of one file, ending with a line end."""
    status, colour = STATUSES[checked.status], "green" if checked.status == "passed" else "red"
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


def summary_text(results: Iterable[Checked], paint: Paint = plain) -> str:
    """The last line for a person."""
    return counts_text(summary(results), paint)


def counts_text(counts: Counts, paint: Paint = plain) -> str:
    """The last line for a person, of files counted one by one."""
    parts = [
        paint(f"通过 {counts.passed}", "green") if counts.passed else "通过 0",
        paint(f"不通过 {counts.failed}", "red") if counts.failed else "不通过 0",
        paint(f"无法读取 {counts.unreadable}", "red") if counts.unreadable else "无法读取 0",
    ]
    return f"共 {counts.files} 个文件：{'，'.join(parts)}；强制性 {counts.errors} 处，核实性 {counts.warnings} 处\n"


# --- JSON ------------------------------------------------------------------------------------------------------------


def json_of(results: Sequence[Checked]) -> str:
    """The versioned JSON document (docs/json.md)."""
    import io

    buffer = io.StringIO()
    write_json(buffer, summary(results), (entry(document(checked)) for checked in results))
    return buffer.getvalue()


def write_json(
    stream: TextIO, counts: Counts, entries: Iterable[str], further: Mapping[str, Any] | None = None
) -> None:
    """Write the versioned JSON document piece by piece.

    Args:
        stream: where it goes.
        counts: its ``summary``.
        entries: its ``files``, each as :func:`entry` gives it.
        further: what else it holds, by key.
    """
    head = {"xlcheck": __version__, "schema": SCHEMA, "summary": counts._asdict()}
    stream.write(f'{_indented(head, 0)[:-2]},\n "files": [')
    separator = "\n  "
    for one in entries:
        stream.write(f"{separator}{one}")
        separator = ",\n  "
    stream.write("]" if separator == "\n  " else "\n ]")
    for key, value in (further or {}).items():
        stream.write(f",\n {_indented(key, 1)}: {_indented(value, 1)}")
    stream.write("\n}\n")


def entry(document: Mapping[str, Any]) -> str:
    """One file as it is written into ``files``; this takes most of the time, and can be done wherever it was checked."""
    return _indented(document, 2)


def _indented(value: object, depth: int) -> str:
    import json

    # Within a text a line end is written as an escape, so that each one here begins a line; so is all that steers a
    # terminal, turns the reading direction, or is no character: names of files may hold it, and must stay what they are.
    text = json.dumps(value, ensure_ascii=False, indent=1)
    text = _RARE.sub(lambda match: match[0] if clean(match[0]) else json.dumps(match[0])[1:-1], text)
    return text.replace("\n", "\n" + " " * depth)


def roster_document(roster: Roster, statuses: Mapping[str, str]) -> dict[str, Any]:
    """What the document says of a list of units: ``units`` and ``strays``.

    Args:
        roster: the list, and what came in.
        statuses: by path, of every file of the roster.
    """
    return {
        "units": [
            {
                "name": unit.name,
                "code": unit.code,
                "parent": unit.parent,
                "status": statuses[handed[0].path] if handed else "missing",
                "path": handed[0].path if handed else None,
                "older": [one.path for one in handed[1:]],
                "notices": list(notices),
            }
            for unit, handed, notices in roster.entries
        ],
        "strays": [
            {"path": stray.handed.path, "reason": stray_reason(stray, statuses[stray.handed.path])}
            for stray in roster.strays
        ],
    }


def stray_reason(stray: Stray, status: str) -> str:
    """Why a file belongs to no unit; one that cannot be read has no cover that could say more."""
    return "文件无法读取，看不出是哪个单位的" if status == "unreadable" else stray.reason


def document(checked: Checked) -> dict[str, Any]:
    """What the document says of one file."""
    told: dict[str, Any] = {
        "path": checked.path,
        "form": checked.form,
        "unit": checked.unit,
        "unit_code": checked.unit_code,
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
        told["notices"] = list(checked.notices)
    if checked.fixed:
        told["fixed"] = checked.fixed
        told["mends"] = [
            {"field": m.field, "cell": m.place.address, "old": m.old, "new": m.new, "reason": m.reason}
            for m in checked.mends
        ]
    if checked.rounds:
        told["previous"] = _rounds(checked.rounds)
    return told


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
    import io

    buffer = io.StringIO()
    write_csv(buffer, (record(document(checked)) for checked in results))
    return buffer.getvalue()


def write_csv(stream: TextIO, records: Iterable[Record]) -> None:
    """Write the lines of :func:`csv_of` one by one; the stream must leave line ends as they are (``newline=""``)."""
    import csv

    writer = csv.writer(stream)
    writer.writerow(CSV_HEAD)
    for one in records:
        who = (one.path, one.unit, "" if one.year is None else str(one.year), one.status)
        for line in one.lines:
            suggestions = "; ".join(f"{cell}={value}" for cell, value in line.suggestions)
            row = (line.code, line.severity, " ".join(line.cells), line.message, line.expected, line.actual)
            writer.writerow(map(harmless, (*who, *row, suggestions)))
        if not one.lines:
            writer.writerow(map(harmless, (*who, *[""] * (len(CSV_HEAD) - len(who)))))
