"""The labels of one of a form's tables, by what they are good for: which name rows, and which columns."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from xlcheck.model.form import Field, Table
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.wording import Wording, worded


class FormRow(NamedTuple):
    """The fields of one row of the form, which have their row labels in common."""

    number: int
    """Which row of the table it is, in the order of the form."""
    labels: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def inner(self) -> tuple[str, ...]:
        """The inner column heads, from left to right; empty texts where there are none."""
        return tuple(field.column_labels[-1] if field.column_labels else "" for field in self.fields)


class TableWords:
    """The labels of one table, by what they are good for."""

    def __init__(self, table: Table, official: Wording) -> None:
        self.rows = tuple(
            FormRow(number, labels, tuple(fields))
            for number, ((_, labels), fields) in enumerate(
                groupby(table.fields, key=lambda field: (field.cell[0], field.row_labels))
            )
        )
        self.official = official
        inner = [label for row in self.rows for label in row.inner if label]
        self.of_rows = Wording(label for row in self.rows for label in row.labels[-1:])
        self.of_outer_rows = Wording(label for row in self.rows for label in row.labels[:-1])
        self.of_columns = Wording(inner)
        self.of_groups = Wording(label for field in table.fields for label in field.column_labels[:-1])
        self.shared = {
            label for label, times in Counter(row.labels[-1] for row in self.rows if row.labels).items() if times > 1
        }
        columns = {worded(label) for label in inner}
        self._others = {worded(label.text) for label in table.labels} - columns
        self._read: dict[str, str | None] = {}

    def column(self, text: str) -> str | None:
        """The inner column head that a text is; a row label with the same words (（七）总计) is none."""
        if text not in self._read:
            self._read[text] = None if worded(text) in self._others else self.of_columns.read(text)
        return self._read[text]
