"""``xlcheck form``: form files of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import notice, say


@click.group(
    cls=chinese.Group,
    modules=dict.fromkeys(("draft", "check"), __name__),
    example="xlcheck form draft 表.xlsx -o my.toml",
)
def form_command() -> None:
    """本单位自己的表：照工作簿起草表格定义文件，检查定义文件。"""


@click.command(cls=chinese.Command, example="xlcheck form draft 表.xlsx -o my.toml")
@click.argument("table", metavar="工作簿")
@click.option(
    "-o", "out", type=click.Path(path_type=Path), metavar="文件", help="写到哪个 .toml 文件；不写时与工作簿同名。"
)
def draft_command(table: str, out: Path | None) -> None:
    """照一个 .xlsx 里的表起草表格定义：表头、合并的格、要填的格、相加的公式。"""
    from xlcheck.tasks.drafts import write_draft

    write_draft(table, out, notice)


@click.command(cls=chinese.Command, example="xlcheck form check my.toml")
@click.argument("file", metavar="文件")
@click.pass_context
def check_command(ctx: click.Context, file: str) -> None:
    """检查表格定义文件：一次列出全部错误和所在的行。"""
    from xlcheck.model.text import clean
    from xlcheck.tasks.drafts import check_form

    checked = check_form(file)
    if checked.form is not None:
        form = checked.form
        size = f"{len(form.tables)} 张表，{len(form.fields)} 格，{len(form.relations)} 处勾稽关系"
        say(clean(f"“{file}”没有错误：{size}") + "\n")
        return
    say(clean(f"表格定义文件“{file}”有 {len(checked.faults)} 处错误：") + "\n")
    for fault in checked.faults:
        line = f"第 {fault.line} 行　" if fault.line else ""
        say(clean(f"{line}{fault.message}") + "\n")
    ctx.exit(1)
