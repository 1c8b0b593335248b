"""A report filled from a workbook: the numbers of a form put into the cells that its labels prove, and nothing else changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlcheck.copies.documents.docx_drawn import drawn_table
from xlcheck.copies.documents.docx_typed import Typing
from xlcheck.copies.package import Patch, container
from xlcheck.copies.workbook import without_signatures
from xlcheck.guard.parts import TYPES
from xlcheck.guard.word import check_word
from xlcheck.model.cells import table_place
from xlcheck.model.errors import Error
from xlcheck.model.form import Form, Table
from xlcheck.model.labels import fold
from xlcheck.model.submission import NoValue, held_text
from xlcheck.model.text import names, quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.docx import parse_word
from xlcheck.reading.documents.fields import Matched, Spotted, find_fields
from xlcheck.reading.documents.grid import Document
from xlcheck.reading.documents.values import held_by
from xlcheck.reading.documents.who import may_be_same, read_who
from xlcheck.reading.documents.wording import Wording

_ORDINARY = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TOLD = 3
"""A table with so many labels of its own was meant to be the form's."""
_NAMED = 5
"""Of more fields only the first are named."""


class CannotFill(Error):
    """A document cannot be filled, or not surely."""

    code = "no-fill"


class Filling(NamedTuple):
    """What a document is filled with."""

    form: Form
    unit: str
    year: int | None
    values: Mapping[str, str]
    """Of all fields, by their keys, as they are written."""


class FilledReport(NamedTuple):
    """A document that was filled."""

    data: bytes
    notices: tuple[str, ...]
    """What was changed, and what is to be looked at, in a clerk's words."""


class _Fill(NamedTuple):
    matched: Matched
    written: Sequence[str]
    """The keys of fields whose cells change."""
    added: Sequence[Table]


def fill_docx(data: bytes, numbers: Filling, others: Sequence[Form] = ()) -> FilledReport:
    """Fill a .docx. What was filled is read again, and given out only where it says the numbers and nothing else changed.

    Args:
        data: the file's bytes.
        numbers: all that the form asks for.
        others: forms that the document's tables may be instead.

    Raises:
        Refused: it cannot be read.
        CannotFill: nobody can be sure where the numbers belong, or it is another unit's or year's.
    """
    package = check_word(data)
    patch = Patch(data, package.parts)
    if _ORDINARY not in patch[TYPES]:
        raise CannotFill("带宏的文档和文档模板不能填；请用 Word 或 WPS 另存为 .docx 后再填")
    document = parse_word(package)
    missing = _check_who(document, numbers)
    fill = _planned(document, numbers, others)
    typing = Typing(package.text)
    for key in fill.written:
        spotted = fill.matched.cells[key]
        at = spotted.grid.number, (spotted.cell.row, spotted.cell.column)
        if not typing.is_plain(at):
            raise CannotFill(
                f"{_found(spotted)}里有修订、控件、域、图片或嵌套的表格，不能填；请先接受修订，把这一格改成普通文字"
            )
        typing.type(at, numbers.values[key])
    at_end = [
        table
        for table in fill.added
        if not typing.add(table.title.text, drawn_table(table, numbers.values, typing.namespace))
    ]
    unsigned = bool(fill.written or fill.added) and without_signatures(patch)
    patch[patch.book] = typing.typed()
    filled = container(list(patch.packed()))
    _prove(document, filled, numbers, at_end)
    signature = ["数字签名不再有效，已经去掉"] if unsigned else []
    return FilledReport(filled, (*missing, *_notices(fill, numbers, at_end), *signature))


# --- before ----------------------------------------------------------------------------------------------------------


def _check_who(document: Document, numbers: Filling) -> list[str]:
    """Refuse what is another unit's or year's; answers what the document does not say."""
    who = read_who(document.paragraphs)
    said = [name for name in (who.titled[0], who.signed.unit if who.signed else "") if name]
    for name in said:
        if not may_be_same(name, fold(numbers.unit)):
            raise CannotFill(f"文档是“{quote(name)}”的，填报表是“{quote(numbers.unit)}”的；请核对单位名称")
    if who.year is not None and who.year != numbers.year:
        raise CannotFill(f"文档是 {who.year} 年度的，填报表是 {numbers.year} 年度的；请核对报告年度")
    lacking = [word for word, lacks in (("单位名称", not said), ("报告年度", who.year is None)) if lacks]
    return [f"文档的标题和落款里没有{'和'.join(lacking)}，请补上"] if lacking else []


