"""A JSON Schema (2020-12) of a document, made from its types: their names, their keys, and what the docstrings say of them."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

from xlcheck.campaign.document import StatementJson
from xlcheck.forms.document import FormJson
from xlcheck.mail.fetching.document import InboxJson
from xlcheck.results.document import ResultsJson
from xlcheck.results.writing import SCHEMA
from xlcheck.totals.document import TotalsJson

DOCUMENTS = {
    f"{kind}-{SCHEMA}.schema.json": root
    for kind, root in {
        "results": ResultsJson,
        "total": TotalsJson,
        "inbox": InboxJson,
        "campaign": StatementJson,
        "fields": FormJson,
    }.items()
}
"""All documents, by the names in docs/ of the files with their schemas."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schemas() -> Iterator[tuple[str, str]]:
    """The files with schemas: names and texts."""
    for name, root in DOCUMENTS.items():
        yield name, json.dumps(schema_of(root), ensure_ascii=False, indent=1) + "\n"


def schema_of(root: type) -> dict[str, Any]:
    """The schema of a document.

    Args:
        root: a TypedDict; those that it is made of become ``$defs``.
    """
    definitions: dict[str, Any] = {}
    whole = _object(root, definitions)
    return {"$schema": DIALECT, "title": root.__name__, **whole, "$defs": dict(sorted(definitions.items()))}


def definitions_of(of: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """A reference to a TypedDict; it and those that it is made of are put into `definitions`."""
    return _value(of, definitions)


def _object(of: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    says = _docstrings(of)
    hints = typing.get_type_hints(of, include_extras=True)
    return {
        "description": _one_line(of.__doc__),
        "type": "object",
        "properties": {key: {"description": says[key], **_value(hint, definitions)} for key, hint in hints.items()},
        "required": [key for key in hints if key in of.__required_keys__],
        # Keys may be added within a version.
        "additionalProperties": True,
    }


def _value(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of one value."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _NAMES:
        return {"type": _NAMES[hint]}
    if typing.is_typeddict(hint):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # it may hold itself
            definitions[hint.__name__] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin is typing.Annotated:
        kind, *keywords = arguments
        return {**_value(kind, definitions), **dict(keywords)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(arguments[1], definitions)}
    if origin is list:
        return {"type": "array", "items": _value(arguments[0], definitions)}
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return _any_of([_value(argument, definitions) for argument in arguments])
    raise TypeError(f"no schema for {hint!r}")


def _any_of(parts: list[dict[str, Any]]) -> dict[str, Any]:
    if all(part.keys() == {"type"} for part in parts):
        return {"type": [part["type"] for part in parts]}
    return {"anyOf": parts}


def _docstrings(of: Any) -> dict[str, str]:
    """What stands below each key, in the class and in those that it goes on from, which stand in the same module."""
    module = ast.parse(inspect.getsource(sys.modules[of.__module__]))
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}

    def said(name: str) -> Iterator[tuple[str, str]]:
        for base in classes[name].bases:
            if isinstance(base, ast.Name) and base.id in classes:
                yield from said(base.id)
        for key, below in zip(classes[name].body, classes[name].body[1:], strict=False):
            match key, below:
                case ast.AnnAssign(target=ast.Name(id=key_name)), ast.Expr(value=ast.Constant(value=str(text))):
                    yield key_name, _one_line(text)

    return dict(said(of.__name__))


def _one_line(text: str | None) -> str:
    """A docstring on one line, without its marks for code."""
    return re.sub(r"`+", "", " ".join((text or "").split()))
