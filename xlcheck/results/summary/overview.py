"""What many files came to: counted by status and by rule, and one line for each unit. Nothing is drawn here."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Conclusion, Counts, Tally
from xlcheck.results.entries import stray_reason
from xlcheck.results.record import Record
from xlcheck.roster.match import Handed, Roster, RosterLine

BESIDES = "不要求单独报送"
"""What is said of a unit that need not hand in, and did."""
UNASKED = "只由下级单位汇总，不单独报送，不计缺报；要它单独报送的，请在名单“是否报送”一列填“是”"
"""Why nothing is missing of a unit that handed in nothing."""


class FileResult(NamedTuple):
    """A record without the words of its findings: those of all files are held at once, where records would not fit."""

    path: str
    unit: str
    """单位名称 on its cover, or empty."""
    code: str
    """统一社会信用代码 on its cover, or empty."""
    year: int | None
    annotated: str
    """The annotated copy, relative to the folder of the summary; empty where there is none."""
    tally: Tally
    broken: tuple[tuple[str, str, int], ...]
    """Each rule that it breaks: code, severity, number of findings."""
    modified: float = 0.0
    """When the file was last written, in seconds since 1970; 0 where that is not known."""


def result(record: Record) -> FileResult:
    """What the summary keeps of a record."""
    broken: dict[tuple[str, str], int] = {}
    for line in record.lines:
        # The same few codes come back a million times.
        rule = sys.intern(line.code), sys.intern(line.severity)
        broken[rule] = broken.get(rule, 0) + 1
    return FileResult(
        record.path,
        record.unit,
        record.unit_code,
        record.year,
        record.annotated,
        record.tally,
        tuple((code, severity, number) for (code, severity), number in broken.items()),
        record.modified,
    )


class RuleCount(NamedTuple):
    """How often one rule was broken."""

    code: str
    severity: str
    """``error`` or ``warning``."""
    findings: int
    units: int


class Overview(NamedTuple):
    """The totals."""

    files: Counts
    """All files."""
    older: Counts
    """Those of them that a newer one of the same unit replaces; the rest counts."""
    rules: tuple[RuleCount, ...]
    """The rules broken by files that count: that of the most units first, then that of the most findings."""
    affected: int
    """How many files that count have findings."""

    @property
    def findings(self) -> int:
        """How many findings there are in all files."""
        return self.files.errors + self.files.warnings


def overview(results: Iterable[FileResult], older: Collection[str] = ()) -> Overview:
    """Count; `older` are the paths of files that do not count, since their units handed in newer ones."""
    files, replaced, affected = Counts(), Counts(), 0
    findings: Counter[tuple[str, str]] = Counter()
    units: Counter[tuple[str, str]] = Counter()
    for one in results:
        files = files.add(one.tally)
        if one.path in older:
            replaced = replaced.add(one.tally)
            continue
        affected += bool(one.broken)
        for code, severity, number in one.broken:
            findings[code, severity] += number
            units[code, severity] += 1
    rules = (RuleCount(*rule, findings[rule], units[rule]) for rule in units)
    return Overview(files, replaced, tuple(sorted(rules, key=_commonest)), affected)


def _commonest(rule: RuleCount) -> tuple[int, int, str]:
    return -rule.units, -rule.findings, rule.code


# --- one line for each unit ------------------------------------------------------------------------------------------


class SummaryRow(NamedTuple):
    """A unit of the list, or a file that stands for itself."""

    name: str
    """As the list has it; else as the cover has it, and empty if that has none."""
    code: str
    parent: str
    result: FileResult | None
    """None for a unit that is missing."""
    standing: Literal["counts", "besides", "missing", "above", "stray", "other_year", "older"] = "counts"
    """``besides`` need not hand in, and did; ``above`` need not, and did not; ``stray`` belongs to no unit of the list; ``other_year`` is a unit's, but of
    another year than the one collected; ``older`` is replaced by a newer one of its unit."""
    remarks: tuple[str, ...] = ()
    """In a clerk's words."""
    round: int = 0
    """Which of its unit's submissions it is, from 1; 0 where there is no unit of the list."""

    @property
    def conclusion(self) -> Conclusion:
        """That of the file, or ``missing``."""
        return self.result.tally.conclusion if self.result else "missing"


def row(one: FileResult) -> SummaryRow:
    """The line of a file where there is no list."""
    return SummaryRow(one.unit, one.code, "", one)


def rows(results: Mapping[str, FileResult], roster: Roster) -> Iterator[SummaryRow]:
    """The lines where there is a list: every unit of it in its order, then strays, then older files.

    Args:
        results: by path, one for each file of the roster.
        roster: the list, and what came in.
    """
    parents = {unit.code: unit.name for unit in (entry.unit for entry in roster.entries) if unit.code}
    for unit, handed, notices, only_adds_up in roster.entries:
        parent = parents.get(unit.parent, unit.parent)
        if handed:
            standing: Literal["counts", "besides"] = "besides" if only_adds_up else "counts"
            remarks = (*notices, BESIDES) if only_adds_up else notices
            yield SummaryRow(unit.name, unit.code, parent, results[handed[0].path], standing, remarks, len(handed))
        elif only_adds_up:
            yield SummaryRow(unit.name, unit.code, parent, None, "above", (UNASKED,))
        else:
            yield SummaryRow(unit.name, unit.code, parent, None, "missing")
    for stray in roster.strays:
        one = results[stray.handed.path]
        kind: Literal["stray", "other_year"] = "other_year" if stray.unit else "stray"
        yield SummaryRow(one.unit, one.code, "", one, kind, (stray_reason(stray, one.tally),))
    for entry, old in replaced(roster):
        unit = entry.unit
        number = len(entry.handed) - entry.handed.index(old)
        remark = f"重复报送，以最新的“{entry.handed[0].path}”为准"
        parent = parents.get(unit.parent, unit.parent)
        yield SummaryRow(unit.name, unit.code, parent, results[old.path], "older", (remark,), number)


def replaced(roster: Roster) -> Iterator[tuple[RosterLine, Handed]]:
    """The files that do not count, since their units handed in newer ones, each with its unit's entry."""
    for entry in roster.entries:
        for handed in entry.older:
            yield entry, handed
