"""What a report's text states against what its tables hold: told only where no meaning of the words fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from xlcheck.forms.facts import DECISION_FACTS, DOCUMENT_FACTS, REQUEST_FACTS, RESULT_FACTS
from xlcheck.forms.rules import severity
from xlcheck.model.finding import Finding
from xlcheck.model.form import Field, Form
from xlcheck.model.numbers import Number, exact, exact_sum, minus
from xlcheck.model.submission import Submission
from xlcheck.model.text import entered
from xlcheck.reading.prose.lexer import MARKS
from xlcheck.reading.prose.read import read_statements
from xlcheck.reading.prose.spelling import squeezed
from xlcheck.reading.prose.statement import Meant, Statement

_QUOTED = 60
"""Characters of the text that a message quotes."""
_MOST_TOLD = 50
"""Findings of one text; whoever has more has another report's tables."""
_ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
"""How people round a share."""


def prose_findings(submission: Submission, values: Mapping[str, Number]) -> list[Finding]:
    """What the text of a submission states and its tables do not hold.

    Args:
        submission: what was handed in, with its text.
        values: the numbers of the readable fields that can be right, by key.
    """
    told: dict[tuple[str, Decimal, tuple[Meant, ...]], Finding] = {}
    for statement in read_statements(submission.paragraphs, submission.unit, submission.year):
        same = (statement.fact, statement.number, statement.meant)
        if same not in told and (finding := _finding(submission, statement, values)):
            told[same] = finding
    return list(told.values())[:_MOST_TOLD]


def _finding(submission: Submission, statement: Statement, values: Mapping[str, Number]) -> Finding | None:
    form = submission.form
    if not all(fact in form.facts for one in statement.meant for fact in _facts(one)):
        return None
    held = [_held(form, one, values) for one in statement.meant]
    if any(number is None for number in held) or any(_fits(statement, number) for number in held):
        return None
    code = rule_of(statement)
    keys = tuple(dict.fromkeys(key for one in statement.meant for key in _keys(form, one)))
    return Finding(
        code,
        severity(code),
        _message(form, statement, values),
        keys,
        tuple(submission.places[key] for key in keys),
        _shown(held[0], statement),
        exact(statement.number),
    )


def rule_of(statement: Statement) -> str:
    """The code of the rule that a statement falls under."""
    if statement.unit == "%":
        return "N105"
    for code, facts in (
        ("N101", REQUEST_FACTS),
        ("N102", RESULT_FACTS),
        ("N104", DOCUMENT_FACTS),
        ("N106", DECISION_FACTS),
    ):
        if statement.fact in facts:
            return code
    return "N103"


def _facts(one: Meant) -> Iterator[str]:
    yield from one.plus
    yield from one.minus
    yield from one.of


def _keys(form: Form, one: Meant) -> Iterator[str]:
    for fact in _facts(one):
        yield from form.facts[fact]


def _held(form: Form, one: Meant, values: Mapping[str, Number]) -> Number | None:
    """What the tables hold for one meaning; None where the form has no such fields, or they hold nothing readable."""
    for fact in _facts(one):
        keys = form.facts.get(fact)
        if not keys or not all(key in values for key in keys):
            return None
    plus, less, whole = (
        exact_sum(values[key] for fact in facts for key in form.facts[fact]) for facts in (one.plus, one.minus, one.of)
    )
    number = minus(plus, less)
    if not one.of:
        return number
    return Decimal(number) * 100 / Decimal(whole) if whole else None


def _fits(statement: Statement, number: Number | None) -> bool:
    if number is None or statement.unit not in ("%", "万元"):
        return number == statement.number
    step = Decimal(1).scaleb(-statement.digits)
    return any(Decimal(number).quantize(step, rounding=how) == statement.number for how in _ROUNDINGS)


def _shown(number: Number | None, statement: Statement) -> str | None:
    """A number as the text would print it."""
    if number is None or statement.unit != "%":
        return None if number is None else exact(number)
    return exact(Decimal(number).quantize(Decimal(1).scaleb(-statement.digits), rounding=ROUND_HALF_UP))


# --- what a clerk is told --------------------------------------------------------------------------------------------


def _message(form: Form, statement: Statement, values: Mapping[str, Number]) -> str:
    facts = dict.fromkeys(fact for one in statement.meant for fact in _facts(one))
    table = "，".join(f"“{_says(form, fact)}”为 {exact(_total(form, fact, values))}" for fact in facts)
    counted = (
        f"算得 {_shown(_held(form, statement.meant[0], values), statement)}%，与正文的 {exact(statement.number)}% 不一致"
        if statement.unit == "%"
        else f"与正文的 {exact(statement.number)} 不一致"
    )
    return (
        f"正文第 {statement.paragraph + 1} 段写“{_quoted(statement)}”；表中{table}，{counted}。"
        "请核对原始登记：正文写错的改正文，表格填错的改表格；统计口径不同的，请写明情况"
    )


def _quoted(statement: Statement) -> str:
    """The sentence; of a long one the part that states the number, with what is said right before it."""
    whole = "".join(statement.sentence.split())
    if len(whole) <= _QUOTED:
        return entered(whole, _QUOTED)
    read = squeezed(statement.sentence)
    end = min(statement.at + len(statement.clause), statement.at + _QUOTED)
    marks = (at + 1 for at in range(max(end - _QUOTED, 0), statement.at - 1) if read[at] in MARKS)
    begin = 0 if end <= _QUOTED else next(marks, statement.at)
    # As it is printed, where reading it moved no character.
    text = whole if len(whole) == len(read) else read
    return entered("…" * (begin > 0) + text[begin:end] + "…" * (end < len(text)))


def _total(form: Form, fact: str, values: Mapping[str, Number]) -> Number:
    return exact_sum(values[key] for key in form.facts[fact])


def _says(form: Form, fact: str) -> str:
    """The fields of a fact in a clerk's words: the heads that all of them have."""
    fields = [form.by_key[key] for key in form.facts[fact]]
    if len(fields) == 1:
        return fields[0].says
    rows, columns = (_shared(fields, heads) for heads in (lambda f: f.row_labels, lambda f: f.column_labels))
    return "／".join((" ".join(rows[-2:]), *columns[-1:]))


def _shared(fields: list[Field], heads: Callable[[Field], tuple[str, ...]]) -> list[str]:
    return [label for label in heads(fields[0]) if all(label in heads(field) for field in fields)]
