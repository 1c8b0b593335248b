"""What checking came to, as the values that the JSON document is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xlcheck.model.finding import Cause, Finding, Mend, Outcome, Suggestion
from xlcheck.results.checked import Checked

if TYPE_CHECKING:
    # Types cost a millisecond to make, and are for the type checker only.
    from xlcheck.checking.rounds import Rounds
    from xlcheck.results.counts import Tally
    from xlcheck.results.document import (
        CauseJson,
        FileJson,
        FindingJson,
        MendJson,
        PreviousJson,
        RosterJson,
        StrayJson,
        SuggestionJson,
        UnitJson,
        WaitingJson,
    )
    from xlcheck.roster.match import Roster, RosterLine, Stray


def file_json(checked: Checked) -> FileJson:
    """What the document says of one file."""
    told: FileJson = {
        "path": checked.path,
        "form": checked.form,
        "unit": checked.unit,
        "unit_code": checked.unit_code,
        "year": checked.year,
        "status": checked.status,
        "review": checked.tally.needs_review,
        "last_year": checked.last_year or None,
        "annotated": checked.annotated,
        "not_evaluated": list(map(_waiting, checked.not_evaluated)),
        "findings": list(map(finding_json, checked.findings)),
        "causes": list(map(_cause, checked.causes)),
    }
    if checked.document:
        told["document"] = checked.document  # type: ignore[typeddict-item]
    if checked.notices:
        told["notices"] = list(checked.notices)
    if checked.fixed:
        told["fixed"] = checked.fixed
        told["mends"] = list(map(_mend, checked.mends))
    if checked.rounds:
        told["previous"] = _previous(checked.rounds)
    return told


def finding_json(finding: Finding) -> FindingJson:
    """What the document says of one finding."""
    told: FindingJson = {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "fields": list(finding.fields),
        "cells": [place.address for place in finding.places],
        "expected": finding.expected,
        "actual": finding.actual,
        "explanation": finding.explanation or None,
        "suggestions": list(map(_suggestion, finding.suggestions)),
    }
    if spots := [place.spot for place in finding.places if place.spot is not None]:
        told["places"] = [{**spot._asdict(), "page": spot.page or None} for spot in spots]  # type: ignore[typeddict-item]
    return told


def _suggestion(one: Suggestion) -> SuggestionJson:
    return {"field": one.field, "cell": one.place.address, "value": one.value, "reason": one.reason}


def _waiting(outcome: Outcome) -> WaitingJson:
    return {"code": outcome.code, "reason": outcome.reason, "fields": list(outcome.fields)}


def _cause(diagnosis: Cause) -> CauseJson:
    return {
        "findings": list(diagnosis.findings),
        "certain": diagnosis.certain,
        "explanations": [list(map(_suggestion, changes)) for changes in diagnosis.explanations],
    }


def _mend(mend: Mend) -> MendJson:
    return {"field": mend.field, "cell": mend.place.address, "old": mend.old, "new": mend.new, "reason": mend.reason}


def _previous(rounds: Rounds) -> PreviousJson:
    return {
        "path": rounds.previous,
        "closed": list(map(finding_json, rounds.closed)),
        "new": list(rounds.new),
        "remaining": list(rounds.remaining),
        "changed": [{"field": c.field, "cell": c.place.address, "old": c.old, "new": c.new} for c in rounds.changed],
    }


# --- the list of units -----------------------------------------------------------------------------------------------


def roster_json(roster: Roster, tallies: Mapping[str, Tally]) -> RosterJson:
    """What the document says of a list of units.

    Args:
        roster: the list, and what came in.
        tallies: by path, of every file of the roster.
    """
    return {
        "units": [_unit(entry, tallies) for entry in roster.entries],
        "strays": [_stray(stray, tallies) for stray in roster.strays],
    }


def _unit(entry: RosterLine, tallies: Mapping[str, Tally]) -> UnitJson:
    newest = entry.newest
    return {
        "name": entry.unit.name,
        "code": entry.unit.code,
        "parent": entry.unit.parent,
        "status": tallies[newest.path].status if newest else "missing",
        "review": newest is not None and tallies[newest.path].needs_review,
        "path": newest.path if newest else None,
        "older": [one.path for one in entry.older],
        "notices": list(entry.notices),
        "only_adds_up": entry.only_adds_up,
    }


def _stray(stray: Stray, tallies: Mapping[str, Tally]) -> StrayJson:
    path = stray.handed.path
    return {"path": path, "reason": stray_reason(stray, tallies[path])}


def stray_reason(stray: Stray, tally: Tally) -> str:
    """Why a file belongs to no unit; one that cannot be read has no cover that could say more."""
    return "文件无法读取，看不出是哪个单位的" if tally.status == "unreadable" else stray.reason
