"""Addresses: what is one, what parts several, and nothing that could break out of a header or a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.mail.address import InvalidAddress, folded, named, parse_address, several


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("jyj@example.org", "jyj@example.org"),
        ("a.b+c@sub.Example.ORG", "a.b+c@sub.example.org"),
        ("mzj@例子.中国", "mzj@xn--fsqu00a.xn--fiqs8s"),
        ("张三@example.org", "张三@example.org"),
    ],
)
def test_an_address(text: str, spec: str) -> None:
    assert parse_address(text).spec == spec


@pytest.mark.parametrize(
    "text",
    [
        "", "jyj", "@example.org", "jyj@", "jyj@localhost", "a@b@example.org", "a b@example.org", "a..b@example.org", ".a@example.org",
        "a@-b.org", "a@b-.org", "a@b..org", "a@1.2.3.4", "jyj＠example.org", "ｊyj@example.org", "a@example。org",
        '"a"@example.org', "a@[127.0.0.1]", "<a@example.org>", "a@example.org\r\nBcc: x@example.org", "a\x00@example.org",
        "a\u202e@example.org", "a\u200b@example.org", "a@exam\u00adple.org", "a" * 65 + "@example.org", "a@" + "b" * 64 + ".org",
        "a@" + "b." * 130 + "org", "a@example.org;",
    ],
)  # fmt: skip
def test_no_address(text: str) -> None:
    with pytest.raises(InvalidAddress):
        parse_address(text)


@pytest.mark.parametrize("mark", [";", ",", "；", "，", "、", " ", "\u3000", " ; ", "\n", ";;"])
def test_several_are_parted_by_what_people_type(mark: str) -> None:
    assert [each.spec for each in several(f"a@example.org{mark}b@example.org{mark}")] == [
        "a@example.org",
        "b@example.org",
    ]


def test_the_same_mailbox_stands_once() -> None:
    assert len(several("a@example.org; A@EXAMPLE.org")) == 1


@pytest.mark.parametrize(
    ("text", "same"),
    [("A.b@EXAMPLE.org", "a.b@example.org"), ("mzj@例子.中国", "mzj@xn--fsqu00a.xn--fiqs8s"), ("a@b..org", "a@b..org"), ("", "@")],
)  # fmt: skip
def test_any_text_can_be_compared_as_an_address(text: str, same: str) -> None:
    assert folded(text) == same


@given(st.from_regex(r"[A-Za-z0-9_张ß.]{1,9}@[A-Za-z例ß-]{1,9}\.(ORG|cn|中国)", fullmatch=True))
def test_an_address_is_known_again_by_its_text(text: str) -> None:
    try:
        address = parse_address(text)
    except InvalidAddress:
        return
    assert folded(text) == address.key == folded(address.key)


def test_one_wrong_address_spoils_the_entry() -> None:
    with pytest.raises(InvalidAddress, match="“bad”"):
        several("a@example.org; bad")


@pytest.mark.parametrize(
    ("text", "name"),
    [("市政务公开办 <a@example.org>", "市政务公开办"), ('"办" <a@example.org>', "办"), (" a@example.org ", ""), ("甲\r\nBcc: x <a@example.org>", "甲  Bcc: x")],
)  # fmt: skip
def test_a_sender(text: str, name: str) -> None:
    assert named(text) == ("a", "example.org", name)


@given(st.text())
def test_what_is_taken_can_stand_in_a_command(text: str) -> None:
    try:
        spec = parse_address(text).spec
    except InvalidAddress:
        return
    assert spec.count("@") == 1
    assert spec.isprintable()
    assert not set(spec) & set(' <>()[]\\,;:"')
