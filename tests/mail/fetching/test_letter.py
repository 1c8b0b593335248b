"""Taking strangers' letters apart."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import ROOT
from tests.making.work import processor
from tests.servers.replies import Part, attached, headed, letter, multipart, text
from xlcheck.mail.fetching.letter import Unparseable, parse_head, parse_letter

SENDER = "jyj@example.org"


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("jyj@example.org", SENDER),
        ("<jyj@example.org>", SENDER),
        ("市教育局 <jyj@example.org>", SENDER),
        ('"市教育局, 办公室" <jyj@example.org>', SENDER),
        ('"=?gb18030?B?ytC9zNP9vtY=?=" <jyj@example.org>', SENDER),
        ("=?gb2312?B?ytC9zNP9vtY=?=<jyj@example.org>", SENDER),
        ("jyj@example.org (市教育局)", SENDER),
        ('"other@example.org" <jyj@example.org>', SENDER),
        ("jyj@例子.中国", "jyj@例子.中国"),
        ("jyj@example.org <other@example.org>", ""),
        ("jyj@example.org <JYJ@example.org>", "JYJ@example.org"),
        ("<other@example.org> jyj@example.org", ""),
        ("<jyj@example.org> jyj@example.org", ""),
        ("<jyj@example.org> <other@example.org>", ""),
        ("<jyj@example.org> 市教育局", ""),
        ("jyj@example.org; other@example.org", ""),
        ("jyj@example.org;", ""),
        ("jyj@example.org other@example.org", ""),
        ("jyj@example.org\r\n <other@example.org>", ""),
        ("市教育局: jyj@example.org;", ""),
        ("市教育局, 办公室 <jyj@example.org>", ""),
        ("<@other.org:jyj@example.org>", ""),
        ('"jyj@example.org <other@example.org>', ""),
        ("jyj@example.org (<other@example.org>", ""),
        ('"a"<b> <jyj@example.org>', ""),
        ("=?utf-8?Q?<other@example.org>?= <jyj@example.org>", ""),
        ("=?utf-8?Q?=3Cother=40example.org=3E?= <jyj@example.org>", SENDER),
        ('"市教育局" (办公室 (一)) <jyj@example.org>', SENDER),
        ("jyj@example.org, other@example.org", ""),
        ("undisclosed-recipients: ;", ""),
        ("市教育局", ""),
        ("jyj@example.org\r\nFrom: jyj@example.org", ""),
        ("a@b@c", ""),
        ("", ""),
    ],
)
def test_the_sender_is_the_one_address_in_from(header: str, sender: str) -> None:
    assert parse_letter(letter(header)).sender == sender


def test_names_in_plain_bytes_do_not_hide_the_sender() -> None:
    assert parse_letter(letter("市教育局 <jyj@example.org>".encode("gbk"))).sender == SENDER


def test_what_is_attached() -> None:
    parsed = parse_letter(letter(SENDER, attached(b"one"), attached(b"two", "b.et"), subject="=?utf-8?B?5bm05oql?="))
    assert [(a.name, a.data) for a in parsed.attachments] == [("年报.xlsx", b"one"), ("b.et", b"two")]
    assert (parsed.subject, parsed.nested, parsed.kind) == ("年报", (), "letter")


def test_attachments_in_containers_within_containers() -> None:
    inner = multipart(multipart(text(), attached(b"deep"), boundary="b2"), kind="related", boundary="b1")
    assert [a.data for a in parse_letter(letter(SENDER, inner)).attachments] == [b"deep"]


def test_a_letter_that_is_but_one_attachment() -> None:
    lone = attached(b"data")
    raw = b"From: " + SENDER.encode() + b"\r\n" + lone.headers + b"\r\n\r\n" + lone.body
    assert [a.data for a in parse_letter(raw).attachments] == [b"data"]


def test_the_texts_and_pictures_of_a_letter_are_no_attachments() -> None:
    html = Part(b"Content-Type: text/html", b"<p>hello</p>")
    logo = Part(b"Content-Type: image/png\r\nContent-ID: <1>", b"\x89PNG")
    assert parse_letter(letter(SENDER, html, logo)).attachments == ()


def test_what_a_letter_within_the_letter_holds_is_named_and_not_taken() -> None:
    forwarded = Part(
        b"Content-Type: message/rfc822", letter("other@example.org", attached(b"x", "旧表.xlsx"), boundary="inner")
    )
    parsed = parse_letter(letter(SENDER, forwarded, attached(b"y")))
    assert [each.name for each in parsed.nested] == ["旧表.xlsx"]
    assert [a.data for a in parsed.attachments] == [b"y"]


def test_a_letter_that_could_not_be_delivered() -> None:
    raw = letter("MAILER-DAEMON@example.org", text()).replace(
        b"multipart/mixed;", b"multipart/report; report-type=delivery-status;"
    )
    assert parse_letter(raw).kind == "bounce"


def test_copies_of_a_letter_are_one_letter() -> None:
    raw = letter(SENDER, attached(b"x"), message_id="<1@example.org>")
    same = parse_letter(b"Received: from elsewhere\r\nX-Spam: no\r\n" + raw)
    assert parse_letter(raw).identity == same.identity


def test_another_sender_body_or_message_id_is_another_letter() -> None:
    letters = [
        letter(SENDER, attached(b"x"), message_id="<1@example.org>"),
        letter("a@example.org", attached(b"x"), message_id="<1@example.org>"),
        letter(SENDER, attached(b"y"), message_id="<1@example.org>"),
        letter(SENDER, attached(b"x"), message_id="<2@example.org>"),
    ]
    assert len({parse_letter(raw).identity for raw in letters}) == len(letters)


def test_every_field_of_the_head_that_says_something_makes_another_letter() -> None:
    raw = letter(SENDER, attached(b"x"), message_id="<1@example.org>")
    letters = [
        raw,
        raw.replace(b"mixed", b"related"),
        raw.replace(b"Subject: Re", b"Subject: Fwd"),
        b"Authentication-Results: mx.example.org; dmarc=fail\r\n" + raw,
        b"Authentication-Results: mx.example.org; dmarc=pass\r\n" + raw,
        b"Date: Mon, 3 Nov 2025 09:30:00 +0800\r\n" + raw,
    ]
    assert len({parse_letter(each).identity for each in letters}) == len(letters)
    for on_the_way in (b"Return-Path: <a@b>", b"Received: from x", b"Delivered-To: gkb@example.org", b"X-QQ-mid: 1"):
        assert parse_letter(on_the_way + b"\r\n" + raw).identity == parse_letter(raw).identity


def nested(depth: int, lines: int) -> bytes:
    """Multiparts within multiparts, and many short lines in the innermost."""
    heads = (f"Content-Type: multipart/mixed; boundary=x{n}\r\n\r\n--x{n}\r\n".encode() for n in range(depth))
    return b"From: a@b\r\n" + b"".join(heads) + b"\r\n" + b"a\n" * lines


HOSTILE: dict[str, Callable[[], bytes]] = {
    "100,000 parts": lambda: b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\na\r\n" * 100_000,
    "parts of a digest": lambda: b"Content-Type: multipart/digest; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 100_000,
    "nested a hundred deep": lambda: nested(100, 500_000),
    "nested a thousand deep": lambda: nested(1_000, 50_000),
    "letters within letters": lambda: b"Content-Type: message/rfc822\r\n\r\n" * 1_100,
    "thirty million line ends": lambda: b"From: a@b\r\n\r\n" + b"\n" * 30_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_honest_sender_writes_is_refused_before_long(name: str) -> None:
    data, honest = HOSTILE[name](), letter(SENDER, attached(b"x" * (1 << 20)))

    def refused() -> None:
        with pytest.raises(Unparseable, match="没有打开"):
            parse_letter(data)

    assert processor(refused) < 20 * processor(lambda: parse_letter(honest))


_LARGE = """
from tests.servers.replies import attached, letter
from xlcheck.mail.fetching.letter import parse_letter

