"""``xlcheck convert``: a report turned into the official workbook."""

from __future__ import annotations

from pathlib import Path

import click

from xlcheck.commands import chinese
from xlcheck.commands.terminal import form_option, notice


@click.command(cls=chinese.Command, example="xlcheck convert 年报.docx -o 填报表.xlsx")
@click.argument("document", metavar="文档", type=click.Path(path_type=Path))
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="文件", required=True, help="写到哪个 .xlsx 文件。")
@form_option
def convert_command(document: Path, out: Path, form: str | None) -> None:
    """把年报文档（.docx、.html、.pdf 等）里的表转成填报表：空着的格仍空着，填得不对的照原样，不作改正。"""
    from xlcheck.tasks.convert import convert_to

    convert_to(document, out, form, notice)
