"""Suggested mends in a separate copy (openpyxl): every changed cell marked, every change listed.

Nothing is ever mended in the department's own file. What is certain is a text that means a number; what one clearly
best explanation says is written only when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from openpyxl.styles import PatternFill
from openpyxl.styles.fills import Fill

from xlcheck.checking.verify import Verification
from xlcheck.copies import covered_fills, result_sheet, workbook
from xlcheck.copies.workbook import Copy, Source
from xlcheck.forms.rules import Rule, family, fixed_rule
from xlcheck.model import marks
from xlcheck.model.cells import Place
from xlcheck.model.finding import Mend
from xlcheck.model.numbers import exact
from xlcheck.model.submission import held_text

Extent = Literal["text", "all"]
"""Which mends: texts that mean numbers only, or unique explanations of broken balances, too."""

_BLUE = PatternFill("solid", fgColor=marks.BLUE)


def mends(verification: Verification, extent: Extent) -> tuple[Mend, ...]:
    """What would be changed, in the order of the form; never two changes of one field."""
    submission = verification.submission
    found: dict[str, tuple[str, str]] = {}
    broken: dict[str, list[Rule | None]] = {}
    for finding in verification.findings:
        for key in finding.fields if family(finding.code).of_cells else ():
            broken.setdefault(key, []).append(fixed_rule(finding.code))
    for key, rules in broken.items():
        if all(rule is not None and rule.mends for rule in rules):
            found[key] = exact(verification.values[key]), "文本改为它表示的数"
    if extent == "all":
        for diagnosis in verification.causes:
            for change in diagnosis.explanations[0] if diagnosis.certain else ():
                found[change.field] = change.value, change.reason
    return tuple(
        Mend(field.key, submission.places[field.key], held_text(submission.held[field.key]), *found[field.key])
        for field in submission.form.fields
        if field.key in found
    )


def fixed(source: Source, verification: Verification, changes: Sequence[Mend]) -> bytes:
    """A copy of the workbook with `changes` written into it, as the bytes of an .xlsx file.

    Raises:
        CannotAnnotate: no copy can be made.
    """

    def mark(copy: Copy) -> None:
        covered: dict[Place, Fill] = {}
        moved = [mend for change in changes if (mend := _write(copy, change, covered))]
        covered_fills.remember(result_sheet.add_mends(copy, verification, moved), covered)

    # Results of formulas may depend on what changes, so they are left for the spreadsheet program to work out.
    return workbook.made(source, verification.submission, mark, with_results=False)


def _write(copy: Copy, change: Mend, covered: dict[Place, Fill]) -> Mend | None:
    """Write one change; answers it with its place in the copy, or None where another field shows there."""
    place = copy.places[change.field]
    if workbook.shown(copy.book, place) != place:
        return None
    number = Decimal(change.new)
    note = f"■ 建议由“{change.old}”改为 {change.new}：{change.reason}"
    cell, covered[place] = workbook.mark(copy.book, place, _BLUE, note)
    cell.value = int(number) if number == int(number) else float(number)
    if cell.number_format == "@":
        cell.number_format = "General"
    return change._replace(place=place)
