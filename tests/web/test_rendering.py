"""Pages: what strangers write is text, and a sentence for the next page is said once."""

from __future__ import annotations

import hashlib
from urllib.parse import unquote

import pytest

from tests.web.window import TINY_ROUTES, client, form_of
from xlcheck.web.rendering import HTMX, STATIC, download_of


def test_the_script_that_is_not_ours_is_as_its_makers_publish_it() -> None:
    """htmx.org 2.0.11 of npm, dist/htmx.min.js; its licence lies beside it."""
    digest = hashlib.sha256((STATIC / HTMX).read_bytes()).hexdigest()
    assert digest == "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
    assert (STATIC / "htmx-LICENSE.txt").read_text(encoding="utf-8").startswith("Zero-Clause BSD")


def test_what_a_task_refuses_is_a_page_with_its_sentence_escaped() -> None:
    answer = client(TINY_ROUTES).get("/refused")
    assert (answer.status_code, "“&lt;b&gt;.xlsx”不在" in answer.text) == (409, True)


def test_a_sentence_is_said_once_on_the_next_page() -> None:
    window = client(TINY_ROUTES)
    sent = {**form_of(window), "text": "<b>收下了 3 个文件"}
    answer = window.post("/next", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/said")
    assert "&lt;b&gt;收下了 3 个文件" in window.get("/said").text
    assert "收下了" not in window.get("/said").text


@pytest.mark.parametrize("value", ["", "x", "e30=.x", "e30=." + "0" * 64])
def test_nobody_else_puts_words_on_a_page(value: str) -> None:
    window = client(TINY_ROUTES)
    form_of(window)
    window.cookies.set("xlcheck-said", value)
    assert window.get("/said").status_code == 200
    assert "told good" not in window.get("/said").text


def test_a_file_keeps_its_chinese_name() -> None:
    answer = download_of(b"x", '市教育局\r\nX: y".xlsx', "application/octet-stream")
    disposition = answer.headers["content-disposition"]
    assert disposition.isascii()
    assert "\r" not in disposition
    assert unquote(disposition.partition("''")[2]) == '市教育局\r\nX: y".xlsx'
