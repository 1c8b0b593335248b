"""The annotated copy of a report: marks on the department's own document, of its own kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlcheck.checking.verify import Verification
from xlcheck.copies.annotate import marks_of
from xlcheck.copies.documents.marks import CellMark, ListedFinding, TableCell
from xlcheck.copies.result_sheet import counts_say, verdict_says
from xlcheck.copies.source import CannotAnnotate
from xlcheck.forms.rules import SEVERITIES
from xlcheck.model.cells import Place
from xlcheck.model.errors import Error
from xlcheck.model.finding import Finding
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import OpenedReport

_NO_PLACE = "纯文本没有写批注的地方，没有写出审核副本"
_FAILED = "无法生成副本；请用 Word 或 WPS 另存为 .docx 后再审核"


_MARKED = {
    "error": ("强制性问题必须改正", "（有关的格标红）"),
    "warning": ("核实性问题请核实", "（有关的格标黄）"),
}


class NoCopy(Error):
    """There are no copies of documents of this kind."""

    code = "no-copy"


class ReportCopy(NamedTuple):
    """A copy that was made."""

    data: bytes
    suffix: str
    """What its name ends with: ``.docx``, ``.html`` or ``.pdf``."""


def annotate_report(
    opened: OpenedReport, verification: Verification, name: str, office: Office = NO_OFFICE
) -> ReportCopy:
    """The annotated copy of a report.

    Args:
        opened: the report that was verified.
        verification: what was found in it.
        name: the file's name, to which the seal of the copy ties it.
        office: where it goes back to.

    Raises:
        NoCopy: it is plain text.
        CannotAnnotate: no copy can be made.
    """
    kind = opened.document.kind
    if kind == "text":
        raise NoCopy(_NO_PLACE)
    cells = _cells(verification)
    listed = [_listed(finding) for finding in verification.findings]
    head = _head(verification, office, kind)
    try:
        if kind == "docx":
            return ReportCopy(_docx(opened.data, cells, _whole(head, verification), name), ".docx")
        if kind == "html":
            from xlcheck.copies.documents.html import marked_html

            return ReportCopy(marked_html(opened.data, cells, listed, head, name), ".html")
        from xlcheck.copies.documents.pdf import marked_pdf

        whole = _whole(head, verification)
        return ReportCopy(marked_pdf(opened.data, opened.document, cells, whole, name), ".pdf")
    except MemoryError:
        raise
    except Exception as error:  # a stranger's document can be wrong in more ways than are known
        raise CannotAnnotate(_FAILED) from error


def _docx(data: bytes, cells: Mapping[TableCell, CellMark], head: str, name: str) -> bytes:
    from xlcheck.copies.documents.docx import marked_docx

    return marked_docx(data, cells, head, name)


def _cells(verification: Verification) -> dict[TableCell, CellMark]:
    """The marks of the cells that findings name."""
    places = {place: place for finding in verification.findings for place in finding.places}
    found = marks_of(verification, places)
    return {_at(place): CellMark(mark.colour, mark.note) for place, mark in found.items() if place.table}


def _at(place: Place) -> TableCell:
    return place.table, place.cell


def _listed(finding: Finding) -> ListedFinding:
    return ListedFinding(_line(finding), tuple(_at(place) for place in finding.places if place.table))


def _line(finding: Finding) -> str:
    where = f"{finding.places[0].found} " if finding.places else ""
    return f"{SEVERITIES[finding.severity]} {finding.code}　{where}{finding.message}"


def _head(verification: Verification, office: Office, kind: str) -> str:
    """What was found and what to do, in a few lines."""
    lines = [
        f"审核结论：{verdict_says(verification)}",
        counts_say(verification),
        f"怎样办：{_todo(verification, kind)}",
    ]
    asked = office.says if kind == "docx" else office.asks_for("文件")
    lines += [f"报回要求：{asked}"] if asked else []
    return "\n".join(lines)


def _todo(verification: Verification, kind: str) -> str:
    """A document has no cover that a warning could be explained on; pages and PDFs only show what is wrong."""
    severities = {finding.severity for finding in verification.findings}
    shown = {finding.severity for finding in verification.findings if finding.places}
    marked = [says + where * (one in shown) for one, (says, where) in _MARKED.items() if one in severities]
    where = "直接在本文件里改，批注不用删" if kind == "docx" else "在原来的文档里改（本文件只供查看）"
    answer = "；核实无误的不要改数，在回信里写明原因" if "warning" in severities else ""
    return f"{'，'.join(marked)}。请{where}{answer}；改好后保存，发回改好的文件。"


def _whole(head: str, verification: Verification) -> str:
    """The same, with the findings that no cell bears."""
    apart: Sequence[Finding] = [finding for finding in verification.findings if not finding.places]
    return "\n".join([head, *(f"■ {_line(finding)}" for finding in apart)])
