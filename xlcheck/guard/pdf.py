"""A PDF, before any parser sees it (ISO 32000-1): what its streams unfold to is bounded, pictures and attachments are blanked.

Every stream begins with the word ``stream`` in the file's bytes, wherever the file says that its objects lie. So all of
them are found by looking for it, and none can hide behind a table of objects that lies.
"""

from __future__ import annotations

import io
import re
import zlib
from base64 import a85decode
from binascii import unhexlify
from collections.abc import Iterator
from struct import error as struct_error
from struct import unpack_from

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.model.errors import PDF_AGAIN, Refused, damaged, too_much

LOCKED_PDF = "PDF 已加密，要密码才能打开，请取消密码后重新报送"
"""F102: what to do with a PDF that asks for a password."""
_FORM = "这是动态表单（XFA），内容不在页面上，请打印（或另存）为普通 PDF 后报送"
_COLLECTION = "这是 PDF 文件包，报告在它的附件里，请取出其中的报告再报送"
_HEAD = 1024
"""Bytes among which a file says that it is a PDF (annex H, 3.4.1)."""
_ENTRIES = 8192
"""Bytes before a stream among which its entries stand."""
_LEFT_OUT = re.compile(rb"/Subtype\s*/Image\b|/Type\s*/EmbeddedFile\b")
"""Streams that no reader of text needs."""
_NEVER_LEFT_OUT = re.compile(rb"/ObjStm|/XRef|%|#")
_FONT = re.compile(rb"/Length[123]\b|/Subtype\s*/(?:Type1C|CIDFontType0C|OpenType)\b")
_FONTS = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf", b"%!", b"\1\0", b"\x80\1")
"""What font files begin with."""
_FLATE = re.compile(rb"/Fl(?:ateDecode)?\b")
_DENSE = re.compile(rb"/LZW|/RL\b|/RunLength|/Crypt|#")
_DENSEST = 1_500
"""Bytes that one byte of LZW unfolds to, at the most."""
_ASCII = re.compile(rb"/A85\b|/ASCII85Decode|/AHx\b|/ASCIIHexDecode")
_ASCII_BYTES = 1 << 20
"""Of all streams written in letters; they are slow to read."""
_RANGE = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*(?:<|\[|[0-9])")
_CODES = 400_000
"""Characters that the ranges of all fonts name; one font has 65,536 at the most."""
_PIECE = 1 << 16
_RATIO = 1_030
"""What deflate unfolds to, at the most."""


def check_pdf(data: bytes, limits: Limits = LIMITS) -> bytes:
    """What to hand to parsers in place of a file: the same bytes at the same places, without pictures and attachments.

    Args:
        data: the file's bytes.
        limits: what it may hold.

    Raises:
        Refused: F101 damaged, F102 encrypted, F103 nothing but attachments or a form of another kind, F104 beyond
            `limits`.
    """
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    begin = data.find(b"%PDF-", 0, _HEAD)
    if begin < 0:
        raise damaged("不是 PDF 文件", PDF_AGAIN)
    data = data[begin:]
    return _Streams(unlocked_pdf(data, limits), limits).spared()


def unlocked_pdf(data: bytes, limits: Limits = LIMITS) -> bytes:
    """A file that opens without a password, as one that is not encrypted; any other as it is.

    Raises:
        Refused: F102 it asks for a password, F104 it is beyond `limits`.
    """
    if b"/Encrypt" not in data:
        return data
    import pypdfium2
    from pypdfium2 import raw

    # What lists of objects unfold to cannot be seen before they are decrypted.
    lists = sum(end - begin for begin, end, entries in _streams(data) if b"/ObjStm" in entries)
    if lists * _RATIO > limits.inflated_bytes:
        raise too_much("加密的 PDF 内容过多")
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise Refused("F102", LOCKED_PDF) from None
    out = io.BytesIO()
    pdf.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    pdf.close()
    return out.getvalue()


def _streams(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each stream begins and ends, and the entries before it."""
    at = last = 0
    while (at := data.find(b"stream", at)) >= 0:
        begin = at + 6
        if data[at - 3 : at] == b"end":
            at = begin
            continue
        if data[begin : begin + 1] == b"\r":
            begin += 1
        if data[begin : begin + 1] == b"\n":
            begin += 1
        head = data[max(last, at - _ENTRIES) : at]
        end = data.find(b"endstream", begin)
        yield begin, end if end >= 0 else len(data), head[head.rfind(b"obj") + 3 :] if b"obj" in head else head
        last = at = begin


class _Streams:
    """All streams of a file while they are looked at."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._inflated, self._content = limits.inflated_bytes, limits.pdf_content_bytes
        self._letters, self._codes = _ASCII_BYTES, _CODES
        self._drawn, self._limits = 0, limits

    def spared(self) -> bytes:
        out = bytearray(self._data)
        skip = 0
        for begin, end, entries in _streams(self._data):
            if begin < skip:
                continue
            if _LEFT_OUT.search(entries) and not _NEVER_LEFT_OUT.search(entries):
                out[begin:end] = b" " * (end - begin)
                skip = end
            else:
                self._look(begin, end, entries)
        if b"/XFA" in self._data:
            raise Refused("F103", _FORM)
        if b"/Collection" in self._data:
            raise Refused("F103", _COLLECTION)
        spared = bytes(out)
        if self._drawn:
            # Forms that draw forms may ask for any amount of work, whatever their size.
            from xlcheck.guard.pdf_objects import check_pages

            check_pages(spared, self._limits)
        return spared

    def _look(self, begin: int, end: int, entries: bytes) -> None:
        content = self._data[begin:end]
        if _ASCII.search(entries):
            content = self._from_letters(content, entries)
        for _ in range(max(len(_FLATE.findall(entries)), 1)):
            # What says that it is deflated and is not is left to the parsers as it is; what does not say so may be.
            if len(content) < 2 or content[0] & 15 != 8 or (content[0] << 8 | content[1]) % 31:
                break
            content = self._inflate(content)
        if _DENSE.search(entries):
            self._take(len(content) * _DENSEST)
        is_font = bool(_FONT.search(entries)) and content.startswith(_FONTS)
        if not is_font:
            self._content -= len(content)
            if self._content < 0:
                raise too_much("PDF 的页面内容过多")
        if b"/Form" in entries or b"#" in entries:
            self._drawn += content.count(b"Do")
        self._look_inside(content)

    def _look_inside(self, content: bytes) -> None:
        if b"beginbfrange" in content or b"begincidrange" in content:
            for first, last in _RANGE.findall(content):
                self._name(int(last, 16) - int(first, 16))
        elif content[:4] in (b"\0\1\0\0", b"true"):
            for length in _mapped(content):
                self._name(length)
        elif b"/XFA" in content and b"/AcroForm" in content:
            raise Refused("F103", _FORM)
        elif b"/Collection" in content and b"/Catalog" in content:
            raise Refused("F103", _COLLECTION)

    def _name(self, codes: int) -> None:
        self._codes -= max(codes, 0)
        if self._codes < 0:
            raise too_much("PDF 的字体过大")

    def _take(self, count: int) -> None:
        self._inflated -= count
        if self._inflated < 0:
            raise too_much("PDF 解压后过大")

    def _inflate(self, content: bytes) -> bytes:
        tool = zlib.decompressobj()
        out: list[bytes] = []
        for at in range(0, len(content), _PIECE):
            piece = content[at : at + _PIECE]
            while piece and not tool.eof:
                try:
                    got = tool.decompress(piece, _PIECE * 16)
                except zlib.error:
                    return b"".join(out)  # parsers take what there was until then
                self._take(len(got))
                out.append(got)
                piece = tool.unconsumed_tail
            if tool.eof:
                break
        return b"".join(out)

    def _from_letters(self, content: bytes, entries: bytes) -> bytes:
        self._letters -= len(content)
        if self._letters < 0:
            raise too_much("PDF 里以字母写成的内容过多")
        text = b"".join(content.split())
        try:
            if b"85" in entries:
                return a85decode(text.partition(b"~>")[0])
            text = text.partition(b">")[0]
            return unhexlify(text + b"0" * (len(text) % 2))
        except ValueError:
            return b""  # parsers give up on it, too


def _mapped(font: bytes) -> Iterator[int]:
    """How many characters the segments of a TrueType font's tables name (OpenType, cmap, format 4)."""
    try:
        (count,) = unpack_from(">H", font, 4)
        for entry in range(12, 12 + 16 * min(count, 64), 16):
            tag, _, offset, _ = unpack_from(">4sLLL", font, entry)
            if tag != b"cmap":
                continue
            (tables,) = unpack_from(">H", font, offset + 2)
            for at in range(min(tables, 64)):
                (start,) = unpack_from(">L", font, offset + 8 + 8 * at)
                form, _, _, twice = unpack_from(">4H", font, offset + start)
                if form == 4:
                    yield from _segments(font, offset + start + 14, twice // 2)
    except struct_error:
        return


def _segments(font: bytes, at: int, count: int) -> Iterator[int]:
    ends = unpack_from(f">{count}H", font, at)
    begins = unpack_from(f">{count}H", font, at + 2 * count + 2)
    yield from (end - begin + 1 for begin, end in zip(begins, ends, strict=True))
