"""What is no workbook gets a sentence of its own, which says what to do and names no part of any file."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.hostile import makers as hostile
from xlcheck.guard.admit import admit
from xlcheck.model.errors import Refused


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return buffer.getvalue()


MHT = b"From: <Saved by Blink>\r\nSubject: x\r\n\tfolded\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>"
WORD = hostile.content_types("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")

SAID = {
    "document control": (b"b\x14#e\x01\0E-SafeNet\0" + bytes(range(256)) * 9, "文档加密软件"),
    "another name of it": (b"\0\0E-SafeNet LOCK" + bytes(range(256)) * 9, "文档加密软件"),
    "another document control": (b"%TSD-Header-###%" + bytes(range(256)) * 9, "文档加密软件"),
    "mht": (MHT, ".mht"),
    "mht of Excel": (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", ".mht"),
    "web archive": (b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource", "网页归档"),
    "html": (b"\xef\xbb\xbf<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "网页"),
    "rtf": (b"{\\rtf1 x}", "RTF"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "csv": ("单位,数量\n教育局,5\n".encode("gbk"), "填报模板"),
    "xml of 2003": (
        b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
        "XML 表格",
    ),
    "xml of LibreOffice": (
        b"<?xml version='1.0'?><office:document xmlns:office='urn:x'/>",
        "请用 LibreOffice 另存为 .xlsx",
    ),
    "word": (hostile.pack(hostile.parts(types=WORD)), "Word 文档，请报送填报用的工作簿"),
    "word 97": (bytes(hostile.ole({"WordDocument": b"x"})), "Word 文档，请报送填报用的工作簿"),
    "mail": (bytes(hostile.ole({"__properties_version1.0": b"x"})), "Outlook 邮件"),
    "rights": (bytes(hostile.ole({"\6DataSpaces": b"", "EncryptedPackage": b"x"})), "权限管理"),
    "zip of workbooks": (zipped("年报/a.xlsx", "__MACOSX/年报/._a.xlsx"), "解压"),
    "numbers": (zipped("Index/Document.iwa", "Metadata/x"), "Numbers"),
    "nobody knows": (bytes(range(256)) * 20, "文档加密软件，请先解密"),
}


@pytest.mark.parametrize("name", SAID)
def test_each_kind_has_its_own_sentence(name: str) -> None:
    data, words = SAID[name]
    with pytest.raises(Refused) as refused:
        admit(data)
    assert words in refused.value.message
    assert "请" in refused.value.message
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(("name", "maker", "expected"), hostile.HOSTILE, ids=[case[0] for case in hostile.HOSTILE])
def test_no_sentence_names_a_member(name: str, maker: hostile.Maker, expected: str) -> None:
    try:
        admit(maker())
    except Refused as refused:
        assert expected != hostile.ADMITTED
        assert not any(ending in refused.message for ending in (".xml", ".rels", ".bin", ".vml", "xl/", "META-INF"))
