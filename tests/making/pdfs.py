"""PDFs written by hand (ISO 32000-1): what stands on a page is said operator by operator, so that tests can set any trap."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

PAGE = "0 0 595 842"
_FONTS = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [<< /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> "
    "/DW 1000 /W [1 95 500 814 [500]] /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 "
    "/FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
)
"""A Song face that every viewer has of its own."""


def said(x: float, y: float, text: str, size: float = 10, *, before: str = "") -> str:
    """A text whose line begins at a point; `before` are operators within it, such as ``3 Tr``."""
    return f"BT {before} /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    """A straight line."""
    return f"{x0} {y0} m {x1} {y1} l S\n"


def grid(xs: Sequence[float], ys: Sequence[float]) -> str:
    """All lines of a table whose columns and rows end at these places."""
    return "".join(line(min(xs), y, max(xs), y) for y in ys) + "".join(line(x, min(ys), x, max(ys)) for x in xs)


def filled(xs: Sequence[float], ys: Sequence[float], texts: Sequence[Sequence[str]], size: float = 10) -> str:
    """A table with these texts, its rows from the top; `ys` go down."""
    out = [grid(xs, ys)]
    for row, line_texts in enumerate(texts):
        out += [said(xs[at] + 4, ys[row + 1] + 5, text, size) for at, text in enumerate(line_texts) if text]
    return "".join(out)


def pdf(
    *contents: str | bytes,
    page: str = f"/MediaBox [{PAGE}]",
    objects: Sequence[bytes] = (),
    resources: str = "",
    catalog: str = "",
    packed: bool = True,
) -> bytes:
    """A PDF with a page for each content.

    Args:
        contents: what stands on the pages.
        page: more entries of each page.
        objects: more objects, numbered from 10.
        resources: more entries of the resources.
        catalog: more entries of the catalog.
        packed: whether contents are deflated.
    """
    first = 10 + len(objects)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(contents)))
    parts: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        3: _FONTS.encode(),
        4: f"<< /Font << /F1 3 0 R >> {resources} >>".encode(),
    }
    parts |= dict(enumerate(objects, start=10))
    for at, content in enumerate(contents):
        data = content if isinstance(content, bytes) else content.encode("latin-1")
        number = first + 2 * at
        parts[number] = f"<< /Type /Page /Parent 2 0 R {page} /Resources 4 0 R /Contents {number + 1} 0 R >>".encode()
        parts[number + 1] = stream(data) if packed else stream(data, filters="")
    return assembled(parts)


def stream(data: bytes, entries: str = "", filters: str = "/Filter /FlateDecode") -> bytes:
    """A stream object; its data are deflated where the filter says so, and only then."""
    if filters == "/Filter /FlateDecode":
        data = zlib.compress(data)
    return f"<< {entries} {filters} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def assembled(parts: dict[int, bytes], trailer: str = "") -> bytes:
    """A file of these objects by their numbers; the first is the catalog."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(parts.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(parts) + 1
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00001 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer.encode(), at)
    return bytes(out)
