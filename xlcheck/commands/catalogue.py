"""``xlcheck explain``, ``fields`` and ``forms``: what xlcheck knows."""

from __future__ import annotations

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import fail, form_option, say, say_bytes
from xlcheck.tasks.given import form_of


@click.command(cls=chinese.Command, example="xlcheck explain B101")
@click.argument("code", metavar="[编号]", required=False)
@form_option
def explain_command(code: str | None, form: str | None) -> None:
    """说明一条规则：为什么、错误示例、正确示例、怎样改；不带编号时列出全部规则。"""
    from xlcheck.forms.file import form_ids
    from xlcheck.forms.pages import entry_text, index_text
    from xlcheck.forms.rules import catalogue_of_all

    rules = catalogue_of_all(map(form_of, (form,) if form else form_ids()))
    if code is None:
        say(index_text(rules.values()))
        return
    rule = rules.get(code.upper())
    if rule is None:
        raise fail(f"没有规则“{code}”；用“xlcheck explain”列出全部规则")
    say(entry_text(rule))


@click.command(cls=chinese.Command, example="xlcheck fields --format json")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", help="text 或 json。")
@form_option
def fields_command(style: str, form: str | None) -> None:
    """列出表中每一格：键、表头、种类、工作表和单元格。"""
    from xlcheck.model.cells import cell_name

    known = form_of(form)
    if style == "json":
        import json

        from xlcheck.forms.document import form_json

        say_bytes(json.dumps(form_json(known), ensure_ascii=False, indent=1) + "\n")
        return
    say("".join(f"{f.key}\t{f.sheet}!{cell_name(f.cell)}\t{f.kind}\t{' / '.join(f.labels)}\n" for f in known.fields))


@click.command(cls=chinese.Command, example="xlcheck forms")
def forms_command() -> None:
    """列出可以核对的表。"""
    from xlcheck.forms.file import form_ids

    for form in map(form_of, form_ids()):
        size = f"{len(form.fields)} 格，{len(form.relations)} 处勾稽关系"
        say(f"{form.id}\t{form.title}\t{form.source.document}\t{size}\n")
