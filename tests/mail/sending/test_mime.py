"""Letters as bytes, read by three parsers that share no code."""

from __future__ import annotations

import email
import email.policy
import hashlib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.fixtures import Parsers
from xlcheck.mail.address import Address, parse_address
from xlcheck.mail.sending.letter import Words
from xlcheck.mail.sending.mime import Headers, compose, words_of
from xlcheck.model.text import clean

WORDS = Words("【审核未通过】请市教育局修改", "市教育局：\n　　不通过。\n.\n..点\n", "<p>市教育局</p>")
ENVELOPE = Headers(
    parse_address("gkb@example.org")._replace(name="市政务公开办公室"),
    (
        parse_address("jyj@example.org")._replace(name="市教育局 张老师"),
        parse_address("b@example.org")._replace(name="市教育局"),
    ),
    (parse_address("cc@example.org"),),
    (parse_address("back@example.org"),),
    "<0123456789abcdef@example.org>",
    1_768_000_000,
)
NAMES = [
    "a.审核.xlsx", "市教育局2025年度.审核.xlsx", "a b.xlsx", "very long ascii name " * 8 + ".xlsx", "国务院办公厅政府信息与政务公开办公室" * 3 + ".审核.xlsx",
    "引号'单%20百分号.xlsx", "𠮷田😀.xlsx", "plain.xlsx", "100%(1)&;=,.xlsx", "=?utf-8?B?5Lit?=.xlsx",
]  # fmt: skip


