"""Reading a saved web page: the tables as a browser shows them."""

from __future__ import annotations

import quopri
from base64 import encodebytes

import pytest

from tests.making.written_reports import HEADS, SIGNED, TITLE, page, page_report, tables
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.grid import Grid
from xlcheck.reading.documents.html import parse_html

Laid = list[tuple[int, int, int, int, str]]


def laid(grid: Grid) -> Laid:
    """The cells of a grid."""
    return [(one.row, one.column, one.rows, one.columns, one.text) for one in grid.cells]


WANTED = [[tuple(one[:5]) for one in cells] for cells in tables()]


def only(body: str, head: str = '<meta charset="utf-8">') -> Grid:
    """The one table of a page."""
    (grid,) = parse_html(page(body, head).encode()).grids
    return grid


def text_of(content: str, style: str = "") -> tuple[str, str]:
    """What is seen of a cell with this content, and the doubt of it."""
    (found,) = only(f"<table><tr><td>{content}</td></tr></table>", f"<style>{style}</style>").cells
    return found.text, found.doubt


def test_the_whole_report_is_read_as_it_is_shown() -> None:
    document = parse_html(page_report().encode())
    assert document.kind == "html"
    assert [grid.number for grid in document.grids] == [1, 2, 3]
    assert [laid(grid) for grid in document.grids] == WANTED
    assert not [one for grid in document.grids for one in grid.cells if one.doubt]
    assert document.paragraphs == (TITLE, "一、总体情况", *HEADS, *SIGNED)


# --- how it is written -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "label", "mark"),
    [
        ("utf-8", '<meta charset="utf-8">', b""),
        ("utf-8", "", b""),
        ("utf-8", "", b"\xef\xbb\xbf"),
        ("utf-8", '<meta charset="gb2312">', b""),
        ("gb18030", '<meta charset="gb2312">', b""),
        ("gb18030", '<META http-equiv=Content-Type content="text/html; charset=GBK">', b""),
        ("gb18030", "", b""),
        ("gb18030", '<meta charset="utf-8">', b""),
        ("gb18030", "<meta charset=no-such-thing>", b""),
        ("gb18030", "<meta charset=zlib_codec>", b""),
        ("big5hkscs", "<meta charset=big5>", b""),
        ("utf-16-le", "<meta charset=gb2312>", b"\xff\xfe"),
        ("utf-16-be", "", b"\xfe\xff"),
        ("utf-16-le", "", b""),
    ],
)
def test_a_page_is_decoded_as_browsers_do_or_better(codec: str, label: str, mark: bytes) -> None:
    if codec == "big5hkscs":
        body = page("<table><tr><td>規章<td>12</table>", label)
        assert laid(parse_html(body.replace("年报", "年報").encode(codec)).grids[0]) == [
            (0, 0, 1, 1, "規章"),
            (0, 1, 1, 1, "12"),
        ]
        return
    text = page_report().replace('<meta charset="utf-8">', label)
    right = parse_html(mark + text.encode(codec)).grids
    if label == '<meta charset="utf-8">' and codec == "gb18030":
        # Nobody can read such a page; the numbers in it stay what they are.
        assert [one.text for one in right[0].cells if one.text.isdigit()]
        return
    assert [laid(grid) for grid in right] == WANTED


def _archive(content: bytes, encoding: str, charset: str) -> bytes:
    return (
        b"From: <Saved by a browser>\r\nSubject: =?utf-8?B?5bm05oql?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html"; boundary="--=b"\r\n\r\n----=b\r\n'
        b"Content-Type: text/html; charset=%s\r\nContent-Transfer-Encoding: %s\r\n"
        b"Content-Location: https://example.org/\r\n\r\n%s\r\n----=b\r\nContent-Type: image/png\r\n\r\nx\r\n----=b--\r\n"
    ) % (charset.encode(), encoding.encode(), content)


