"""The JSON document of a run (docs/use/json.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from xlcheck import __version__
from xlcheck.checking.rounds import Rounds
from xlcheck.model.finding import Finding, Suggestion
from xlcheck.model.text import clean
from xlcheck.results.checked import Checked
from xlcheck.results.counts import Counts, summary

if TYPE_CHECKING:
    from xlcheck.roster.match import Roster, Stray


SCHEMA = 1
"""The version of the JSON document."""


_RARE = re.compile("[^\n -~\u3000-\u303f\u4e00-\u9fff\uff00-\uff65]")
"""What is neither plain ASCII nor Chinese, and has to be looked at."""


def json_of(results: Sequence[Checked]) -> str:
    """The versioned JSON document (docs/use/json.md)."""
    import io

    buffer = io.StringIO()
    write_json(buffer, summary(results), (entry(document(checked)) for checked in results))
    return buffer.getvalue()


def write_json(
    stream: TextIO, counts: Counts, entries: Iterable[str], further: Mapping[str, Any] | None = None
) -> None:
    """Write the versioned JSON document piece by piece.

    Args:
        stream: where it goes.
        counts: its ``summary``.
        entries: its ``files``, each as :func:`entry` gives it.
        further: what else it holds, by key.
    """
    head = {"xlcheck": __version__, "schema": SCHEMA, "summary": counts._asdict()}
    stream.write(f'{_indented(head, 0)[:-2]},\n "files": [')
    separator = "\n  "
    for one in entries:
        stream.write(f"{separator}{one}")
        separator = ",\n  "
    stream.write("]" if separator == "\n  " else "\n ]")
    for key, value in (further or {}).items():
        stream.write(f",\n {_indented(key, 1)}: {_indented(value, 1)}")
    stream.write("\n}\n")


def entry(document: Mapping[str, Any]) -> str:
    """One file as it is written into ``files``; this takes most of the time, and can be done wherever it was checked."""
    return _indented(document, 2)


def _indented(value: object, depth: int) -> str:
    import json

    # Within a text a line end is written as an escape, so that each one here begins a line; so is all that steers a
    # terminal, turns the reading direction, or is no character: names of files may hold it, and must stay what they are.
    text = json.dumps(value, ensure_ascii=False, indent=1)
    text = _RARE.sub(lambda match: match[0] if clean(match[0]) else json.dumps(match[0])[1:-1], text)
    return text.replace("\n", "\n" + " " * depth)


def roster_document(roster: Roster, statuses: Mapping[str, str]) -> dict[str, Any]:
    """What the document says of a list of units: ``units`` and ``strays``.

    Args:
        roster: the list, and what came in.
        statuses: by path, of every file of the roster.
    """
    return {
        "units": [
            {
                "name": unit.name,
                "code": unit.code,
                "parent": unit.parent,
                "status": statuses[handed[0].path] if handed else "missing",
                "path": handed[0].path if handed else None,
                "older": [one.path for one in handed[1:]],
                "notices": list(notices),
            }
            for unit, handed, notices in roster.entries
        ],
        "strays": [
            {"path": stray.handed.path, "reason": stray_reason(stray, statuses[stray.handed.path])}
            for stray in roster.strays
        ],
    }


def stray_reason(stray: Stray, status: str) -> str:
    """Why a file belongs to no unit; one that cannot be read has no cover that could say more."""
    return "文件无法读取，看不出是哪个单位的" if status == "unreadable" else stray.reason


def document(checked: Checked) -> dict[str, Any]:
    """What the document says of one file."""
    told: dict[str, Any] = {
        "path": checked.path,
        "form": checked.form,
        "unit": checked.unit,
        "unit_code": checked.unit_code,
        "year": checked.year,
        "status": checked.status,
        "annotated": checked.annotated,
        "not_evaluated": [
            {"code": outcome.code, "reason": outcome.reason, "fields": list(outcome.fields)}
            for outcome in checked.not_evaluated
        ],
        "findings": [_finding(finding) for finding in checked.findings],
        "causes": [
            {
                "findings": list(diagnosis.findings),
                "certain": diagnosis.certain,
                "explanations": [[_suggestion(change) for change in changes] for changes in diagnosis.explanations],
            }
            for diagnosis in checked.diagnoses
        ],
    }
    if checked.notices:
        told["notices"] = list(checked.notices)
    if checked.fixed:
        told["fixed"] = checked.fixed
        told["mends"] = [
            {"field": m.field, "cell": m.place.address, "old": m.old, "new": m.new, "reason": m.reason}
            for m in checked.mends
        ]
    if checked.rounds:
        told["previous"] = _rounds(checked.rounds)
    return told


def _rounds(rounds: Rounds) -> dict[str, Any]:
    return {
        "path": rounds.previous,
        "closed": [_finding(finding) for finding in rounds.closed],
        "new": list(rounds.new),
        "remaining": list(rounds.remaining),
        "changed": [{"field": c.field, "cell": c.place.address, "old": c.old, "new": c.new} for c in rounds.changed],
    }


def _suggestion(suggestion: Suggestion) -> dict[str, str]:
    return {
        "field": suggestion.field,
        "cell": suggestion.place.address,
        "value": suggestion.value,
        "reason": suggestion.reason,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "fields": list(finding.fields),
        "cells": [place.address for place in finding.places],
        "expected": finding.expected,
        "actual": finding.actual,
        "explanation": finding.explanation or None,
        "suggestions": [_suggestion(suggestion) for suggestion in finding.suggestions],
    }
