"""Documents of other word processors go through LibreOffice. What it really makes of them: tests/office."""

from __future__ import annotations

import pytest

from tests.making.filling import clean_workbook, form
from tests.making.written_reports import packed, word_report
from xlcheck.checking.verify import verify_submission
from xlcheck.copies.reports import annotate_report
from xlcheck.model.errors import Refused
from xlcheck.reading.documents import converted
from xlcheck.reading.documents.converted import as_docx
from xlcheck.reading.documents.docx import parse_docx
from xlcheck.reading.documents.kinds import foreign_kind
from xlcheck.reading.documents.parse import parse_document
from xlcheck.reading.open import OpenedReport, open_submission

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DOC = OLE + "WordDocument".encode("utf-16-le")
ODT = packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""})
KINDS = {".doc": DOC, ".rtf": b"{\\rtf1 }", ".odt": ODT}


@pytest.mark.parametrize("suffix", KINDS)
def test_the_kind_is_told_by_the_bytes(suffix: str) -> None:
    kind = foreign_kind(KINDS[suffix])
    assert kind is not None
    assert kind.suffix == suffix


@pytest.mark.parametrize(
    "data",
    [b"", b"{\\r", OLE, clean_workbook(), word_report(), packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})],
)  # fmt: skip
def test_no_other_file_is_one_of_these(data: bytes) -> None:
    assert foreign_kind(data) is None
    with pytest.raises(Refused) as refused:
        as_docx(data)
    assert refused.value.code == "F103"


@pytest.mark.parametrize("suffix", KINDS)
def test_what_libreoffice_makes_is_read_behind_the_guard(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def rewritten(data: bytes, *said: str) -> bytes:
        asked.extend((data, *said))
        return word_report()

    monkeypatch.setattr(converted, "rewritten", rewritten)
    assert parse_document(KINDS[suffix], "foreign") == parse_docx(word_report())
    assert asked[:2] == [KINDS[suffix], suffix]


def test_it_is_converted_once_for_what_is_read_and_for_the_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    made = word_report()
    asked: list[bytes] = []

    def rewritten(data: bytes, *_: str) -> bytes:
        asked.append(data)
        return made

    monkeypatch.setattr(converted, "rewritten", rewritten)
    opened = open_submission(KINDS[".rtf"], form())
    assert isinstance(opened, OpenedReport)
    copy = annotate_report(opened, verify_submission(opened.submission), "年报.rtf")
    assert copy.suffix == ".docx"
    assert asked == [KINDS[".rtf"]]


def test_where_there_is_no_libreoffice_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def rewritten(*_: object) -> bytes:
        raise FileNotFoundError

    monkeypatch.setattr(converted, "rewritten", rewritten)
    with pytest.raises(Refused, match="请用 Word 或 WPS 另存为"):
        as_docx(DOC)


def test_where_libreoffice_makes_nothing_of_it_it_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converted, "rewritten", lambda *_: None)
    with pytest.raises(Refused) as refused:
        as_docx(DOC)
    assert refused.value.code == "F101"
