"""A web page at the door: what of it is read, and how often it lies in memory on the way."""

from __future__ import annotations

import tracemalloc

import pytest

from xlcheck.guard.webpage import check_page

HEAD = '<html><head><meta charset="utf-8"><title>年报</title></head><body>'
WORDS = "a b\n" * 100_000
PICTURE = f'<img src="data:image/png;base64,{"A" * 1_000}">'


@pytest.mark.parametrize(
    "body",
    [
        WORDS,
        f"<!-- x -->{WORDS}",
        f"{WORDS}<script>x</script>{WORDS}",
        f"\x01{WORDS}",
        PICTURE + WORDS,
        f"<style>{WORDS}</style>",
    ],
    ids=["words", "a comment", "a program", "a control character", "a picture", "styles"],
)
def test_a_page_never_lies_in_memory_many_times(body: str) -> None:
    data = (HEAD + body).encode()
    tracemalloc.start()
    try:
        check_page(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # One letter that is not Latin makes two bytes of each, and what is seen of it is in UTF-8, once as it is and once in small letters.
    assert peak < 6 * len(data)


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("甲<!-- 乙 -->丙", "甲丙"),
        ("甲<!-- 乙", "甲"),
        ("<script>1 < 2</script >甲<noscript>乙</noscript>", "甲"),
        ("<textarea><!-- 甲 --></textarea>", "<textarea><!-- 甲 --></textarea>"),
        ("甲\x00乙", "甲\ufffd乙"),
        (PICTURE, '<img src="data:">'),
        (PICTURE.replace('"', ""), "<img src=data:>"),
        ("a=data:" + "字" * 500, "a=data:" + "字" * 500),
        ("字" * 70_000 + "<!-- -->" + "词" * 70_000, "字" * 70_000 + "词" * 70_000),
    ],
    ids=["comment", "open comment", "programs", "a text", "control", "picture", "unquoted", "words", "long"],
)
def test_what_is_no_markup_is_left_out_and_all_else_stays(body: str, left: str) -> None:
    page = check_page((HEAD + body).encode())
    assert page.markup.decode() == HEAD + left
    assert page.styles == ""


def test_styles_are_kept_beside_the_markup() -> None:
    page = check_page(f"{HEAD}<style>a\x00</style>甲<STYLE type='x'>b</STYLE>".encode())
    assert (page.markup.decode(), page.styles) == (f"{HEAD}甲", "a\ufffd\nb")
