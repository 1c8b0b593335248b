"""The rules of a form file: its sets, relations and checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from xlcheck.forms import notation
from xlcheck.forms.faults import Faults
from xlcheck.model.form import Check, Example, Field, Relation, RuleText, Term
from xlcheck.model.tuples import NamedTuple

_TEXTS = ("title", "why", "mend", "wrong_says", "right_says")
_RELATION_KEYS = ("code", "rule", "terms", *_TEXTS, "wrong", "right")
_CHECK_KEYS = (*_RELATION_KEYS, "severity", "explainable", "least", "percent", "wrong_prior", "right_prior")


class _Statement(NamedTuple):
    """One line of the notation for one member of its set."""

    line: notation.ParsedLine
    where: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]


def read_relations(
    data: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults
) -> tuple[tuple[Relation, ...], tuple[Check, ...], tuple[RuleText, ...]]:
    """The relations, the checks, and what the catalogue says of both."""
    known = _Known(faults.table(data, "sets", "", optional=True), fields, faults)
    for name in data.get("sets", {}) if isinstance(data.get("sets"), dict) else ():
        faults.unknown(faults.table(data["sets"], name, "sets"), ("name", "members", "names"), f"sets.{name}")
        if not known.texts(name, "members"):
            faults.add(f"sets.{name}.members", "is empty")
    relations: list[Relation] = []
    checks: list[Check] = []
    texts: list[RuleText] = []
    for item, place in faults.each(data, "relations", ""):
        faults.unknown(item, _RELATION_KEYS, place)
        texts.append(_text(item, place, "error", "B", known))
        for said in _statements(item, place, known):
            if said.line.kind != "equal" or any(term.startswith(notation.PRIOR) for term in said.line.terms):
                faults.add(f"{place}.rule", "a relation is an '=' between this year's fields")
            relations.append(Relation(texts[-1].code, said.where, said.left, said.right))
    for item, place in faults.each(data, "checks", ""):
        faults.unknown(item, _CHECK_KEYS, place)
        severity: Literal["error", "warning"] = "error" if item.get("severity") == "error" else "warning"
        if item.get("severity", "warning") not in ("error", "warning"):
            faults.add(f"{place}.severity", "must be 'error' or 'warning'")
        explainable = item.get("explainable", False)
        if not isinstance(explainable, bool) or (explainable and severity != "error"):
            faults.add(f"{place}.explainable", "must be true or false; all warnings can be explained")
        texts.append(_text(item, place, severity, "PY", known)._replace(explainable=explainable is True))
        least, percent = (
            Decimal(str(faults.number(item, key, place))) if key in item else Decimal() for key in ("least", "percent")
        )
        for said in _statements(item, place, known):
            kind = said.line.kind
            where, left, right = said.where, said.left, said.right
            checks.append(
                Check(texts[-1].code, kind, severity, where, left, right, least, percent, texts[-1].explainable)
            )
    codes = [text.code for text in texts]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        faults.add("relations", f"more than one relation or check {code!r}")
    return tuple(relations), tuple(checks), tuple(texts)


def set_members(data: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults) -> Mapping[str, tuple[str, ...]]:
    """The members of every set, those of sets inside it included."""
    sets = faults.table(data, "sets", "", optional=True)
    known = _Known(sets, fields, faults)
    return {name: known.texts(name, "members") for name in sets}


class _Known:
    """The sets and fields that a rule may name."""

    def __init__(self, sets: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults) -> None:
        self._sets = sets
        self.fields = fields
        self.faults = faults

    def has(self, name: str) -> bool:
        return name in self._sets

    def texts(self, name: str, key: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
        """What a set has under `key`; ``[other]`` among it stands for what that set has."""
        found: list[str] = []
        for text in self.faults.texts(self.faults.table(self._sets, name, "sets"), key, f"sets.{name}"):
            inner = text[1:-1] if text.startswith("[") and text.endswith("]") else None
            if inner is None:
                found.append(text)
            elif inner not in self._sets or inner in (*above, name):
                self.faults.add(f"sets.{name}.{key}", f"no set that can be part of it: {inner!r}")
            else:
                found += self.texts(inner, key, (*above, name))
        return tuple(found)

    def said(self, name: str) -> str:
        """``[set]`` in place of a term's name is the name of that set's sum."""
        if name.startswith("[") and name.endswith("]"):
            table = self.faults.table(self._sets, name[1:-1], "sets")
            return self.faults.text(table, "name", f"sets.{name[1:-1]}")
        return name


def _text(
    item: Mapping[str, Any], place: str, severity: Literal["error", "warning"], families: str, known: _Known
) -> RuleText:
    code = known.faults.text(item, "code", place)
    # P2xx are the common rules about rounds.
    if code and not re.fullmatch(rf"(?!P2)[{families}][0-9]{{3}}", code):
        known.faults.add(f"{place}.code", f"must be one of {families} and three digits (P2xx are taken): {code!r}")
    title, why, mend, wrong, right = (known.faults.text(item, key, place) for key in _TEXTS)
    return RuleText(
        code=code,
        severity=severity,
        title=title,
        why=why,
        mend=mend,
        wrong=_example(item, "wrong", wrong, place, known),
        right=_example(item, "right", right, place, known),
    )


def _example(item: Mapping[str, Any], key: str, says: str, place: str, known: _Known) -> Example:
    found: list[dict[str, int | float]] = []
    for name, optional in ((key, False), (f"{key}_prior", True)):
        values = known.faults.table(item, name, place, optional=optional)
        for field, value in values.items():
            if field not in known.fields:
                known.faults.add(f"{place}.{name}", f"no field {field!r}")
            if isinstance(value, bool) or not isinstance(value, int | float):
                known.faults.add(f"{place}.{name}.{field}", "must be a number")
        found.append(dict(values))
    return Example(says, found[0], found[1])


def _statements(item: Mapping[str, Any], place: str, known: _Known) -> Iterator[_Statement]:
    """The lines of a rule (one, or an array of them), for each member of their sets."""
    lines = [item["rule"]] if isinstance(item.get("rule"), str) else known.faults.texts(item, "rule", place)
    names = known.faults.texts(item, "terms", place, optional=True)
    for text in lines:
        try:
            line = notation.parse_line(text)
        except notation.InvalidRelation as error:
            known.faults.add(f"{place}.rule", str(error))
            continue
        if len(names) != len(line.terms) and (
            names or line.kind not in ("nonzero", "repeated", "jump", "swing", "yuan")
        ):
            known.faults.add(f"{place}.terms", f"{len(names)} names for {len(line.terms)} terms")
            continue
        yield from _expanded(line, names or ("",) * len(line.terms), place, known)


def _expanded(line: notation.ParsedLine, names: tuple[str, ...], place: str, known: _Known) -> Iterator[_Statement]:
    members: tuple[str | None, ...] = (None,)
    wheres: tuple[str, ...] = ("",)
    if line.each is not None:
        members, wheres = known.texts(line.each, "members"), known.texts(line.each, "names")
        if len(members) != len(wheres):
            known.faults.add(f"sets.{line.each}", f"{len(wheres)} names for {len(members)} members")
            return
    said = tuple(known.said(name) for name in names)
    for member, where in zip(members, wheres, strict=True):
        terms = [_term(name, term, member, place, known) for name, term in zip(said, line.terms, strict=True)]
        keys = [(field.key, term.last_year) for term in terms for field in term.fields]
        if len(keys) != len(set(keys)):
            known.faults.add(f"{place}.rule", f"a field stands in it more than once ({where})")
        yield _Statement(line, where, tuple(terms[: len(line.left)]), tuple(terms[len(line.left) :]))


def _term(name: str, term: str, member: str | None, place: str, known: _Known) -> Term:
    summed = notation.sum_set(term)
    sets = {summed: known.texts(summed, "members")} if summed and known.has(summed) else {}
    try:
        keys = notation.expand(term, member, sets)
    except notation.InvalidRelation as error:
        known.faults.add(f"{place}.rule", str(error))
        return Term(name, ())
    for key in keys:
        if key not in known.fields:
            known.faults.add(f"{place}.rule", f"no field {key!r}")
    fields = tuple(known.fields[key] for key in keys if key in known.fields)
    return Term(name, fields, term.startswith(notation.PRIOR))
