"""Printing catalogue entries: for the terminal, and as the pages of docs/rules."""

from __future__ import annotations

from collections.abc import Iterable

from xlcheck.forms.rules import FAMILIES, SEVERITIES, Rule


def entry_text(rule: Rule) -> str:
    """An entry for the terminal."""
    return (
        f"{rule.code}　{rule.title}（{rule.family.title}，{_severity(rule)}）\n\n"
        f"为什么：{rule.why}\n错误示例：{rule.wrong_says}\n正确示例：{rule.right_says}\n怎样改：{rule.mend}\n"
    )


def _severity(rule: Rule) -> str:
    """In a clerk's words; an error that may be explained says so."""
    says = SEVERITIES[rule.severity]
    return f"{says}；在封面“情况说明”中写明原因的，改为核实性" if rule.explainable else says


def index_text(rules: Iterable[Rule]) -> str:
    """All entries for the terminal, a line each."""
    return "".join(f"{rule.code}　{SEVERITIES[rule.severity]}　{rule.title}\n" for rule in rules)


def entry_page(rule: Rule) -> str:
    """An entry as a page of the docs (Markdown)."""
    return (
        f"# {rule.code} {rule.title}\n\n{rule.family.title}，{_severity(rule)}。\n\n"
        f"## 为什么\n\n{rule.why}\n\n## 错误示例\n\n{rule.wrong_says}\n\n## 正确示例\n\n{rule.right_says}\n\n"
        f"## 怎样改\n\n{rule.mend}\n"
    )


def index_page(rules: Iterable[Rule]) -> str:
    """The table of all entries as a page of the docs (Markdown)."""
    lines = ["# 规则目录", "", "`xlcheck explain 编号` 显示同样的内容。"]
    by_letter: dict[str, list[Rule]] = {}
    for rule in rules:
        by_letter.setdefault(rule.code[0], []).append(rule)
    for letter, members in by_letter.items():
        lines += ["", f"## {letter} {FAMILIES[letter].title}", "", "| 编号 | 级别 | 规则 |", "|---|---|---|"]
        lines += [f"| [{rule.code}]({rule.code}.md) | {SEVERITIES[rule.severity]} | {rule.title} |" for rule in members]
    return "\n".join(lines) + "\n"