def _planned(document: Document, numbers: Filling, others: Sequence[Form]) -> _Fill:
    form = numbers.form
    matched = find_fields(form, document.grids)
    for other in others:
        if other != form and len(find_fields(other, document.grids).cells) > len(matched.cells):
            raise CannotFill(
                f"文档里的表是 {other.edition} 版的（{other.id}），填报表是 {form.edition} 版的（{form.id}）；请先换成同一版的表"
            )
    added = []
    for table in form.tables:
        lost = [field.says for field in table.fields if field.key not in matched.cells]
        if len(lost) == len(table.fields) and not _bears(document, form, table):
            added.append(table)
        elif lost:
            more = "等" if len(lost) > _NAMED else ""
            raise CannotFill(
                f"《{table.title.text}》的表头不能证明以下 {len(lost)} 格在哪里：{names(lost[:_NAMED])}{more}；"
                "请对照官方表格补上缺少的行、列和表头后再填"
            )
    written = [
        field.key
        for field in form.fields
        if (spotted := matched.cells.get(field.key)) and not _says(field.key, spotted, numbers)
    ]
    return _Fill(matched, written, added)


def _bears(document: Document, form: Form, table: Table) -> bool:
    """Whether a document has labels that only this table has, so that it may stand there in some other shape."""
    elsewhere = {label.folded for other in form.tables if other != table for label in other.labels}
    own = [label.text for label in table.labels if label.folded not in elsewhere]
    wording = Wording(own)
    said = {fold(cell.text) for grid in document.grids for cell in grid.cells if wording.holds(cell.text)}
    return len(said) >= min(_TOLD, len(own))


def _says(key: str, spotted: Spotted, numbers: Filling) -> bool:
    """Whether a cell says the number already, and nothing else."""
    held = held_by(numbers.form.by_key[key], spotted.cell.text, spotted.cell.doubt, spotted.head)
    return not isinstance(held, NoValue) and held_text(held) == numbers.values[key]


# --- after -----------------------------------------------------------------------------------------------------------


def _prove(before: Document, filled: bytes, numbers: Filling, at_end: Sequence[Table]) -> None:
    """Read the filled document as any other.

    Raises:
        CannotFill: a number is not found in it as it was written, or its text is another one.
    """
    after = parse_word(check_word(filled))
    matched = find_fields(numbers.form, after.grids)
    for table in numbers.form.tables:
        if any(numbers.form.by_key[key].table == table.key for key, _ in matched.again):
            raise CannotFill(f"《{table.title.text}》在文档里有两处，不知道填哪一处；请删除多余的表后再填")
    for field in numbers.form.fields:
        spotted = matched.cells.get(field.key)
        if spotted is None or not _says(field.key, spotted, numbers):
            where = f"{_found(spotted)}（{field.says}）" if spotted else f"“{field.says}”"
            raise CannotFill(
                f"{where}填上后读不出 {numbers.values[field.key]}；请检查这一格的字是不是隐藏或带删除线，表头的单位是不是“元”"
            )
    if after.paragraphs != (*before.paragraphs, *(table.title.text for table in at_end)):
        raise CannotFill("填表会改变文档的正文；请用 Word 或 WPS 另存为 .docx 后再填")


def _notices(fill: _Fill, numbers: Filling, at_end: Sequence[Table]) -> list[str]:
    told = []
    replaced = [
        f"{numbers.form.by_key[key].says}（{_found(spotted)}）原为“{quote(spotted.cell.text)}”，现为 {numbers.values[key]}"
        for key in fill.written
        if (spotted := fill.matched.cells[key]).cell.text.strip()
    ]
    if replaced:
        more = "等" if len(replaced) > _NAMED else ""
        told.append(f"{len(replaced)} 格原来写的与填报表不同，已经改写：{'；'.join(replaced[:_NAMED])}{more}")
    told += [
        f"文档里没有《{table.title.text}》的表，已经加{'在文末，请移到合适的位置' if table in at_end else '上'}"
        for table in fill.added
    ]
    return told


def _found(spotted: Spotted) -> str:
    return table_place(spotted.grid.number, (spotted.cell.row, spotted.cell.column)).found
