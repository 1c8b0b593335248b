"""What kind of document a file is, by its bytes alone, and what is said where its library is missing."""

from __future__ import annotations

import sys

import pytest

from tests.making.filling import clean_workbook
from tests.making.written_reports import packed, page_report, word_report
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.kinds import DocumentKind, document_kind
from xlcheck.reading.documents.parse import parse_document

MHT = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page_report().encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (word_report(), "docx"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}), "foreign"),
        (clean_workbook(), None),
        (packed({"[Content_Types].xml": "x", "xl/workbook.xml": "x", "word/x.xml": "x"}), None),
        (packed({"a.txt": "word/"}), None),
        (b"PK\3\4word/", None),
        (OLE + "WordDocument".encode("utf-16-le"), "foreign"),
        (OLE, None),
        (b"{\\rtf1\\ansi}", "foreign"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\n%PDF-1.7\n", "pdf"),
        (page_report().encode(), "html"),
        (page_report().encode("utf-16"), "html"),
        (b"<TABLE><tr><td>1</td></tr></TABLE>", "html"),
        (MHT, "html"),
        (page_report().encode("utf-16-le"), "html"),
        ("规章\t1\t2\t3\n".encode(), "text"),
        ("规章\t1\t2\t3\n".encode("utf-16-le"), "text"),
        ("规章\t1\t2\t3\n".encode("utf-16-be"), "text"),
        ("规章\t1\t2\t3\n".encode("gb18030"), "text"),
        (b"", None),
        (b" \n", None),
        (b"\x89PNG\0\0", None),
        (bytes(range(256)) * 2, None),
        (b"\0\1\0\2" * 99, None),
    ],
)
def test_the_bytes_say_which_kind_it_is(data: bytes, kind: DocumentKind | None) -> None:
    assert document_kind(data) == kind


def test_a_missing_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("xlcheck.reading.documents.docx")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "lxml"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Refused, match=r'要安装：pip install "xlcheck\[documents\]"') as refused:
        parse_document(word_report(), "docx")
    assert refused.value.code == "F103"
