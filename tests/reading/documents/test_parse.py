"""What kind of document a file is, by its bytes alone, and what is said where its library is missing."""

from __future__ import annotations

import sys

import pytest

from tests.making.filling import clean_workbook
from tests.making.written_reports import packed, page_report, word_report
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.kinds import DocumentKind, document_kind
from xlcheck.reading.open import Forms, open_submission

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


@pytest.fixture
def without_lxml(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name
        for name in sys.modules
        if name.startswith(("xlcheck.reading.documents.docx", "xlcheck.reading.documents.html"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    for name in ["lxml", *(name for name in sys.modules if name.startswith("lxml."))]:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_lxml")
@pytest.mark.parametrize(("data", "called"), [(word_report(), "Word 文档"), (page_report().encode(), "网页")])
def test_a_missing_library_is_one_sentence(data: bytes, called: str) -> None:
    with pytest.raises(Refused, match=rf'{called}，.*要安装：pip install "xlcheck\[documents\]"') as refused:
        open_submission(data, Forms())
    assert refused.value.code == "F103"


@pytest.mark.usefixtures("without_lxml")
@pytest.mark.parametrize("data", [word_report(), page_report().encode()])
def test_in_a_browser_it_says_what_the_page_checks(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(Refused, match="本页只核对工作簿"):
        open_submission(data, Forms())
