"""What findings of numbers say to a clerk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlcheck.model.finding import Cause, Suggestion
from xlcheck.model.form import Relation, Term
from xlcheck.model.numbers import Number, exact, exact_sum, magnitude, negated


def side(terms: Iterable[Term], values: Mapping[str, Number]) -> str:
    """One side of a relation: ``第一项 6 ＋ 第二项 0 ＝ 6``; a blank operand is said to be blank."""
    said: list[str] = []
    numbers: list[Number] = []
    terms = tuple(terms)
    blank = False
    for term in terms:
        known = [values[field.key] for field in term.fields if field.key in values]
        missing = len(term.fields) - len(known)
        amount = exact_sum(known)
        numbers += known
        blank = blank or missing > 0
        if missing == len(term.fields):
            said.append(f"{term.name}（空）")
        elif missing:
            said.append(f"{term.name} {exact(amount)}（另有 {missing} 格空着）")
        else:
            said.append(f"{term.name} {exact(amount)}")
    text = " ＋ ".join(said)
    return text if blank or len(terms) == 1 else f"{text} ＝ {exact(exact_sum(numbers))}"


def imbalance(relation: Relation, values: Mapping[str, Number]) -> str:
    """Both sides of a relation that does not hold, and the difference where both are known."""
    where = f"{relation.where}：" if relation.where else ""
    both = f"{where}{side(relation.left, values)}，{side(relation.right, values)}"
    if all(key in values for key in relation.keys):
        gap = exact_sum(
            [*(values[key] for key in relation.left_keys), *(negated(values[key]) for key in relation.right_keys)]
        )
        return f"{both}，相差 {exact(magnitude(gap))}"
    return f"{both}；空着的格无论填多少，两边都不会相等"


TOLD = 5
"""No more explanations than a clerk will read."""


def together(diagnosis: Cause) -> str:
    """What findings of one cause have in common: one mistake, or only relations that several mistakes meet in."""
    return "出于同一原因" if diagnosis.one and diagnosis.explanations else "互有牵连，请逐格核对"


def further(diagnosis: Cause) -> str:
    """That there are more explanations than are told; empty if there are not."""
    more = len(diagnosis.explanations) - TOLD
    return f"另有 {more} 种可能，请逐格核对" if more > 0 and not diagnosis.certain else ""


def _changes(explanation: Sequence[Suggestion]) -> Iterator[str]:
    """``依申请公开!D5 应为 6``, ``D28 应为 6``: a sheet is named with the first of its cells."""
    sheet = ""
    for change in explanation:
        yield f"{change.place.address.removeprefix(sheet)} 应为 {change.value}"
        sheet = f"{change.place.sheet}!"


def possible(diagnosis: Cause) -> str:
    """What may be behind broken balances, a line an explanation."""
    if not diagnosis.explanations:
        return "没有简单的解释，请逐格核对"
    lines = ["，".join(_changes(explanation)) for explanation in diagnosis.explanations[:TOLD]]
    if diagnosis.certain:
        return lines[0]
    said = [f"可能{number}：{line}" for number, line in enumerate(lines, start=1)]
    return "\n".join([*said, *filter(None, [further(diagnosis)])])
