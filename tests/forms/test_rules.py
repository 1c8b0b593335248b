"""The catalogue: every rule has its entry, and its examples do what they say."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from unittest.mock import patch

import pytest

import tests.making.filling as filling
from tests.making import readers
from tests.making.filling import clean_workbook, form
from tests.making.reports import codes_of_report
from xlcheck.batch import run as batch
from xlcheck.batch.plan import Job
from xlcheck.forms import rules
from xlcheck.forms.pages import entry_page, entry_text, index_page, index_text
from xlcheck.forms.rules import FAMILIES, Rule, catalogue, severity
from xlcheck.guard.admit import admit
from xlcheck.model.errors import Refused
from xlcheck.reading.open import Forms

RULES = catalogue(form())
FIXED = {code: rule for code, rule in RULES.items() if code[0] not in "PY"}
PACKAGE = Path(rules.__file__).parent.parent


def found(steps: object) -> list[str]:
    """The codes that a spoilt clean workbook gives."""
    assert isinstance(steps, list)
    if steps and steps[0][0] == "reader":
        return told_with_a_reader_that_aborts()
    if steps and steps[0][0] == "report":
        return codes_of_report(steps[0][1])
    data = filling.with_steps(clean_workbook(), steps)
    try:
        admit(data)
    except Refused as refused:
        return [refused.code]
    return filling.codes_of(steps)


def told_with_a_reader_that_aborts() -> list[str]:
    with patch.object(batch, "_told", readers.told):
        (told,) = batch.check_all(
            [Job(Path("abort.xlsx"), "abort.xlsx", None, content=clean_workbook())], batch.Setting(Forms())
        )
    return [finding["code"] for finding in json.loads(told.entry)["findings"]]


def test_codes_are_sorted_by_family_and_unique() -> None:
    codes = list(RULES)
    assert codes == sorted(codes, key=lambda code: ("".join(FAMILIES).index(code[0]), code))
    assert all(re.fullmatch(r"[FSCBPYN]\d{3}", code) for code in codes)
    text = (PACKAGE / "forms" / "rules.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^code = "(.*)"', text, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert not {t.code for t in form().rule_texts} & set(listed)


def test_the_codes_of_the_design_are_there() -> None:
    expected = (
        [f"F10{n}" for n in range(1, 5)]
        + [f"S10{n}" for n in range(1, 8)]
        + [f"C10{n}" for n in range(1, 10)]
        + [f"B10{n}" for n in range(1, 5)]
    )
    assert set(expected) <= set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_entry_has_all_its_texts_in_chinese(rule: Rule) -> None:
    for text in (rule.title, rule.why, rule.mend, rule.wrong_says, rule.right_says):
        assert re.search("[\u4e00-\u9fff]|[0-9]", text)
        assert text == text.strip()
    assert re.search("[\u4e00-\u9fff]", rule.title + rule.why)
    assert rule.why.endswith("。")
    assert rule.mend.endswith("。")
    assert not rule.title.endswith("。")
    assert len(rule.title) <= 30
    assert rule.wrong


@pytest.mark.parametrize("rule", FIXED.values(), ids=list(FIXED))
def test_the_wrong_example_gives_its_code(rule: Rule) -> None:
    if any("encrypted" in step for step in rule.wrong):
        hostile = pytest.importorskip("tests.hostile.makers")
        if not hasattr(hostile, "encrypted_workbook"):
            pytest.skip("no encrypted workbook yet")
    assert rule.code in found(rule.wrong)


ASKS = re.compile("请|应为|应得|应直接|只能是")
"""How a text says what to do next, or what belongs there."""
TYPED = {"put", "fields", "drop", "add", "copy", "merge", "hide-row", "format", "insert-row", "property"}


@pytest.mark.parametrize(
    "rule", [rule for rule in FIXED.values() if rule.code[0] not in "BF" and {step[0] for step in rule.wrong} <= TYPED]
)
def test_what_is_said_of_a_wrong_example_says_what_to_do(rule: Rule) -> None:
    told = filling.verified(filling.with_steps(clean_workbook(), rule.wrong)).findings
    texts = [finding.message for finding in told if finding.code == rule.code]
    assert texts
    assert all(ASKS.search(text) for text in texts), texts


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_mend_says_what_to_do(rule: Rule) -> None:
    assert re.search("改|填|核对|保存|删除|取消|另存|重新|请|清空|选|输入|缩|写|恢复|复制", rule.mend)


@pytest.mark.parametrize("rule", FIXED.values(), ids=list(FIXED))
def test_the_right_example_does_not(rule: Rule) -> None:
    assert rule.code not in found(list(rule.right))


def test_severities_are_those_of_the_catalogue() -> None:
    for rule in RULES.values():
        assert rule.severity in ("error", "warning")
        if not rule.family.wants_last_year and rule.code[0] != "P":
            assert severity(rule.code) == rule.severity


def test_what_follows_from_a_rule_is_said_of_cells_only() -> None:
    for rule in RULES.values():
        assert rule.family.of_cells or not (rule.mends or rule.fills)
        assert not (rule.mends and rule.fills)
    assert [code for code, rule in RULES.items() if rule.mends] == ["C104"]


def test_nothing_asks_for_a_code_but_the_words_of_cells() -> None:
    asking = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                said = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
                if any(isinstance(text, str) and re.fullmatch(r"[FSCBPYN](\d{3})?", text) for text in said):
                    asking.add(path.relative_to(PACKAGE).as_posix())
    assert asking == {"checking/cell_findings.py"}


def test_every_code_in_the_code_is_in_the_catalogue() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"[FSCBPYN]\d{3}", node.value)
            ):
                assert node.value in RULES, f"{path.name} says {node.value}"


def test_every_fixed_code_of_the_catalogue_is_in_the_code() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    for code in FIXED:
        assert code[0] == "B" or f'"{code}"' in said, code


def test_terminal_and_page_say_the_same() -> None:
    for rule in RULES.values():
        for text in (entry_text(rule), entry_page(rule)):
            for part in (rule.code, rule.title, rule.why, rule.mend, rule.wrong_says, rule.right_says):
                assert part in text
        assert rule.title in index_text(RULES.values())
        assert f"({rule.code}.md)" in index_page(RULES.values())


def test_explanations_have_no_word_of_code() -> None:
    for rule in RULES.values():
        assert not re.search(r"\b(None|True|null|error|field|key|TOML|JSON)\b", entry_text(rule))