def memory(which):
    # Not ru_maxrss, which a process takes over from the one that started it.
    return int(next(line for line in open("/proc/self/status") if line.startswith(which)).split()[1]) >> 10

data = letter("a@example.org", attached(bytes(20 << 20)))
open("/proc/self/clear_refs", "w").write("5")  # the most is what there is now (proc(5))
before = memory("VmRSS")
(found,) = parse_letter(data).attachments
print(len(found.data) >> 20, memory("VmHWM") - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system as on Linux")
def test_an_honest_letter_of_thirty_megabytes_takes_little_more_than_itself() -> None:
    # In a process of its own: this one may have grown before.
    done = subprocess.run([sys.executable, "-c", _LARGE], capture_output=True, text=True, check=True, cwd=ROOT)
    megabytes, more = map(int, done.stdout.split())
    assert megabytes == 20
    assert more < 110


@given(st.binary(max_size=400))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    for raw in (data, b"From: " + data, b"Content-Type: multipart/mixed; boundary=" + data + b"\r\n\r\n--" + data):
        parse_head(raw)
        try:
            parse_letter(raw)
        except Unparseable:
            continue


_LINES = st.sampled_from(
    ["YWJj", "ZGVm" * 19, "=", "==", "QQ==", "QUI=", "\r\n", "\n", "\r", " ", "-_", "é", "A", "\x0c", "!"]
)


@given(st.lists(_LINES, max_size=12).map("".join), st.sampled_from(["base64", "BASE64", "base64 ", "7bit", "8bit"]))
def test_contents_are_what_the_library_decodes(body: str, encoding: str) -> None:
    head = f"Content-Disposition: attachment; filename=a.xlsx\r\nContent-Transfer-Encoding: {encoding}"
    raw = letter(SENDER, Part(head.encode(), body.encode()))
    (part,) = [part for part in message_from_bytes(raw).walk() if part.get_filename()]
    assert [attached.data for attached in parse_letter(raw).attachments] == [part.get_payload(decode=True)]


def test_long_contents_are_what_the_library_decodes() -> None:
    data = bytes(range(256)) * 1000 + b"end"
    (found,) = parse_letter(letter(SENDER, attached(data))).attachments
    assert found.data == data


def test_broken_encodings_are_still_attachments() -> None:
    broken = headed(b"Content-Disposition: attachment; filename=a.xlsx", b"data")._replace(body=b"!!not base64!!\xff")
    assert [a.name for a in parse_letter(letter(SENDER, broken)).attachments] == ["a.xlsx"]
