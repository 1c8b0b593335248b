"""The public JSON of a form as types, and as the value that is written; docs/use/commands/fields.md explains it."""

from __future__ import annotations

from typing import Annotated, TypedDict

from xlcheck.model.cells import cell_name
from xlcheck.model.form import Field, FieldKind, Form


class FieldJson(TypedDict):
    """One number that a department must give."""

    key: str
    """``table.row.column``; it does not change within an edition."""
    labels: list[str]
    """Those of its row from the outer one to the inner one, then that of its column."""
    kind: FieldKind
    """``count`` is a whole number from 0 on; ``amount`` may have decimals; ``change`` is a whole number that may be below 0."""
    table: str
    """The key of its table."""
    sheet: str
    """The worksheet of its table."""
    cell: Annotated[str, ("pattern", "^[A-Z]+[1-9][0-9]*$")]
    """Its cell there."""


class RelationJson(TypedDict):
    """A balance: the sum of the fields on the left equals the sum of those on the right."""

    code: Annotated[str, ("pattern", "^[A-Z][0-9]{3}$")]
    """The rule."""
    left: list[str]
    """Keys of fields."""
    right: list[str]
    """Keys of fields."""


class FormJson(TypedDict):
    """The document of a run of xlcheck fields."""

    form: str
    """The form's id."""
    fields: list[FieldJson]
    """All fields, in the order of the form."""
    relations: list[RelationJson]
    """All balances."""


def form_json(form: Form) -> FormJson:
    """What the document says of a form."""
    return {
        "form": form.id,
        "fields": list(map(_field, form.fields)),
        "relations": [
            {"code": relation.code, "left": list(relation.left_keys), "right": list(relation.right_keys)}
            for relation in form.relations
        ],
    }


def _field(field: Field) -> FieldJson:
    return {
        "key": field.key,
        "labels": list(field.labels),
        "kind": field.kind,
        "table": field.table,
        "sheet": field.sheet,
        "cell": cell_name(field.cell),
    }
