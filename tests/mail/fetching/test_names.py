"""Headers and attachment names, in all the ways that mail programs write them."""

from __future__ import annotations

import base64
import os
import re
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.files.names import ENDINGS, is_skipped
from xlcheck.mail.fetching.names import attachment_name, decode, file_name, headers, words

NAME = "市教育局2025年报.xlsx"
LONG = "攀枝花市人民政府办公室关于二〇二五年度政府信息公开工作年度报告统计表的填报（最终稿）.xlsx"


def part(head: bytes) -> Message:
    return BytesParser(policy=compat32).parsebytes(head + b"\r\n\r\n")


def word(text: str, charset: str, how: str = "B") -> str:
    data = text.encode("gb18030" if charset.lower() in ("gb2312", "gbk") else charset)
    if how == "Q":
        return f"=?{charset}?Q?{''.join(f'={byte:02X}' for byte in data)}?="
    return f"=?{charset}?B?{base64.b64encode(data).decode()}?="


def cut(text: str, charset: str, size: int, between: str) -> str:
    """Encoded words of a fixed number of bytes, which cut characters in two."""
    data = text.encode(charset)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return between.join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def continued(name: str, charset: str, size: int = 16) -> str:
    """RFC 2231 section 3: a parameter in pieces."""
    encoded = re.findall(r"%..|.", quote(name.encode(charset), safe=""))
    pieces = ["".join(encoded[at : at + size]) for at in range(0, len(encoded), size)]
    lines = [f"filename*{number}*={piece}" for number, piece in enumerate(pieces)]
    lines[0] = lines[0].replace("=", f"={charset}''", 1)
    return ";\r\n\t".join(lines)


