"""From a document to a submission: the form whose labels it bears, its fields, its unit and year, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlcheck.model.cells import Place, table_place
from xlcheck.model.errors import Refused
from xlcheck.model.finding import Finding
from xlcheck.model.form import Form, Table
from xlcheck.model.submission import UNPROVED, Held, Submission
from xlcheck.model.text import entered, names, quote
from xlcheck.reading.documents.fields import Matched, Spotted, find_fields
from xlcheck.reading.documents.grid import Document
from xlcheck.reading.documents.loose import is_loose, why_loose
from xlcheck.reading.documents.values import held_by
from xlcheck.reading.documents.who import read_who, who_findings
from xlcheck.reading.structure import fault


def read_document(document: Document, forms: Sequence[Form]) -> Submission:
    """What a department reports in a document.

    Args:
        document: as it was parsed.
        forms: those that it may be; where several fit alike, the first of them is meant.

    Raises:
        Refused: it holds no table of any of them.
    """
    form, matched = _best(document, forms)
    if not matched.cells:
        if is_loose(document, [table for one in forms for table in one.tables]):
            raise Refused("F103", why_loose(document))
        raise Refused("F103", _NO_TABLE.format(forms[0].title)).of_no_report()
    held: dict[str, Held] = dict.fromkeys(form.by_key, UNPROVED)
    places: dict[str, Place] = {}
    for key, spotted in matched.cells.items():
        cell = spotted.cell
        held[key] = held_by(form.by_key[key], cell.text, cell.doubt, spotted.head)
        places[key] = _place(spotted)
    who = read_who(document.paragraphs)
    structure = [
        *_edition(form, forms, who.year),
        *_table_findings(form, matched, document),
        *_twice(form, matched, places),
    ]
    structure += who_findings(who)
    cover = {entry.key: "" for entry in form.cover.entries} | who.cover
    return Submission(
        form, cover, held, places, tuple(structure), paragraphs=document.paragraphs, document=document.kind
    )


_NO_TABLE = "文档里没有《{}》的任何一张表；请报送有这些表的年度报告，或填报用的工作簿"


def _best(document: Document, forms: Sequence[Form]) -> tuple[Form, Matched]:
    """The form that most is found of."""
    found = []
    for form in forms:
        matched = find_fields(form, document.grids)
        if len(matched.cells) == len(form.fields):
            return form, matched
        found.append((form, matched))
    return max(found, key=lambda one: len(one[1].cells))  # of several alike the first


def _place(spotted: Spotted) -> Place:
    return table_place(spotted.grid.number, (spotted.cell.row, spotted.cell.column), spotted.cell.page)


# --- findings --------------------------------------------------------------------------------------------------------


def _edition(form: Form, forms: Sequence[Form], year: int | None) -> list[Finding]:
    """S110: the tables of an edition that was replaced before the year that is reported on."""
    family = form.id.partition("-")[0]
    editions = {other.edition for other in forms if other.id.partition("-")[0] == family and other.edition.isdigit()}
    in_force = max((edition for edition in editions if year and int(edition) <= year), default=form.edition)
    if in_force <= form.edition or not form.edition.isdigit():
        return []
    message = (
        f"{year} 年度的报告用的是 {form.edition} 版的表；从 {in_force} 年度起应使用 {in_force} 版"
        f"《{form.title}》，请换成新版的表重新填写（本次按 {form.edition} 版核对）"
    )
    return [fault("S110", message)._replace(expected=in_force, actual=form.edition)]


def _table_findings(form: Form, matched: Matched, document: Document) -> list[Finding]:
    """S101 and S102: tables that are not there, labels with other words, and fields that no label proves."""
    found: list[Finding] = []
    for table in form.tables:
        lost = [field for field in table.fields if field.key not in matched.cells]
        if len(lost) == len(table.fields):
            said = f"文档里没有找到《{table.title.text}》的表（或其表头与官方表格不一致）；请按官方格式补上这张表"
            if is_loose(document, [table]):
                said = why_loose(document, table.title.text)
            found.append(fault("S101", said))
        elif lost:
            found.append(_lost(table, matched, [field.key for field in lost], [field.says for field in lost]))
    for label, grid, cell in matched.reworded:
        place = table_place(grid.number, (cell.row, cell.column), cell.page)
        message = f"表头“{label}”现为“{quote(cell.text)}”；请改回官方表格的文字"
        found.append(fault("S102", message, place)._replace(expected=label, actual=entered(cell.text)))
    return found


def _lost(table: Table, matched: Matched, keys: Sequence[str], says: Sequence[str]) -> Finding:
    more = "等" if len(says) > 3 else ""
    message = (
        f"《{table.title.text}》（第 {matched.tables[table.key]} 个表格）的表头不能证明以下 {len(keys)} 格在哪里，没有核对："
        f"{names(says[:3])}{more}；请对照官方表格，补上缺少的行、列和表头，拆开不该合并的格"
    )
    return fault("S102", message)._replace(fields=tuple(keys))


def _twice(form: Form, matched: Matched, places: Mapping[str, Place]) -> list[Finding]:
    """S108: tables that stand in the document twice, with other numbers."""
    found = []
    for table in form.tables:
        again = [(key, spotted) for key, spotted in matched.again if form.by_key[key].table == table.key]
        if not again:
            continue
        key, other = again[0]
        here, there = places[key], _place(other)
        message = (
            f"《{table.title.text}》在文档里有两处，有 {len(again)} 格的数不一样，如“{form.by_key[key].says}”：{here.found}是"
            f"“{quote(matched.cells[key].cell.text)}”，{there.found}是“{quote(other.cell.text)}”；核对的是前一处，请改一致，"
            "或删除多余的表"
        )
        both = [place for key, other in again for place in (places[key], _place(other))]
        found.append(fault("S108", message, *both)._replace(fields=tuple(key for key, _ in again)))
    return found
