"""The body of a request: read as it arrives, never more of it than is allowed, and never for longer."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import IO

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from xlcheck.model.numbers import MIB
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.bounds import WebBounds
from xlcheck.web.refusal import NotDone

_FRAMING = 64 * 1024
"""What stands around files and fields in a body."""
_LONGEST_NAME = 120
_UNNAMED = "报送表"
_HALF = re.compile(r"[\ud800-\udfff]")


class UploadedFile(NamedTuple):
    """A file that was handed over; it is there until the request is answered."""

    name: str
    """What its sender calls it, cleaned: one line without folders, for people to read. It is no place on a disk."""
    size: int
    stream: IO[bytes]
    field: str = ""
    """Of the form that it was chosen in."""

    @property
    def data(self) -> bytes:
        """All of it."""
        self.stream.seek(0)
        return self.stream.read()


class SentForm(NamedTuple):
    """What was sent along."""

    fields: Mapping[str, tuple[str, ...]]
    files: tuple[UploadedFile, ...]


NOTHING_SENT = SentForm({}, ())


def clean_name(name: str | None) -> str:
    """A file's name as its sender calls it, without folders and what does not print."""
    last = entered((name or "").replace("\\", "/").rpartition("/")[2], _LONGEST_NAME)
    return last.strip(". ") or _UNNAMED


def without_nul(text: str) -> str:
    """A text that was sent, with a mark in place of each NUL, which PostgreSQL keeps in no text and refuses to be asked for."""
    return text.replace("\0", "\ufffd")


@asynccontextmanager
async def sent_with(request: Request, bounds: WebBounds, most: int, files: int) -> AsyncIterator[SentForm]:
    """The fields and files of a request; the files are gone afterwards.

    Args:
        request: whose body was not read yet.
        bounds: how long it may take, and how many fields there may be.
        most: bytes of all files together.
        files: how many there may be.

    Raises:
        NotDone: it is too large, too slow, or no form.
    """
    limit = most + bounds.fields * 1024 + _FRAMING
    receive = _timed(request.receive, bounds, bounds.body_seconds if files else bounds.form_seconds)
    try:
        # What is declared is refused before any of it is kept.
        if (declared := request.headers.get("content-length", "")).isdecimal() and int(declared) > limit:
            raise _too_large(most)
        capped = Request(request.scope, _capped(receive, limit, most))
        form = await capped.form(max_files=files, max_fields=bounds.fields, max_part_size=bounds.field_bytes)
    except NotDone as refusal:
        if refusal.status == 413:
            await _drained(receive, bounds)
        raise
    except asyncio.TimeoutError as error:
        raise NotDone(408) from error
    except ClientDisconnect as error:
        raise NotDone(400) from error
    except HTTPException as error:
        raise NotDone(400, _why_no_form(str(error.detail), files)) from error
    except UnicodeError as error:  # of the encoding that the request names
        raise NotDone(400) from error
    try:
        yield _taken_apart(form.multi_items(), bounds)
    finally:
        await form.close()


def _timed(receive: Receive, bounds: WebBounds, seconds: float) -> Receive:
    """The same, until nothing came for too long, or the whole takes too long."""
    end = time.monotonic() + seconds

    async def timed() -> Message:
        return await asyncio.wait_for(receive(), max(0, min(bounds.idle_seconds, end - time.monotonic())))

    return timed


def _capped(receive: Receive, limit: int, most: int) -> Receive:
    """The same, until it was too much."""
    taken = 0

    async def capped() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise _too_large(most)
        return message

    return capped


async def _drained(receive: Receive, bounds: WebBounds) -> None:
    """Let a browser send a little more: it reads no answer before, and would say only that the line is broken."""
    left = bounds.drained_bytes
    with suppress(asyncio.TimeoutError):
        while left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                return


def _too_large(most: int) -> NotDone:
    return NotDone(413, f"上传的文件超过 {most // MIB} MB，没有收下；请检查是不是选错了文件，图片和多余的工作表请删去")


def _why_no_form(detail: str, files: int) -> str:
    return f"一次最多上传 {files} 个文件，请分几次上传" if "Too many files" in detail else ""


def _taken_apart(items: list[tuple[str, UploadFile | str]], bounds: WebBounds) -> SentForm:
    fields: dict[str, tuple[str, ...]] = {}
    files = []
    for name, value in items:
        # Encodings that a request may name, as UTF-7, can write half a character, which no answer and no ledger can hold.
        if _HALF.search(name) or (isinstance(value, str) and _HALF.search(value)):
            raise NotDone(400)
        if isinstance(value, str):
            fields[name] = (*fields.get(name, ()), without_nul(value))
        elif value.filename:  # browsers send an empty one where none was chosen
            size = value.size or 0
            if size > bounds.file_bytes:
                raise NotDone(413, f"“{clean_name(value.filename)}”超过 {bounds.file_bytes // MIB} MB，没有收下")
            files.append(UploadedFile(clean_name(value.filename), size, value.file, name))
    return SentForm(fields, tuple(files))