def message(data: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(data, policy=email.policy.SMTPUTF8)
    assert isinstance(parsed, EmailMessage)
    return parsed


def mailboxes(parsed: EmailMessage, header: str) -> list[tuple[str, str]]:
    return [(each.display_name, each.addr_spec) for each in parsed[header].addresses]


def test_everything_stands_where_it_belongs() -> None:
    parsed = message(compose(ENVELOPE, WORDS, ("a.审核.xlsx", b"PK data")))
    assert parsed["Subject"] == WORDS.subject
    assert mailboxes(parsed, "From") == [("市政务公开办公室", "gkb@example.org")]
    assert mailboxes(parsed, "To") == [("市教育局 张老师", "jyj@example.org"), ("市教育局", "b@example.org")]
    assert mailboxes(parsed, "Cc") == [("", "cc@example.org")]
    assert mailboxes(parsed, "Reply-To") == [("", "back@example.org")]
    assert parsed["Message-ID"] == ENVELOPE.message_id
    assert "X-Unsent" not in parsed
    assert [part.get_content_type() for part in parsed.walk()][:4] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert parsed.get_body(("plain",)).get_content().replace("\r\n", "\n") == WORDS.text  # type: ignore[union-attr]
    (attached,) = parsed.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("a.审核.xlsx", b"PK data")


def test_the_words_are_read_back() -> None:
    long = Words("主题" * 60, "字" * 3000 + "\n\n尾\n", "<p>\n" + "字" * 3000 + "</p>")
    for words, attachment in ((WORDS, ("a.xlsx", b"PK")), (WORDS, None), (long, None)):
        assert words_of(compose(ENVELOPE, words, attachment)) == words


def test_a_draft_says_so_and_may_lack_a_sender() -> None:
    parsed = message(compose(ENVELOPE._replace(sender=None, unsent=True), WORDS, None))
    assert parsed["X-Unsent"] == "1"
    assert "From" not in parsed
    assert parsed.get_content_type() == "multipart/alternative"


def test_the_same_letter_is_the_same_bytes() -> None:
    assert compose(ENVELOPE, WORDS, ("a.xlsx", b"x")) == compose(ENVELOPE, WORDS, ("a.xlsx", b"x"))


def test_lines_are_short_ascii_and_end_in_crlf() -> None:
    data = compose(
        ENVELOPE, Words("长" * 150, "字" * 3000 + "\n", "<p>" + "字" * 3000 + "</p>"), (NAMES[4], bytes(5000))
    )
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 998  # RFC 5322, 2.1.1
    assert max(len(line) for line in lines if b"filename*" not in line) <= 80  # the MIME type of an .xlsx


@pytest.mark.parametrize("name", NAMES)
def test_the_file_s_name_is_told_twice(name: str) -> None:
    """filename* by RFC 2231, and name as an encoded word, at which Foxmail and QQ Mail look first."""
    parsed = email.message_from_bytes(compose(ENVELOPE, WORDS, (name, b"x")))
    part = parsed.get_payload()[-1]  # type: ignore[index]
    assert part.get_filename() == name  # type: ignore[union-attr]
    shown = str(part.get_param("name"))  # type: ignore[union-attr]
    assert str(email.header.make_header(email.header.decode_header(shown))) == name
    for line in str(part["Content-Type"]).splitlines():  # type: ignore[index]
        for word in line.split():
            assert len(word.removeprefix('name="').rstrip('";')) <= 75 or "=?" not in word  # RFC 2047, 2


def test_an_address_beyond_ascii_makes_headers_utf_8() -> None:
    data = compose(ENVELOPE._replace(to=(Address("张三", "example.org", "市教育局"),)), WORDS, ("甲.xlsx", b"x"))
    parsed = email.message_from_string(data.decode(), policy=email.policy.SMTPUTF8)
    assert isinstance(parsed, EmailMessage)
    assert mailboxes(parsed, "To") == [("市教育局", "张三@example.org")]


def read_alike(parsers: Parsers, folder: Path, letters: list[tuple[Headers, Words, tuple[str, bytes] | None]]) -> None:
    """Node's parsers read what was meant."""
    paths = []
    for number, letter in enumerate(letters):
        path = folder / f"{number}.eml"
        path.write_bytes(compose(*letter))
        paths.append(path)
    for (envelope, words, attachment), read in zip(letters, parsers(paths), strict=True):
        for parser, got in read.items():
            wanted: dict[str, Any] = {
                "subject": words.subject,
                "from": [[each.name, each.spec] for each in (envelope.sender,) if each],
                "to": [[each.name, each.spec] for each in envelope.to],
                "cc": [[each.name, each.spec] for each in envelope.cc],
                "reply_to": [[each.name, each.spec] for each in envelope.reply_to],
                "message_id": envelope.message_id,
                "text": words.text.strip(),
                "html": words.html.strip(),
            }
            tidy = {
                key: value.replace("\r\n", "\n").strip() if key in ("text", "html") else value
                for key, value in got.items()
            }
            assert {key: tidy[key] for key in wanted} == wanted, parser
            files = [[one[0], one[2]] for one in got["files"]]
            assert files == ([[attachment[0], hashlib.sha256(attachment[1]).hexdigest()]] if attachment else []), parser


def test_parsers_in_node_read_the_same(parsers: Parsers, tmp_path: Path) -> None:
    letters: list[tuple[Headers, Words, tuple[str, bytes] | None]] = [
        (ENVELOPE, WORDS, (name, name.encode() * 50)) for name in NAMES if "=?" not in name
    ]
    letters += [
        (ENVELOPE, WORDS._replace(subject=subject), None)
        for subject in (
            "plain",
            "长" * 150,
            "A" * 200,
            "混 mixed 合 " * 9 + "完",
            "=?utf-8?b?5Lit?=",
            "😀𠮷" * 30,
            'a,b;c:d<e>@f"g\\h',
        )
    ]
    letters += [
        (ENVELOPE._replace(to=(parse_address("jyj@example.org")._replace(name=name),)), WORDS, None)
        for name in ("Education, Bureau", 'a"b\\c', "市教育局（新）, 甲;乙", "长" * 60, "O'Neil", "a@b <c>")
    ]
    read_alike(parsers, tmp_path, letters)


anything = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@given(anything, anything, anything)
def test_no_field_adds_a_header(subject: str, name: str, file: str) -> None:
    to = parse_address("jyj@example.org")._replace(name=clean(f"{name}\r\nBcc: x@example.org").strip())
    envelope = ENVELOPE._replace(to=(to,), sender=ENVELOPE.sender and ENVELOPE.sender._replace(name=name))
    data = compose(envelope, WORDS._replace(subject=f"{subject}\r\nX-Evil: 1"), (f"{file}\r\nX-Evil: 1.xlsx", b"x"))
    head = data.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert names == [
        b"Date",
        b"From",
        b"To",
        b"Cc",
        b"Reply-To",
        b"Subject",
        b"Message-ID",
        b"MIME-Version",
        b"Content-Type",
    ]
    parsed = email.message_from_bytes(data)
    assert parsed["X-Evil"] is None
    assert [part["X-Evil"] for part in parsed.walk()] == [None] * 5
