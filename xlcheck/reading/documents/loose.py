"""Tables of a form that a document has as mere text: its labels stand there, and nothing says which number is in which cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlcheck.model.form import Table
from xlcheck.reading.documents.grid import Document, Kind
from xlcheck.reading.documents.whole_labels import labels_of

_LEAST = 5
"""Labels that a text bears in which a table stands; a sentence may happen to have one or two."""
_TYPED = "用空格或换行排成，不在表格的格子里，看不出哪个数在哪一格；请改用表格，或报送填报用的工作簿"
_SAID: Mapping[Kind, str] = {
    "pdf": "没有画全横竖表格线，看不出哪个数在哪一格；请给表格加上全部边框后重新导出 PDF，或报送原来的 Word 文档、填报用的工作簿",
    "text": (
        "各格之间没有制表符（Tab）或“|”，看不出哪个数在哪一格；请报送原来的 Word 文档或网页，"
        "或把表格复制到 Excel 后另存为“文本文件（制表符分隔）”再报送"
    ),
    "docx": _TYPED,
    "html": _TYPED,
}
_CALLED: Mapping[Kind, str] = {"pdf": "这份 PDF ", "text": "这份文本", "docx": "这份文档", "html": "这份网页"}


def is_loose(document: Document, tables: Iterable[Table]) -> bool:
    """Whether a document has the labels of these tables outside of cells, or several of them in one cell."""
    is_label = labels_of(tables)
    cells = (cell.text for grid in document.grids for cell in grid.cells if not is_label(cell.text))
    pieces = {
        piece for text in (*document.paragraphs, *cells) for line in text.split("\n") for piece in (line, *line.split())
    }
    return sum(map(is_label, pieces)) >= _LEAST


def why_loose(document: Document, table: str = "") -> str:
    """What is said of such a document, or of one of its tables by its title, and what to do."""
    called = _CALLED[document.kind]
    return f"《{table}》的表在{called}里{_SAID[document.kind]}" if table else f"{called}的表格{_SAID[document.kind]}"
