"""Suggested mends in a separate copy: every changed cell marked, every change listed.

Nothing is ever mended in the department's own file. What is certain is a text that means a number; what one clearly
best explanation says is written only when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from xlcheck.checking.verify import Verification
from xlcheck.copies import marking, results, source
from xlcheck.copies.marking import Mark
from xlcheck.copies.result_sheet import mends_page
from xlcheck.copies.source import Copy, Source
from xlcheck.forms.rules import Rule, family, fixed_rule
from xlcheck.model import marks
from xlcheck.model.cells import Place
from xlcheck.model.finding import Mend
from xlcheck.model.numbers import exact
from xlcheck.model.submission import held_text

Extent = Literal["text", "all"]
"""Which mends: texts that mean numbers only, or unique explanations of broken balances, too."""


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
        for cause in verification.causes:
            for change in cause.explanations[0] if cause.certain else ():
                found[change.field] = change.value, change.reason
    return tuple(
        Mend(field.key, submission.places[field.key], held_text(submission.held[field.key]), *found[field.key])
        for field in submission.form.fields
        if field.key in found
    )


def fixed(workbook: Source, verification: Verification, changes: Sequence[Mend]) -> bytes:
    """A copy of the workbook with `changes` written into it, as the bytes of an .xlsx file.

    Raises:
        CannotAnnotate: no copy can be made.
    """

    def mark(copy: Copy) -> None:
        # Results of formulas may depend on what changes, so they are left for the spreadsheet program to work out.
        results.forget(copy.patch, copy.members.values())
        there = [change._replace(place=copy.places[change.field]) for change in changes]
        shown = marking.showing(copy, [change.place for change in there])
        done = [change for change in there if _is_free(copy, change.place, shown)]
        wanted = {change.place: _mark(change) for change in done}
        marking.put_marks(
            copy, wanted, mends_page(verification.submission, done, marking.lost(copy, wanted)), live=False
        )

    return source.made(workbook, verification.submission, mark)


def _is_free(copy: Copy, place: Place, shown: Mapping[Place, Place]) -> bool:
    """Whether a number can be typed there: no other field shows there, and no other cell has its formula from it."""
    return shown.get(place) == place and not copy.sheet(place.sheet, (place.cell,)).content(place.cell).shared


def _mark(change: Mend) -> Mark:
    number = Decimal(change.new)
    held = str(int(number)) if number == int(number) else repr(float(number))
    return Mark(marks.BLUE, f"■ 建议由“{change.old}”改为 {change.new}：{change.reason}", held)