@pytest.mark.parametrize("codec", ["utf-8", "gb2312"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_page_in_an_archive_is_read(codec: str, encoding: str) -> None:
    raw = page_report().replace('<meta charset="utf-8">', "").encode("gb18030" if codec == "gb2312" else codec)
    spelt = quopri.encodestring(raw) if encoding == "quoted-printable" else encodebytes(raw)
    assert [laid(grid) for grid in parse_html(_archive(spelt, encoding, codec)).grids] == WANTED


def test_an_archive_without_a_page_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        parse_html(_archive(b"x", "7bit", "utf-8").replace(b"text/html; charset", b"text/css; charset"))
    assert refused.value.code == "F101"


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<span>1</span><span>2</span>", "12"),
        ("<p><span style='font-size:9pt'>1<o:p></o:p></span></p>", "1"),
        ("1<span> 2</span>", "1 2"),
        ("1 <span> 2</span>", "1 2"),
        ("\n   3\n  ", "3"),
        ("&nbsp;4&nbsp;", "4"),
        ("&#49;&#x32;", "12"),
        ("结 果<br>维持", "结 果\n维持"),
        ("<p>结果</p><p>维持</p>", "结果\n维持"),
        ("<div><div>结果</div></div>维持", "结果\n维持"),
        ("1<wbr>2", "12"),
        ("1<!-- 9 -->2", "12"),
        ("1<!--[if gte mso 9]><b>9</b><![endif]-->2", "12"),
        ("1<![if !supportEmptyParas]>2<![endif]>", "12"),
        ("1<script>document.write('<td>9')</script>2", "12"),
        ("1<style>td{}</style>2", "12"),
        ("1<noscript>9</noscript>2", "12"),
        ("1<script>2", "1"),
        ("1<!-- 2", "1"),
        ("1<!--> 2", "1 2"),
        ("<pre>1\n2</pre>", "1\n2"),
        ("<ruby>一<rt>yi</rt></ruby>", "一"),
        ("<b>3</b> <ins>4</ins>", "3 4"),
        ("<bdo dir=rtl>12</bdo>", "\ufffd12"),
        ("<span style='unicode-bidi:bidi-override;direction:rtl'>12</span>", "\ufffd12"),
        ("1\x002", "1\ufffd2"),
    ],
)
def test_a_text_is_what_the_page_shows(content: str, text: str) -> None:
    assert text_of(content) == (text, "")


@pytest.mark.parametrize(
    "shape",
    [
        "style='display:none'",
        "style='color:red; DISPLAY : none !important'",
        "style=visibility:hidden",
        "hidden",
        "hidden=''",
        "class='a h'",
        "id=g",
        "class=k",
        "style='opacity:0'",
        "style='filter:alpha(opacity=0)'",
        "style='text-indent:-9999px'",
        "style='position:absolute;left:-9999px'",
        "style='position:fixed;top:-500em'",
        "style='position:absolute;clip:rect(0 0 0 0)'",
        "style='position:absolute;clip-path:inset(50%)'",
        "style='height:0;overflow:hidden'",
        "style='transform:scale(0)'",
    ],
)
def test_what_is_hidden_or_out_of_sight_is_not_seen(shape: str) -> None:
    style = "/* .x{} */ .h, .j { display: none } span#g{display:none} @import 'a'; span.k{visibility:hidden}"
    assert text_of(f"1<span {shape}>9<b>8</b></span>", style) == ("1", "")


@pytest.mark.parametrize(
    "shape",
    [
        "style='color:#fff'",
        "style='color: WHITE !important'",
        "style='color:rgb(254, 254, 254)'",
        "style='color:rgba(0,0,0,0)'",
        "style='color:transparent'",
        "style='font-size:0'",
        "style='font-size:1px'",
        "style='font:0/0 a'",
        "style='font-size:.1em'",
        "class=f",
        "class=t",
        "style='background:#000'",
        "style='background-color:rgb(5,5,5)'",
    ],
)
def test_what_is_as_its_ground_or_too_small_is_doubted(shape: str) -> None:
    style = ".f{color:#FEFEFE} span.t{font-size:1pt}"
    assert text_of(f"<span {shape}><b>12</b></span>", style) == ("12", "其中“12”是白色或极小的字，页面上看不见")
    assert text_of(f"1<span {shape}>2</span>", style) == ("1", "其中“2”是白色或极小的字，页面上看不见")


