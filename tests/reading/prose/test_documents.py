"""The text of each kind of document: what is read of a sentence that is edited, wrapped, or broken by a page's end."""

from __future__ import annotations

import pytest

from tests.making.pdfs import pdf, said
from tests.making.written_reports import page, paragraph, run, word
from tests.reading.prose.test_read import stated
from xlcheck.reading.documents.docx import parse_docx
from xlcheck.reading.documents.html import parse_html
from xlcheck.reading.documents.pdf import parse_pdf
from xlcheck.reading.documents.text import parse_text

ASKED, COUNTED, ANSWERED = "全年共收到政府信息公开申请", "12件", "，已办结11件，结转下年度继续办理1件。"
WHOLE = [("received", "12"), ("handled", "11"), ("carried_out", "1")]


def in_word(content: str) -> list[tuple[str, str]]:
    """What a paragraph of a .docx states."""
    return stated(*parse_docx(word(paragraph(content))).paragraphs)


def drawn(content: str) -> str:
    """A text box with a paragraph."""
    return f"<w:r><w:pict><w:txbxContent>{paragraph(content)}</w:txbxContent></w:pict></w:r>"


@pytest.mark.parametrize(
    "content",
    [
        run(ASKED) + run("1") + run("2件") + run(ANSWERED),
        run(ASKED) + f'<w:del w:id="1"><w:r><w:delText>9件</w:delText></w:r></w:del><w:ins w:id="2">{run(COUNTED)}</w:ins>' + run(ANSWERED),
        run(ASKED) + f'<w:moveFrom w:id="1">{run("9件")}</w:moveFrom><w:moveTo w:id="2">{run(COUNTED)}</w:moveTo>' + run(ANSWERED),
        run(ASKED) + run("9件", "<w:strike/>") + run(COUNTED) + run(ANSWERED),
        run(ASKED) + run("12") + run("3", '<w:vertAlign w:val="superscript"/>') + run("件") + run(ANSWERED),
        run(ASKED) + run("3", "<w:vanish/>") + run(COUNTED) + run(ANSWERED),
        run(ASKED) + "<w:r><w:br/></w:r>" + run(COUNTED + ANSWERED),
        run(ASKED) + '<w:r><w:footnoteReference w:id="7"/></w:r>' + run(COUNTED + ANSWERED),
        drawn(run(ASKED + COUNTED + ANSWERED)),
    ],
)  # fmt: skip
def test_word_shows_one_number(content: str) -> None:
    assert in_word(content) == WHOLE


@pytest.mark.parametrize("look", ["<w:strike/>", "<w:dstrike/>", "<w:vanish/>", '<w:color w:val="FFFFFF"/>'])
def test_a_sentence_that_is_struck_or_hidden_states_nothing(look: str) -> None:
    assert in_word(run(ASKED + COUNTED + ANSWERED, look)) == []


@pytest.mark.parametrize(
    "content",
    [
        f"<p>{ASKED}<b>1</b><span>2</span>件{ANSWERED}</p>",
        f"<p>{ASKED}<br>{COUNTED}{ANSWERED}</p>",
        f"<p>{ASKED}<del>9件</del><ins>{COUNTED}</ins>{ANSWERED}</p>",
        f"<p>{ASKED}12<sup>3</sup>件{ANSWERED}</p>",
        f"<p>{ASKED}<span style='display:none'>9件</span>{COUNTED}{ANSWERED}</p>",
        f"<div>{ASKED}</div><div>{COUNTED}{ANSWERED}</div>",
        f"<p>{ASKED}&nbsp;12&nbsp;件{ANSWERED}</p>",
    ],
)
def test_a_page_shows_one_number(content: str) -> None:
    assert stated(*parse_html(page(content).encode()).paragraphs) == WHOLE


def test_a_sentence_that_a_page_strikes_out_states_nothing() -> None:
    assert stated(*parse_html(page(f"<p><s>{ASKED}{COUNTED}{ANSWERED}</s></p>").encode()).paragraphs) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_lines_of_a_text_are_put_together(end: str) -> None:
    assert stated(*parse_text(f"{ASKED}{end}{COUNTED}{ANSWERED}".encode()).paragraphs) == WHOLE
    assert stated(*parse_text(f"# 二、依申请公开\n\n**{ASKED}**{end}{COUNTED}{ANSWERED}".encode()).paragraphs) == WHOLE


def printed(*lines: str, low: float = 700) -> str:
    """Lines of a page, each as wide as the page, the last one short."""
    return "".join(said(72, low - 20 * at, line, 12) for at, line in enumerate(lines))


WIDE = "本机关高度重视政府信息公开工作，严格按照规定程序和时限办理各项申请，"
FULL = WIDE + "切实保障权利。"[: 37 - len(WIDE)]


def full(text: str) -> str:
    """A line of 37 characters that ends with a text."""
    return (WIDE + "本年度")[: 37 - len(text)] + text


def in_pdf(*pages: str) -> list[tuple[str, str]]:
    """What the text of a PDF states."""
    return stated(*parse_pdf(pdf(*pages), lambda _: False).paragraphs)


def test_lines_of_a_printout_are_put_together_over_a_page_end() -> None:
    lines = [FULL, FULL, full("，" + ASKED)]
    assert in_pdf(printed(*lines, COUNTED + ANSWERED)) == WHOLE
    foot = [said(290, 40, f"— {number} —", 9) for number in (1, 2)]
    assert in_pdf(printed(*lines) + foot[0], printed(COUNTED + ANSWERED) + foot[1]) == WHOLE


def test_a_line_that_ends_within_a_number_leaves_it_open() -> None:
    lines = [FULL, FULL, full("，" + ASKED + "1")]
    assert in_pdf(printed(*lines, "2件" + ANSWERED)) == [("carried_out", "1")]
