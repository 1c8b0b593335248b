"""The guard of PDFs: what a few bytes may ask for is refused before a parser does it."""

from __future__ import annotations

import io
import zlib
from base64 import a85encode

import pypdf
import pytest

from tests.hostile.documents import PDF, PDF_TABLE, bomb
from tests.making.filling import form
from tests.making.pdfs import assembled, pdf, stream
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.pdf import check_pdf
from xlcheck.model.errors import Refused
from xlcheck.model.numbers import MIB
from xlcheck.reading.documents.pdf import parse_pdf
from xlcheck.reading.documents.whole_labels import whole_labels


def texts(data: bytes) -> list[str]:
    (grid,) = parse_pdf(data, whole_labels([form()])).grids
    return [cell.doubt or cell.text for cell in grid.cells]


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        parse_pdf(data, whole_labels([form()]))
    return caught.value


@pytest.mark.parametrize("how", PDF)
def test_more_than_any_report_is_refused(how: str) -> None:
    assert refusal(PDF[how]()).code == "F104"


def test_page_trees_without_end_are_damaged() -> None:
    parts = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    parts |= {n: f"<< /Type /Pages /Kids [{n + 1} 0 R] /Count 1 >>".encode() for n in range(2, 5_000)}
    parts[5_000] = b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"
    assert refusal(assembled(parts)).code in ("F101", "F103")


@pytest.mark.parametrize("times", [1, 2])
def test_a_form_that_draws_itself_is_refused(times: int) -> None:
    entries = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F0 10 0 R >> >>"
    form_ = stream(b"/F0 Do\n" * times, entries)
    data = pdf(PDF_TABLE + "/F0 Do\n", objects=[form_], resources="/XObject << /F0 10 0 R >>")
    assert refusal(data).code == "F104"


@pytest.mark.parametrize("packing", ["/Filter [/ASCII85Decode /FlateDecode]", "/Filter /ASCIIHexDecode", ""])
def test_honest_streams_are_packed_in_many_ways(packing: str) -> None:
    plain = PDF_TABLE.encode("latin-1")
    packed = {"/Filter [": a85encode(zlib.compress(plain)) + b"~>", "/Filter /": plain.hex().encode() + b">"}
    data = pdf(PDF_TABLE, packed=False)
    at = data.index(b"stream\n") + 7
    end = data.index(b"\nendstream")
    body = packed.get(packing[:9], plain)
    head = data[:at].replace(b"/Length %d" % (end - at), f"{packing} /Length {len(body)}".encode())
    assert texts(head + body + data[end:]) == ["规章", "7", "行政许可", "12"]


def test_pictures_and_attachments_are_blanked_in_place() -> None:
    picture = stream(bomb(80 * MIB), "/Type /XObject /Subtype /Image /Width 9 /Height 9", "/Filter [/FlateDecode]")
    data = pdf(PDF_TABLE, objects=[picture])
    spared = check_pdf(data)
    assert len(spared) == len(data)
    assert spared != data
    assert texts(data) == ["规章", "7", "行政许可", "12"]


def test_a_page_that_says_that_it_is_a_picture_is_not_read() -> None:
    data = pdf(PDF_TABLE, packed=False).replace(b"<<  ", b"<< /Subtype /Image ", 1)
    assert refusal(data).code == "F103"


def locked(user: str, owner: str, algorithm: str = "RC4-128") -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(PDF_TABLE)))
    writer.encrypt(user, owner, algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_file_that_opens_without_a_password_is_read(algorithm: str) -> None:
    assert texts(locked("", "secret", algorithm)) == ["规章", "7", "行政许可", "12"]


def test_a_file_that_asks_for_a_password_is_told() -> None:
    error = refusal(locked("secret", "secret", "AES-256"))
    assert error.code == "F102"
    assert "密码" in error.message


def test_forms_of_another_kind_and_collections_are_told() -> None:
    xfa = refusal(pdf(PDF_TABLE, catalog="/AcroForm << /XFA (x) /Fields [] >>"))
    assert (xfa.code, "XFA" in xfa.message) == ("F103", True)
    collection = refusal(pdf(PDF_TABLE, catalog="/Collection << /View /D >>"))
    assert (collection.code, "附件" in collection.message) == ("F103", True)


def test_what_stands_before_the_file_does_no_harm() -> None:
    assert texts(b"\r\n\r\n" + pdf(PDF_TABLE)) == ["规章", "7", "行政许可", "12"]


def test_a_large_file_is_refused() -> None:
    assert refusal(pdf(PDF_TABLE) + bytes(LIMITS.file_bytes)).code == "F104"