def test_the_words_of_an_old_page_for_colours_count_too() -> None:
    assert text_of("1<font color=white>2</font>")[0] == "1"
    assert text_of("<font color=white>2</font>")[1]
    (found,) = only("<table bgcolor=navy><tr><td><font color=white>2</font></td></tr></table>").cells
    assert (found.text, found.doubt) == ("2", "")


@pytest.mark.parametrize(
    "content",
    [
        "<span style='background:#1f3864;color:#fff'>12</span>",
        "<span style='background:url(a.png);color:#fff'>12</span>",
        "<span style='background:no-such-colour;color:no-such-colour'>12</span>",
        "<span style='color:#fff'><b style='color:#333'>12</b></span>",
        "<span style='font-size:0'><b style='font-size:12px'>12</b></span>",
        "<span style='color:windowtext;background:white;font-size:10.5pt'>12</span>",
        "<span style='font:12px/1.5 a'>12</span>",
        "<span style='opacity:.9;overflow:hidden;height:20px;text-indent:-2em'>12</span>",
        "<span style='color:inherit;background:none;font-size:small'>12</span>",
    ],
)
def test_what_is_seen_on_its_ground_is_read(content: str) -> None:
    assert text_of(content) == ("12", "")


@pytest.mark.parametrize(
    "style", [".t{display:none} .t.on{display:block}", "span.on.t{display:inline} .t{display:none}"]
)
def test_of_several_classes_at_once_the_rule_counts_more(style: str) -> None:
    """So do pages show one of several panes."""
    assert text_of("1<span class='on t x'>2</span><span class=t>9</span>", style) == ("12", "")
    assert text_of("1<b class='on t'>2</b>", ".on.t{display:none}") == ("1", "")
    assert text_of("1<b class='on t'>2</b>", "i.on.t, .on.t.u{display:none}") == ("12", "")


@pytest.mark.parametrize(
    "style", ["@media print { .h { display: none } }", ".a .h {display:none}", ".h{display:block}"]
)
def test_what_is_hidden_on_paper_or_elsewhere_is_seen(style: str) -> None:
    assert text_of("1<span class=h>9</span>", style) == ("19", "")


@pytest.mark.parametrize(
    "raised", ["<sup>2</sup>", "<sub>2</sub>", "<span style='vertical-align:super'>2</span>", "<b class=u>2</b>"]
)
def test_a_power_is_no_number(raised: str) -> None:
    assert text_of(f"3{raised}", ".u{vertical-align:sub}") == ("3", "其中“2”是上标或下标")


@pytest.mark.parametrize(
    "struck", ["<s>3</s>", "<del>3</del>", "<strike>3</strike>", "<i style='text-decoration:line-through'>3</i>"]
)
def test_what_is_struck_through_is_doubted(struck: str) -> None:
    assert text_of(f"{struck}4") == ("4", "其中“3”划了删除线")
    assert text_of(struck) == ("3", "其中“3”划了删除线")


@pytest.mark.parametrize(
    "drawn", ["<img src=1.png>", "<input value=3>", "<select><option>3</select>", "<svg><text>3</text></svg>"]
)
def test_what_is_drawn_is_not_read(drawn: str) -> None:
    assert text_of(drawn) == ("", "格内是图片、文本框或控件，其中的内容读不出来")
    assert text_of(f"5{drawn}") == ("5", "")
    assert text_of("<input type=hidden value=3>") == ("", "")