WAYS: dict[str, bytes] = {
    "RFC 2231": f"filename*=UTF-8''{quote(NAME)}".encode(),
    "RFC 2231 in GBK": f"filename*=GBK''{quote(NAME.encode('gbk'))}".encode(),
    "RFC 2231 with a language": f"filename*=gb18030'zh-CN'{quote(NAME.encode('gb18030'))}".encode(),
    "RFC 2231 beside a plain name": f"filename=\"____.xlsx\"; filename*=UTF-8''{quote(NAME)}".encode(),
    "encoded word in quotes, QQ": f'filename="{word(NAME, "gb18030")}"'.encode(),
    "encoded word in quotes, UTF-8": f'filename="{word(NAME, "UTF-8")}"'.encode(),
    "encoded word, Q": f'filename="{word(NAME, "utf-8", "Q")}"'.encode(),
    "encoded word without quotes": f"filename={word(NAME, 'utf-8')}".encode(),
    "gb2312 that is GBK": f'filename="{word(NAME, "gb2312")}"'.encode(),
    "plain bytes of GBK": b'filename="' + NAME.encode("gbk") + b'"',
    "plain bytes of UTF-8": b'filename="' + NAME.encode() + b'"',
    "percent signs as in an address": f'filename="{quote(NAME)}"'.encode(),
    "upper case": f"FileName*=utf-8''{quote(NAME)}".encode(),
    "an unknown charset": f"filename*=x-unheard-of''{quote(NAME)}".encode(),
    "a wrong charset": f"filename*=us-ascii''{quote(NAME)}".encode(),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_name_comes_out_right_however_it_is_written(way: str) -> None:
    assert attachment_name(part(b"Content-Disposition: attachment; " + WAYS[way])) == NAME


@pytest.mark.parametrize("way", WAYS)
def test_also_where_only_the_content_type_has_it(way: str) -> None:
    named = WAYS[way].replace(b"FileName", b"Name").replace(b"filename", b"name")
    assert attachment_name(part(b"Content-Type: application/octet-stream;\r\n\t" + named)) == NAME


@pytest.mark.parametrize(
    "way",
    [
        continued(LONG, "utf-8"),
        continued(LONG, "gb18030", 11),
        f'filename="{cut(LONG, "gb18030", 30, chr(13) + chr(10) + " ")}"',
        f'filename="{cut(LONG, "gb18030", 31, " ")}"',
        f'filename="{cut(LONG, "utf-8", 40, chr(13) + chr(10) + chr(9))}"',
        f'filename="{cut(LONG, "utf-8", 31, "")}"',
    ],
    ids=["2231", "2231 GBK", "words folded", "characters cut in two", "UTF-8 folded", "words without a gap"],
)
def test_long_names_in_pieces(way: str) -> None:
    assert attachment_name(part(f"Content-Disposition: attachment;\r\n\t{way}".encode())) == LONG


def test_without_a_name() -> None:
    assert attachment_name(part(b"Content-Disposition: attachment")) == ""
    assert attachment_name(part(b"Content-Disposition: attachment; filename=; filename*=")) == ""
    assert attachment_name(part(b"X: y")) == ""


def test_subjects() -> None:
    assert words(f"回复：{word('年报', 'gb2312')} {word('统计表', 'utf-8', 'Q')} 第2稿") == "回复：年报统计表 第2稿"
    assert words("=?utf-8?B?!!!?= =?utf-8?X?a?= =?utf-8?Q?a_b?=").endswith(" =?utf-8?X?a?= a b")


@given(st.binary(max_size=300))
def test_no_header_makes_it_stumble(data: bytes) -> None:
    for head in (b"Content-Disposition: ", b"Content-Type: x/y; ", b"Content-Disposition: a; filename*0*="):
        message = part(head + data)
        words("".join(headers(message, "content-disposition")))
        attachment_name(message)


@given(st.text(max_size=40), st.sampled_from(["utf-8", "gb18030"]), st.sampled_from(["B", "Q"]))
def test_encoded_words_are_read_as_they_were_written(text: str, charset: str, how: str) -> None:
    try:
        encoded = word(text, charset, how)
    except UnicodeEncodeError:
        return
    assert words(encoded) == text


@given(st.binary(max_size=60), st.text(max_size=20) | st.sampled_from(["zip", "rot13", "undefined", "idna", "utf-16"]))
def test_bytes_of_any_charset_become_text(data: bytes, charset: str) -> None:
    assert decode(data, charset).encode("utf-8")[:1] != b"\xff"


@pytest.mark.parametrize(
    ("given_name", "saved"),
    [
        ("年报.xlsx", "年报.xlsx"),
        ("年报.XLS", "年报.xls"),
        ("年报.审核.xlsx", "年报.xlsx"),
        ("年报.审核.2.xlsx", "年报.xlsx"),
        ("年报.建议.审核.xlsx", "年报.xlsx"),
        ("年报.审核.xlsx.xlsx", "年报_审核_xlsx.xlsx"),
        (".审核.xlsx", "附件.xlsx"),
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\桌面\\年报.xlsx", "年报.xlsx"),
        ("..", "_.xlsx"),
        ("", "附件.xlsx"),
        ("年报", "年报.xlsx"),
        ("年报.xlsx_", "年报.xlsx_.xlsx"),
        ("~$年报.xlsx", "_~$年报.xlsx"),
        (".hidden.xlsx", "hidden.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        ("a\u202excod.xlsx", "axcod.xlsx"),
        ("a\r\nb\0c:*?.xlsx", "a__b_c___.xlsx"),
        ("=HYPERLINK(1).xlsx", "=HYPERLINK(1).xlsx"),
        ("Cafe\u0301.xlsx", "Café.xlsx"),
    ],
)
def test_names_of_files(given_name: str, saved: str) -> None:
    assert file_name(given_name, "xlsx") == saved


@given(st.text(max_size=300) | st.from_regex(r"[.~$审核建议/ax]{0,12}\.xlsx", fullmatch=True))
def test_any_name_becomes_one_that_is_safe_and_that_a_search_finds(name: str) -> None:
    saved = file_name(name, "xlsx")
    assert os.path.splitext(saved)[1] in ENDINGS
    assert not is_skipped(saved)
    assert not set('<>:"/\\|?*\n\r\0') & set(saved)
    assert len(saved.encode()) < 200
    assert saved not in (".", "..")
