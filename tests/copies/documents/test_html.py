"""Copies of web pages: they show what the page shows, with our marks, and do nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree, html

from tests.making.written_reports import page, page_report
from xlcheck.copies.documents.html import POLICY, marked_html
from xlcheck.copies.documents.marks import CellMark, ListedFinding, TableCell
from xlcheck.copies.seal import is_mended, is_sealed, is_whole
from xlcheck.model import marks
from xlcheck.reading.documents.html import parse_html

NOTE = '■ B101　"自然人" <b>一列</b>不平衡\n　 应为：6'
HEAD = "某某市教育局　2025 年度\n不通过"


def everywhere(data: bytes) -> dict[TableCell, CellMark]:
    """A mark on every cell of every table."""
    return {
        (grid.number, (one.row, one.column)): CellMark(marks.DEEP_RED, NOTE)
        for grid in parse_html(data).grids
        for one in grid.cells
    }


def marked(body: str, head: str = '<meta charset="utf-8">') -> str:
    """The copy of a page with all its cells marked."""
    data = page(body, head).encode()
    found = everywhere(data)
    return marked_html(data, found, [ListedFinding(NOTE, tuple(found))], HEAD).decode()


def tree(copy: str) -> etree._Element:
    """A page as it is parsed."""
    return html.document_fromstring(copy.encode())


def test_the_tables_are_those_of_the_page() -> None:
    data = page_report().encode()
    copy = marked_html(data, everywhere(data), [], HEAD)
    assert parse_html(copy).grids == parse_html(data).grids
    assert parse_html(copy).paragraphs[-7:] == parse_html(data).paragraphs


@pytest.mark.parametrize(
    "body",
    [
        "<table><form><tr><td>1</form><table><tr><td>2</table>",
        "<table><tr><td style='display:none'>1<td hidden>2<td>3</table>",
        "<div hidden><table><tr><td>9</table></div><table><tr><td>1<td><s>2</s><input value=3></table>",
        "<table><tfoot><tr><td>3</tfoot><tr><td><o:p>1</o:p></table>",
        "<p>a<table><tr><td colspan=2>1<tr><td>2<td>3</table>b",
    ],
)
def test_cells_keep_their_places(body: str) -> None:
    before = parse_html(page(body).encode()).grids
    after = parse_html(marked(body).encode()).grids
    assert [[cell[:5] for cell in grid.cells] for grid in after] == [
        [cell[:5] for cell in grid.cells] for grid in before
    ]


def test_every_mark_is_coloured_titled_and_linked() -> None:
    root = tree(marked("<table><tr><td style='color:red'>1<td>2</table>"))
    first, second = root.iter("td")
    assert first.get("style") == "color:red; " + str(second.get("style"))
    assert "background: #FF8F8F !important" in str(second.get("style"))
    assert first.get("title") == f"{marks.COMMENT_HEAD}\n{NOTE}"
    (link,) = root.iter("a")
    assert link.get("href") == f"#{first.get('id')}"
    assert link.text == NOTE.split("\n", maxsplit=1)[0]
    (box,) = (one for one in root.iter("div") if one.get("id") == "xlcheck")
    assert root.find("body/div") is box
    assert [one.text for one in box.iter("p")] == [marks.COMMENT_HEAD, *HEAD.split("\n")]


def test_a_finding_without_a_cell_is_listed_without_a_link() -> None:
    copy = marked_html(
        page("<p>1").encode(), {}, [ListedFinding("缺表", ((1, (0, 0)),)), ListedFinding("缺年度")], HEAD
    ).decode()
    root = tree(copy)
    assert [one.text for one in root.iter("li")] == ["缺表", "缺年度"]
    assert not list(root.iter("a"))


# --- nothing runs, loads, sends or leads elsewhere -------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<script src=https://x.example/a.js></script>",
    "<scr<script></script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://x.example/p.png srcset='https://x.example/q.png 2x'>",
    "<p onclick='alert(1)' ONMOUSEOVER=alert(1) id=xlcheck name=xlcheck>",
    "<a href='javascript:alert(1)'>1</a><a href=https://x.example/ target=_blank ping=https://x.example/>2</a>",
    "<iframe src=https://x.example/></iframe><frameset><frame src=https://x.example/></frameset>",
    "<object data=https://x.example/></object><embed src=https://x.example/><applet code=x></applet>",
    "<form action=https://x.example/><input name=a><button formaction=https://x.example/>b</button></form>",
    "<link rel=stylesheet href=https://x.example/a.css><base href=https://x.example/>",
    "<meta http-equiv=refresh content='0;url=https://x.example/'>",
    "<svg><script>alert(1)</script><a xlink:href='javascript:alert(1)'><text>1</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'https://x.example/a.css'; p{background:url(https://x.example/a.png)} @font-face{src:url(//x.example)}</style>",
    "<style>p{background:\\75rl(//x.example)} td{behavior:url(x)} a{width:expression(alert(1))} ol{position:fixed}</style>",
    "<style>p{color:red}</style><p style='background:url(https://x.example/p.png);position:fixed;color:red'>",
    "<p style=\"background:ur\\6c(//x.example/)\">",
    "<table background=https://x.example/p.png><tr><td background=javascript:alert(1)>1</table>",
    "<video src=https://x.example/ poster=https://x.example/ autoplay></video><audio src=https://x.example/></audio>",
    "<template><img src=x onerror=alert(1)></template>",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext><img src=x onerror=alert(1)>",
    "<title></title><textarea></textarea><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<details ontoggle=alert(1) open><summary>1</summary></details>",
    "<custom-element onclick=alert(1)>1</custom-element><is:odd>2</is:odd>",
    "<a id='</style><script>alert(1)</script>' class='\"><script>alert(1)</script>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p title='<script>alert(1)</script>' align='\"><script>'>",
]  # fmt: skip
MAY = re.compile(r"(?:meta|title|style|head|html|body|p|div|span|table|tr|td|a|ol|li|br|sup|summary|details|tbody)\Z")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_copy_runs_loads_and_sends_nothing(hostile: str) -> None:
    copy = marked(f"{hostile}<table><tr><td>1{hostile}<td>2</table>", f"<meta charset=utf-8>{hostile}")
    root = tree(copy)
    for element in root.iter():
        assert MAY.match(str(element.tag)), element.tag
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on")
            assert str(name) not in (
                "src",
                "srcset",
                "action",
                "ping",
                "background",
                "data",
                "xlink:href",
                "poster",
                "name",
            ) or (element.tag == "meta" and name == "name")
            if name == "href":
                assert re.fullmatch(r"#xlcheck-[0-9]+", str(value))
            if name == "style":
                assert "url" not in value
                assert "position" not in value
    styles = "".join(element.text or "" for element in root.iter("style"))
    assert not re.search(r"url|import|expression|behavior|\\|<|position", styles)
    assert not re.search(r"<script|<img|<svg|onerror=[^&]*>", copy)
    assert [one.get("id") for one in root.iter() if one.get("id") == "xlcheck"] == ["xlcheck"]


def test_a_strict_policy_stands_before_all_else() -> None:
    copy = marked("<p>1")
    start = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    assert copy.startswith(start)
    assert POLICY.startswith("default-src 'none'")


def test_what_the_page_looked_like_stays() -> None:
    copy = marked("<p class=a style='color:red'>1</p><font size=4>2</font>", "<style>.a, p > b { color: blue }</style>")
    assert ".a, p > b {color: blue}" in copy
    assert '<p class="a" style="color:red">1</p><font size="4">2</font>' in copy


def test_text_around_what_is_taken_out_stays() -> None:
    copy = marked("a<img>b<script>x</script>c<b>d<input>e</b><input>f")
    assert "abc<b>de</b>f" in copy


def test_control_characters_cost_nobody_the_copy() -> None:
    assert "a\ufffdb\ufffdc" in marked("a\x01b<img>\x1fc")


def test_pages_in_other_encodings_become_utf_8() -> None:
    data = page("<table><tr><td>规章</table>", "<meta charset=gb2312>").encode("gb18030")
    assert "规章" in marked_html(data, {}, [], HEAD).decode()


# --- the seal --------------------------------------------------------------------------------------------------------


def test_a_copy_bears_a_seal(tmp_path: Path) -> None:
    data = page_report().encode()
    copy = marked_html(data, everywhere(data), [], HEAD, "a.html")
    assert copy == marked_html(data, everywhere(data), [], HEAD, "a.html")
    assert is_whole(copy, "a.html")
    assert not is_whole(copy, "b.html")
    assert not is_whole(copy.replace(b"1001", b"1002"), "a.html")
    assert not is_whole(data, "a.html")
    path = tmp_path / "a.审核.html"
    path.write_bytes(copy)
    assert is_sealed(path, "a.html")
    assert not is_mended(path)
    path.write_bytes(copy.strip())
    assert not is_sealed(path, "a.html")
    assert is_mended(path)