# --- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "cells"),
    [
        ("<table><tr><td>1<td>2<tr><td>3</table>", [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2"), (1, 0, 1, 1, "3")]),
        ("<table><td>1<td>2</table>", [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")]),
        ("<table><form><tr><th>1</th><td>2</td></tr></form></table>", [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")]),
        ("<table><tr><td rowspan=2>1<td>2<tr><td>3</table>", [(0, 0, 2, 1, "1"), (0, 1, 1, 1, "2"), (1, 1, 1, 1, "3")]),
        ("<table><tr><td rowspan=65000>1<td>2<tr><td>3</table>", [(0, 0, 2, 1, "1"), (0, 1, 1, 1, "2"), (1, 1, 1, 1, "3")]),
        ("<table><tr><td rowspan=0>1<td>2<tr><td>3</table>", [(0, 0, 2, 1, "1"), (0, 1, 1, 1, "2"), (1, 1, 1, 1, "3")]),
        ("<table><tr><td colspan=999>1<tr><td>2<td>3</table>", [(0, 0, 1, 2, "1"), (1, 0, 1, 1, "2"), (1, 1, 1, 1, "3")]),
        ("<table><tr><td colspan=x rowspan=-1>1<td colspan=0>2</table>", [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")]),
        ("<table><thead><tr><td rowspan=3>1</thead><tr><td>2</table>", [(0, 0, 1, 1, "1"), (1, 0, 1, 1, "2")]),
        ("<table><tfoot><tr><td>3</tfoot><tr><td>2<thead><tr><td>1</thead></table>", [(0, 0, 1, 1, "1"), (1, 0, 1, 1, "2"), (2, 0, 1, 1, "3")]),
        ("<table><tr><td style='display:none'>0<td>1<tr hidden><td>9<tr><td>2</table>", [(0, 0, 1, 1, "1"), (1, 0, 1, 1, "2")]),
        ("<table><tr><td style='visibility:hidden'>0<td>1</table>", [(0, 0, 1, 1, ""), (0, 1, 1, 1, "1")]),
        ("<table><tr><td><span>1</td><td>2</td></span></tr><tr><td><div>3</td></div></tr></table>", [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2"), (1, 0, 1, 1, "3")]),
        ("<table><caption>表</caption><colgroup><col></colgroup><tr><td>1</table>", [(0, 0, 1, 1, "1")]),
    ],
)  # fmt: skip
def test_cells_lie_as_browsers_lay_them(body: str, cells: Laid) -> None:
    assert laid(only(body)) == cells


def test_tables_within_tables_have_numbers_of_their_own_and_the_text_around_them_is_the_documents() -> None:
    inner = "<table><tr><td>1<td>2</table>"
    document = parse_html(
        page(f"<p>页头<table><tr><td>导航<td><h1>标题</h1>{inner}<p>落款</p></table><table><tr><td>尾</table>").encode()
    )
    assert [laid(grid) for grid in document.grids] == [
        [(0, 0, 1, 1, "导航"), (0, 1, 1, 1, "标题\n落款")],
        [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")],
        [(0, 0, 1, 1, "尾")],
    ]
    assert document.paragraphs == ("页头", "标题", "落款", "尾")


def test_a_hidden_table_is_none() -> None:
    document = parse_html(page("<div hidden><table><tr><td>9</table></div><table><tr><td>1</table>").encode())
    assert [(grid.number, laid(grid)) for grid in document.grids] == [(1, [(0, 0, 1, 1, "1")])]


# --- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<div>" * 300 + "1", "F104"),
        ("<table>" + "<tr><td>1" * 25_000 + "</table>", "F104"),
        ("<table>" + ("<tr>" + "<td rowspan=999 colspan=999>" * 20) * 900, "F104"),
        ("<i>" * 200_000, "F104"),
        (f"<p {' '.join(f'a{number}=1' for number in range(20_000))}>", "F104"),
        ("a" * 11_000_000, "F104"),
    ],
)
def test_what_no_report_holds_is_refused(body: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(page(body).encode())
    assert refused.value.code == code


def test_an_empty_page_has_nothing() -> None:
    assert parse_html(b"<html></html>").grids == ()
    with pytest.raises(Refused):
        parse_html(b"")
