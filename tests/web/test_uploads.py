"""Bodies: capped, timed, and names that no disk is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from tests.web.loops import run
from tests.web.window import TINY_ROUTES, client, form_of
from xlcheck.web.bounds import WebBounds
from xlcheck.web.refusal import NotDone
from xlcheck.web.uploads import clean_name, sent_with

SMALL = WebBounds(
    file_bytes=100_000,
    batch_bytes=150_000,
    fields=5,
    field_bytes=1000,
    body_seconds=0.5,
    idle_seconds=0.2,
    drained_bytes=10**6,
)


@pytest.fixture
def window() -> TestClient:
    """A server that takes little."""
    return client(TINY_ROUTES, bounds=SMALL)


def test_a_file_comes_whole_with_its_cleaned_name(window: TestClient) -> None:
    answer = window.post("/file", data=form_of(window), files={"file": ("C:\\表\\甲局.xlsx", b"x" * 70_000)})
    assert answer.text == "甲局.xlsx 70000 70000"


def test_no_file_is_none(window: TestClient) -> None:
    assert window.post("/file", data=form_of(window), files={"file": ("", b"")}).text == ""


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.xlsx", "x.xlsx"),
        ("..", "报送表"),
        (None, "报送表"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie: x"),
        ("<img src=x onerror=alert(1)>.xlsx", "<img src=x onerror=alert(1)>.xlsx"),
        ("甲" * 500, "甲" * 119 + "…"),
        ("/", "报送表"),
        ("\u202exslx.exe", "\ufffdxslx.exe"),
    ],
)
def test_a_name_is_one_line_without_folders(sent: str | None, known: str) -> None:
    assert clean_name(sent) == known


def test_what_is_too_large_is_refused_before_it_is_read(window: TestClient) -> None:
    fields = form_of(window)
    for path in ("/file", "/files"):
        answer = window.post(path, data=fields, files={"file": ("a.xlsx", b"x" * 900_000)})
        assert (answer.status_code, "没有收下" in answer.text) == (413, True)


def test_each_of_several_files_may_be_as_large_as_one(window: TestClient) -> None:
    fields = form_of(window)
    answer = window.post("/files", data=fields, files={"file": ("大<b>.xlsx", b"x" * 120_000)})
    assert answer.status_code == 413
    assert "大&lt;b&gt;.xlsx" in answer.text
    answer = window.post("/files", data=fields, files=[("file", ("a.xlsx", b"x" * 70_000)), ("file", ("b.xlsx", b"y"))])
    assert answer.text == "a.xlsx 70000 70000\nb.xlsx 1 1"


def test_more_files_than_are_asked_for_are_refused(window: TestClient) -> None:
    answer = window.post("/files", data=form_of(window), files=[("file", ("a.xlsx", b"x"))] * 4)
    assert (answer.status_code, "一次最多上传 3 个文件" in answer.text) == (400, True)
    assert window.post("/", data=form_of(window), files=[("file", ("a.xlsx", b"x"))]).status_code == 400


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"])
def test_a_broken_body_is_refused(window: TestClient, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "x-token": form_of(window)["token"]}
    assert window.post("/file", content=body, headers=headers).status_code in {200, 400}
    assert (
        window.post("/file", content=body, headers={**headers, "content-type": "multipart/form-data"}).status_code
        == 400
    )


@pytest.mark.parametrize("charset", ["undefined", "utf-7", "unicode_escape"])
def test_what_an_encoding_makes_of_a_text_breaks_nothing(window: TestClient, charset: str) -> None:
    """Some write half a character, some are none of texts."""
    text = rb"+2AA- \ud800"
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + text + b"\r\n--x--\r\n"
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    answer = window.post("/", content=body, headers={**headers, "x-token": form_of(window)["token"]})
    assert (answer.status_code, "请求不完整" in answer.text) == (400, True)


def test_no_text_that_was_sent_has_nul(window: TestClient) -> None:
    assert window.post("/", data={**form_of(window), "text": "甲\0乙"}).text == "写下了：甲\ufffd乙"


def test_a_field_may_not_be_endless(window: TestClient) -> None:
    assert window.post("/", data={**form_of(window), "text": "x" * 2000}).status_code == 400
    assert window.post("/", data={**form_of(window), **{f"x{n}": "" for n in range(6)}}).status_code == 400


def _read(pieces: AsyncIterator[bytes], declared: bytes = b"") -> None:
    async def receive() -> Message:
        piece = await anext(pieces)
        return {"type": "http.request", "body": piece, "more_body": True}

    async def read() -> None:
        headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"content-length", declared)]
        scope = {"type": "http", "method": "POST", "headers": headers}
        async with sent_with(Request(scope, receive), SMALL, 100_000, 1):
            raise AssertionError("nothing was sent to the end")

    run(read())


HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'


async def _slowly(seconds: float) -> AsyncIterator[bytes]:
    yield HEAD
    while True:
        yield b"x"
        await asyncio.sleep(seconds)


async def _endless() -> AsyncIterator[bytes]:
    yield HEAD
    while True:
        yield b"x" * 60_000


@pytest.mark.parametrize(
    ("pieces", "declared", "status"),
    [
        (_slowly(60), b"", 408),
        (_slowly(0.01), b"", 408),
        (_endless(), b"", 413),
        (_slowly(0.01), b"9999999999", 413),
        (_slowly(60), b"9999999999", 413),
    ],
    ids=["quiet", "drop by drop", "endless", "too large, drop by drop", "too large and quiet"],
)
def test_who_never_ends_is_not_waited_for(pieces: AsyncIterator[bytes], declared: bytes, status: int) -> None:
    with pytest.raises(NotDone) as refused:
        _read(pieces, declared)
    assert refused.value.status == status
