"""Which texts are whole labels of a form: where a table is cut, they tell where a row begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from xlcheck.model.form import Form, Table
from xlcheck.model.labels import fold_label


def whole_labels(forms: Iterable[Form]) -> Callable[[str], bool]:
    """What tells whether a text is one of the labels of these forms, from its first character to its last."""
    return labels_of(table for form in forms for table in form.tables)


def labels_of(tables: Iterable[Table]) -> Callable[[str], bool]:
    """The same of some tables."""
    known = {_bare(label.text) for table in tables for label in table.labels}
    return lambda text: _bare(text) in known


def _bare(text: str) -> str:
    """A label without punctuation, which reports change most."""
    return re.sub(r"[\W_]", "", fold_label(text))
