"""Letters as departments send them, made byte by byte, since mail programs break the rules that libraries keep."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from tests.making.filling import clean_values, form
from xlcheck.drawing.template import render

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = "application/octet-stream"


class Part(NamedTuple):
    """One part of a letter."""

    headers: bytes
    """All of them, without the last line end."""
    body: bytes


def attached(data: bytes, name: str = "年报.xlsx", kind: str = BINARY) -> Part:
    """An attachment, named as the standards have it (RFC 2231)."""
    from urllib.parse import quote

    return headed(f"Content-Disposition: attachment; filename*=UTF-8''{quote(name)}".encode(), data, kind)


def headed(disposition: bytes, data: bytes, kind: str = BINARY) -> Part:
    """An attachment with this Content-Disposition, or whatever headers are given."""
    head = b"Content-Transfer-Encoding: base64\r\n" + disposition
    if b"Content-Type" not in disposition:
        head = f"Content-Type: {kind}\r\n".encode() + head
    return Part(head, base64.encodebytes(data).replace(b"\n", b"\r\n"))


def text(body: str = "请查收。") -> Part:
    """The text of a letter."""
    return Part(b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit", body.encode())


def multipart(*parts: Part, kind: str = "mixed", boundary: str = "=_part") -> Part:
    """A container of parts."""
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + part.headers + b"\r\n\r\n" + part.body + b"\r\n" for part in parts)
    return Part(f'Content-Type: multipart/{kind}; boundary="{boundary}"'.encode(), body + mark + b"--\r\n")


def letter(
    sender: str | bytes,
    *parts: Part,
    subject: str | bytes = "Re: 年报",
    message_id: str = "",
    boundary: str = "=_letter",
) -> bytes:
    """A whole letter; without parts, a text alone."""
    content = multipart(text(), *parts, boundary=boundary) if parts else text()
    lines = [b"From: " + _bytes(sender), b"Subject: " + _bytes(subject), b"MIME-Version: 1.0"]
    lines += [f"Message-ID: {message_id}".encode()] if message_id else []
    return b"\r\n".join([*lines, content.headers, b"", content.body])


def _bytes(header: str | bytes) -> bytes:
    return header if isinstance(header, bytes) else header.encode()


@lru_cache
def workbook_of(unit: str = "", code: str = "", received: int = 6) -> bytes:
    """A filled workbook with this cover; another number makes it another workbook."""
    cover: Mapping[str, str] = {"year": "2025", **({"unit": unit} if unit else {}), **({"code": code} if code else {})}
    return render(form(), cover, clean_values(requests__received__person=received))
