"""The rule catalogue: what each code means, why it matters, and how to mend it.

The entries of a form's relations and checks come from the form; all others from ``rules.toml``. ``xlcheck explain``, the pages in
``docs/rules`` and the annotated workbook print the same entry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from xlcheck.forms.ready import kept
from xlcheck.model.finding import Severity
from xlcheck.model.form import Example, Form, RuleText
from xlcheck.model.tuples import NamedTuple

FIXED_RULES = Path(__file__).parent / "rules.toml"
"""The rules that hold for every form."""


class RuleFamily(NamedTuple):
    """Rules that look at the same kind of thing."""

    title: str
    """In a clerk's words."""
    of_cells: bool = False
    """Whether they look at single cells."""
    wants_last_year: bool = False
    """Whether they wait for last year's submission."""


FAMILIES: Mapping[str, RuleFamily] = {
    "F": RuleFamily("文件"),
    "S": RuleFamily("结构"),
    "C": RuleFamily("单元格", of_cells=True),
    "B": RuleFamily("勾稽关系"),
    "P": RuleFamily("合理性"),
    "Y": RuleFamily("与上年比对", wants_last_year=True),
    "N": RuleFamily("正文与表格"),
}
"""The families of rules, by the first letter of their codes."""

SEVERITIES: Mapping[Severity, str] = {"error": "强制性", "warning": "核实性"}
"""The severities in a clerk's words."""


class Rule(NamedTuple):
    """One entry of the catalogue."""

    code: str
    severity: Severity
    title: str
    why: str
    mend: str
    wrong_says: str
    """A wrong example in words."""
    right_says: str
    """A right example in words."""
    wrong: Sequence[Any]
    """Steps that make the wrong example of a clean workbook."""
    right: Sequence[Any]
    """Steps that make the right example of a clean workbook."""
    mends: bool = False
    """Whether the cell alone says which number it means: that number counts, and ``--fix`` may write it."""
    fills: bool = False
    """Whether the cell holds no number, so that what explains broken balances may say which one belongs there."""

    explainable: bool = False
    """Of an error: whether the department may explain it on the cover; it is a warning then."""

    @property
    def family(self) -> RuleFamily:
        """What it looks at."""
        return family(self.code)


def family(code: str) -> RuleFamily:
    """What the rule of this code looks at."""
    return FAMILIES[code[0]]


def fixed_rule(code: str) -> Rule | None:
    """The rule of this code that holds for every form; None where it is a form's own."""
    return _common().get(code)


def severity(code: str) -> Severity:
    """The severity of a rule that holds for every form, or of a form's balance, which must always be mended."""
    rule = fixed_rule(code)
    return "error" if rule is None else rule.severity


def catalogue(form: Form) -> dict[str, Rule]:
    """All rules that apply to `form`, by code, in the order of their families."""
    return _in_order([*_common().values(), *map(_of_form, form.rule_texts)])


def rules_of(form: Form, codes: Collection[str]) -> dict[str, Rule]:
    """Those rules of :func:`catalogue` that have one of these codes: for one workbook it need not be made whole."""
    common = {code: rule for code, rule in _common().items() if code in codes}
    return common | {text.code: _of_form(text) for text in form.rule_texts if text.code in codes}


def catalogue_of_all(forms: Iterable[Form]) -> dict[str, Rule]:
    """All rules that apply to any of `forms`, in the same order; where several have a code, the first one's words."""
    found: dict[str, Rule] = {}
    for form in forms:
        found = {**catalogue(form), **found}
    return _in_order(found.values())


def _in_order(rules: Iterable[Rule]) -> dict[str, Rule]:
    families = "".join(FAMILIES)
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: (families.index(rule.code[0]), rule.code))}


@lru_cache(maxsize=1)
def _common() -> Mapping[str, Rule]:
    text = FIXED_RULES.read_text(encoding="utf-8")
    entries = kept(FIXED_RULES.with_suffix(".json"), text)
    if entries is None:
        from xlcheck.forms import toml  # late: costly, and mostly the rules are kept ready

        entries = toml.loads(text)["rules"]
    return {entry["code"]: Rule(**entry) for entry in entries}


def _of_form(text: RuleText) -> Rule:
    return Rule(
        code=text.code,
        severity=text.severity,
        title=text.title,
        why=text.why,
        mend=text.mend,
        wrong_says=text.wrong.says,
        right_says=text.right.says,
        wrong=_steps(text.wrong),
        right=_steps(text.right),
        explainable=text.explainable,
    )


def _steps(example: Example) -> list[Any]:
    steps: list[Any] = [["fields", dict(example.values)]]
    return [*steps, ["prior", dict(example.last_year)]] if example.last_year else steps
