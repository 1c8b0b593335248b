"""What xlcheck knows: the forms and their fields as values for programs."""

from __future__ import annotations

from typing import Any

from xlcheck.model.cells import cell_name
from xlcheck.model.form import Form


def described(form: Form) -> dict[str, Any]:
    """The fields and relations of a form, as ``xlcheck fields --format json`` prints them."""
    return {
        "form": form.id,
        "fields": [
            {
                "key": field.key,
                "labels": list(field.labels),
                "kind": field.kind,
                "table": field.table,
                "sheet": field.sheet,
                "cell": cell_name(field.cell),
            }
            for field in form.fields
        ],
        "relations": [
            {"code": relation.code, "left": list(relation.left_keys), "right": list(relation.right_keys)}
            for relation in form.relations
        ],
    }
