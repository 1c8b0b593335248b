"""The rule catalogue: what each code means, why it matters, and how to mend it.

The entries of a form's relations and checks come from the form; all others from ``rules.toml``. ``xlcheck explain``, the pages in
``docs/rules`` and the annotated workbook print the same entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from xlcheck.forms import toml
from xlcheck.model.finding import Severity
from xlcheck.model.form import Example, Form, RuleText

FAMILIES: Mapping[str, str] = {
    "F": "文件",
    "S": "结构",
    "C": "单元格",
    "B": "勾稽关系",
    "P": "合理性",
    "Y": "与上年比对",
}
"""The families of rules, by the first letter of their codes."""

SEVERITIES: Mapping[Severity, str] = {"error": "强制性", "warning": "核实性"}
"""The severities in a clerk's words."""

WARNINGS = frozenset({"S104", "P201"})
"""The codes that warn; kept beside the catalogue so that a clean workbook never loads it (a test compares)."""


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

    @property
    def family(self) -> str:
        """The family in a clerk's words."""
        return FAMILIES[self.code[0]]


def severity(code: str) -> Severity:
    """The severity of a rule."""
    return "warning" if code in WARNINGS else "error"


def catalogue(form: Form) -> dict[str, Rule]:
    """All rules that apply to `form`, by code, in the order of their families."""
    rules = [*_common(), *map(_of_form, form.rule_texts)]
    families = "".join(FAMILIES)
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: (families.index(rule.code[0]), rule.code))}


@lru_cache(maxsize=1)
def _common() -> tuple[Rule, ...]:
    text = (Path(__file__).parent / "rules.toml").read_text(encoding="utf-8")
    return tuple(Rule(**entry) for entry in toml.loads(text)["rules"])


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
    )


def _steps(example: Example) -> list[Any]:
    steps: list[Any] = [["fields", dict(example.values)]]
    return [*steps, ["prior", dict(example.prior)]] if example.prior else steps
