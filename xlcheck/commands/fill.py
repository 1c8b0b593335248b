"""``xlcheck fill``: a workbook's numbers put into the office's own document."""

from __future__ import annotations

from pathlib import Path

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import form_option, notice


@click.command(cls=chinese.Command, example="xlcheck fill 填报表.xlsx --into 年报.docx -o 年报-已填.docx")
@click.argument("workbook", metavar="填报表", type=click.Path(path_type=Path))
@click.option(
    "--into", type=click.Path(path_type=Path), metavar="文档", required=True, help="填进哪个 .docx 文档；原文件不改动。"
)
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="文件", required=True, help="写到哪个 .docx 文件。")
@form_option
def fill_command(workbook: Path, into: Path, out: Path, form: str | None) -> None:
    """把核对通过的填报表的数填进本单位年报文档的表里：按表头找格，只改表里的数，正文一字不动。"""
    from xlcheck.tasks.fill import fill_into

    fill_into(workbook, into, out, form, notice)
