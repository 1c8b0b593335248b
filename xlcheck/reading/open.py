"""From bytes to a submission: the guard, the form, and the reader, in this order."""

from __future__ import annotations

from xlcheck.forms.file import DEFAULT, form_ids, load_form
from xlcheck.guard.admit import Package
from xlcheck.model.form import Form
from xlcheck.model.marks import PROPERTY_FORM
from xlcheck.reading import odd

_forms: dict[str, Form] = {}


def choose_form(package: Package, wanted: str | None = None) -> Form:
    """The form to check a workbook against: the one asked for, the one it names, or the usual one."""
    if wanted is None:
        named = odd.custom_properties(package).get(PROPERTY_FORM, "")
        wanted = named if named in form_ids() else DEFAULT
    if wanted not in _forms:
        _forms[wanted] = load_form(wanted)
    return _forms[wanted]
