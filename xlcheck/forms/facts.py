"""The facts that a report's text may state, and the fields that hold them, as a form file's ``[facts]`` say."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from xlcheck.forms import notation
from xlcheck.forms.faults import Faults
from xlcheck.forms.relations import set_members
from xlcheck.model.form import Field

APPLICANT_GROUPS = ("person", "organisations", "business", "research", "welfare", "legal")
"""How the text divides applicants."""

RESULT_FACTS = (
    "granted", "partly_granted", "refused", "unavailable", "declined", "other_results",
    "refused_secret", "refused_law", "refused_security", "refused_third_party",
    "refused_internal", "refused_process", "refused_enforcement", "refused_inquiry",
    "unavailable_not_held", "unavailable_to_create", "unavailable_unclear",
    "declined_petition", "declined_repeat", "declined_publication", "declined_excessive", "declined_confirmation",
    "other_not_corrected", "other_fee_unpaid",
)  # fmt: skip
"""What may come of a request: six groups, then their parts."""

REQUEST_FACTS = (
    "received", "carried_in", "handled", "carried_out",
    *(f"{row}.{group}" for row, group in product(("received", "carried_in", "handled"), APPLICANT_GROUPS)),
)  # fmt: skip
"""How many requests there were, of all applicants and of each group."""

DISPUTE_FACTS = tuple(
    f"{group}.{state}"
    for group, state in product(
        ("review", "suit_direct", "suit_after_review"), ("total", "upheld", "corrected", "other", "pending")
    )
)
"""Reviews and suits."""

DOCUMENT_FACTS = tuple(
    f"{kind}.{what}"
    for kind, what in product(("regulations", "normative_documents"), ("issued", "repealed", "in_force"))
)
"""Documents with legal force."""

DECISION_FACTS = ("licensing", "penalties", "coercion", "fees")
"""Decisions, and fees in 万元."""

FACTS = frozenset((*REQUEST_FACTS, *RESULT_FACTS, *DISPUTE_FACTS, *DOCUMENT_FACTS, *DECISION_FACTS))
"""All facts that can be read in a text."""


def read_facts(data: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults) -> Mapping[str, tuple[str, ...]]:
    """The fields that add up to each fact that a form holds; an empty text leaves out a fact of the form's base.

    Args:
        data: the whole form file.
        fields: the form's fields by their keys.
        faults: where faults are noted.
    """
    table = faults.table(data, "facts", "", optional=True)
    faults.unknown(table, FACTS, "facts")
    sets = set_members(data, fields, faults) if table else {}
    terms = {fact: faults.text(table, fact, "facts") for fact, term in table.items() if term != ""}
    return {fact: _keys(term, fact, sets, fields, faults) for fact, term in terms.items()}


def _keys(
    term: str, fact: str, sets: Mapping[str, tuple[str, ...]], fields: Mapping[str, Field], faults: Faults
) -> tuple[str, ...]:
    try:
        keys = notation.expand(term, None, sets)
    except notation.InvalidRelation as error:
        faults.add(f"facts.{fact}", str(error))
        return ()
    for key in keys:
        if term and key not in fields:
            faults.add(f"facts.{fact}", f"no field {key!r}")
    return tuple(key for key in keys if key in fields)
