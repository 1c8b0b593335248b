"""Every text of a stranger, with every character that steers, from every place it can come in at, in every output."""

from __future__ import annotations

import csv
import datetime
import html
import io
import json
import re
import struct
import sys
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import makers as hostile
from tests.hostile.corpus import books
from tests.hostile.corpus.books import Book, Xml, book, put
from tests.making.command import Ran, xlcheck
from tests.making.filling import form
from tests.servers.replies import attached, letter, workbook_of
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.mail.fetching.ledger import open_ledger
from xlcheck.mail.fetching.opened import Sorting, open_letter
from xlcheck.mail.fetching.receive import Arrival, Desk, FetchLimits, receive
from xlcheck.mail.fetching.report import arrival_text, arrivals_json, held_csv
from xlcheck.mail.fetching.sort import addresses
from xlcheck.model.errors import Refused
from xlcheck.model.text import LONGEST_CELL, LONGEST_LINE, entered, told_apart
from xlcheck.reading.open import Forms, open_submission
from xlcheck.roster.stems import file_stems
from xlcheck.roster.units import InvalidUnits, parse_units

STEERING = "".join(
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
    or char in "\ud800\udc1b\udfff\ue000\U000f0000\ufffe\uffff"
)
"""All controls, formats and separators, and of half characters, private ones and what is no character some."""
SLICES = [STEERING[at : at + 24] for at in range(0, len(STEERING), 24)]
HONEST = (
    "〇",
    "ＡＢ１２（）：，",
    "𠮷野家",
    "𪚥",
    "\u3400䶵",
    "\U0003134a",
    "é",
    "Ω",
    "葛\U000e0100城",
    "‰",
    "　",
    "😀",
    "ⅷ㈱",
)
"""Rare, new and full-width characters, and such as are made of two."""
_FORMATS = ("xlsx", "xlsm", "xls", "ods")
_XML_HOLDS = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONG = 100_038


def assert_harmless(text: str, where: str, ends: str = "\n", most: int = 4_000) -> None:
    """Nothing steers, and no line is without end."""
    found = {char for char in text if char in STEERING and char not in ends}
    assert not found, f"{where}: {sorted(map(ascii, found))}"
    longest = max(map(len, text.splitlines()), default=0)
    assert longest <= most, f"{where}: a line of {longest} characters"


# --- the function ----------------------------------------------------------------------------------------------------


@given(st.text(), st.integers(1, 50), st.booleans())
def test_what_entered_steers_nothing_and_is_short_and_enters_unchanged(text: str, most: int, lines: bool) -> None:
    made = entered(text, most, lines=lines)
    assert len(made) <= most
    assert not {char for char in made if char in STEERING} - (set("\n\t") if lines else set())
    assert entered(made, most, lines=lines) == made


@pytest.mark.parametrize("honest", HONEST)
@pytest.mark.parametrize("lines", [True, False])
def test_honest_text_stays_to_the_letter(honest: str, lines: bool) -> None:
    assert entered(f"甲{honest}乙", lines=lines) == f"甲{honest}乙"


def test_lines_stay_in_a_cell_and_become_blanks_elsewhere() -> None:
    assert entered("结果\r\n维持\n总\r计\u2028一", lines=True) == "结果\n维持\n总\n计\n一"
    assert entered("结果\n维持\u2028一") == "结果 维持 一"


def test_what_could_look_otherwise_is_no_number_in_a_cell() -> None:
    assert entered("\u202e21", lines=True) == "\ufffd21"
    assert entered("5\x1b", lines=True) == "5\ufffd"
    assert entered("2\u200b1", lines=True) == "21"


def test_titles_that_are_the_same_then_are_told_apart() -> None:
    assert told_apart(["表", "表\u200b", "\x1b表", "\x07表", "a"]) == ["表", "表 (2)", "\ufffd表", "\ufffd表 (2)", "a"]


def test_a_text_beyond_the_longest_is_cut_visibly() -> None:
    assert entered("x" * LONG) == "x" * (LONGEST_LINE - 1) + "…"
    assert len(entered("x" * LONG, LONGEST_CELL, lines=True)) == LONGEST_CELL


def test_a_refusal_quotes_nothing_that_steers() -> None:
    refused = Refused("F101", f"{STEERING}{'x' * LONG}")
    assert_harmless(refused.message, "message")
    assert len(refused.message) <= 300


# --- workbooks -------------------------------------------------------------------------------------------------------


def for_xml(text: str) -> str:
    """As XML can hold it; what it cannot hold is left out."""
    return "".join(_XML_HOLDS.findall(text))


def for_cell(text: str) -> str:
    """The same, with the escapes that spreadsheets have for what XML cannot hold (ISO/IEC 29500-1, 22.9.2.19)."""
    return "".join(char if _XML_HOLDS.match(char) else f"_x{ord(char):04X}_" for char in text)


def attribute(text: str) -> str:
    """As an attribute's value, to the letter."""
    return "".join(f"&#{ord(char)};" for char in for_xml(text))


def filled(steering: str, kind: str, far: bool = False) -> Book:
    """A form that bears the characters wherever it can hold a text: `far` in a sheet that is refused."""
    text = f"甲{steering}乙"
    dirty = text if kind == "xls" else for_xml(text) if kind == "ods" else for_cell(text)
    called = text if kind == "xls" else for_xml(text)
    cover = {at: dirty for key, at in books.cover_cells().items() if key != "year"}
    notes = {books.note_cells(0)[0]: f"C103{dirty}", books.note_cells(0)[1]: dirty}
    fields = {"主动公开!B4": dirty, "主动公开!B20": dirty, "依申请公开!D5": f"5{dirty}"}
    fields |= {"依申请公开!E5": dirty + "x" * (LONG if kind == "ods" else 3_000), "主动公开!A8": dirty}
    made = put(book(), {**cover, **notes, **fields})
    made = {f"复议诉讼{called}" if name == "复议诉讼" else name: grid for name, grid in made.items()}
    made[called] = [[dirty, dirty]]
    made[f"审核结果{called}"] = [["政府信息公开工作年度报告统计表审核结果"], [dirty]]
    made[f"汇总明细{called}"] = [["各单位报送数汇总明细"], ["序号", "单位名称", "统一社会信用代码"], [1, dirty, dirty]]
    if kind == "ods":
        shown = f"<text:p>{escape(dirty)}</text:p>"
        error = 'office:value-type="string" calcext:value-type="error" table:formula="of:=1/0"'
        put(made, {"依申请公开!F5": Xml(shown, error)})
        put(made, {"依申请公开!G5": Xml("", f'table:formula="of:={attribute(steering)}"')})
    elif kind != "xls":
        put(made, {"依申请公开!G5": Xml(f"<f>{escape(for_xml(dirty))}</f>"), "依申请公开!F5": Xml("<v>-1</v>")})
    if far:
        put(made, {f"{called}!A20000": 1})
    return made


def titled(text: str) -> str:
    """The titles of sheets, as attributes, to the letter."""
    return re.sub(r'(?<=<sheet name=)"[^"]*"|(?<=table:name=)"[^"]*"', lambda m: f'"{_numbered(m[0][1:-1])}"', text)


def _numbered(value: str) -> str:
    return "".join(f"&#{ord(char)};" for char in html.unescape(value))


def packed(steering: str, kind: str, far: bool = False) -> bytes:
    """The workbook of :func:`filled` in a format, with a comment on a field that is wrong, a strange part and author."""
    made = filled(steering, kind, far)
    if kind == "xls":
        return _xls(made)
    if kind == "ods":
        made_of = books.ods(made)
        with zipfile.ZipFile(io.BytesIO(made_of)) as archive:
            parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
        content = bytes(cast(bytes, parts["content.xml"])).decode()
        calcext = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:table='
        parts["content.xml"] = titled(content).replace("xmlns:table=", calcext, 1)
        return hostile.pack(parts)
    parts = books.xlsx_parts(made)
    parts["xl/workbook.xml"] = titled(str(parts["xl/workbook.xml"]))
    dirty = escape(for_cell(steering))
    parts["xl/comments1.xml"] = (
        f'<comments xmlns="{hostile.MAIN}"><authors><author>甲{dirty}</author></authors><commentList>'
        f'<comment ref="B4" authorId="0"><text><t xml:space="preserve">原{dirty}</t></text></comment>'
        f'<comment ref="C4" authorId="0"><text><t>【xlcheck 审核意见】\n■ x\u200b回{dirty}\n</t></text></comment>'
        "</commentList></comments>"
    )
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = hostile.relationships(("comments", "../comments1.xml"))
    parts["xl/media/" + re.sub(r"[\\/:\t\r\n\x00]", "", for_xml(steering)) + ".bin"] = "x"
    return hostile.pack(parts)


def _xls(made: Book) -> bytes:
    """An .xls whose titles have no more characters than a record tells (255), halves of characters included."""
    parts = {
        name[:120]: [[v.encode("utf-16-le", "surrogatepass") if isinstance(v, str) else v for v in row] for row in grid]
        for name, grid in made.items()
    }
    bodies = []
    for grid in parts.values():
        cells = []
        for r, row in enumerate(grid):
            for c, value in enumerate(row):
                if isinstance(value, bytes) and value:
                    cells.append(hostile.record(0x204, struct.pack("<4HB", r, c, 0, len(value) // 2, 1) + value))
                elif not isinstance(value, bytes):
                    cells.append(hostile.number(r, c, float(value)))
        bodies.append(hostile.bof(16) + b"".join(cells) + hostile.record(0x0A))

    def head(places: list[int]) -> bytes:
        raw = [name.encode("utf-16-le", "surrogatepass") for name in parts]
        listed = (
            hostile.record(0x85, struct.pack("<L4B", place, 0, 0, len(name) // 2, 1) + name)
            for name, place in zip(raw, places, strict=True)
        )
        return hostile.bof(5) + hostile.record(0x42, b"\xb0\x04") + b"".join(listed) + hostile.record(0x0A)

    at = len(head([0] * len(bodies)))
    places = [at + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    return bytes(hostile.ole({"Workbook": head(places) + b"".join(bodies)}))


def refused(steering: str, kind: str) -> Iterator[tuple[str, bytes]]:
    """Files whose refusal names what is wrong in them."""
    yield "far", packed(steering, kind, far=True)
    if kind.startswith("xls") and kind != "xls":
        name = "xl/" + re.sub(r"[\\/:\t\r\n\x00]", "", for_xml(steering)) + ".xml"
        yield "part", hostile.pack({**books.xlsx_parts(book()), name: "<!DOCTYPE a><a/>"})
        yield "properties", _properties(steering)


def _properties(steering: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006"
    listed = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="xlcheck.{name}">'
        f"<vt:lpwstr>{attribute(steering)}</vt:lpwstr></property>"
        for pid, name in enumerate(("form", "edition"), 2)
    )
    custom = f'<Properties xmlns="{kind}/custom-properties" xmlns:vt="{kind}/docPropsVTypes">{listed}</Properties>'
    return hostile.pack({**books.xlsx_parts(book()), "docProps/custom.xml": custom})


def file_name(steering: str) -> str:
    """What a file may be called on this system."""
    return "名" + "".join(char for char in steering if char not in "\0/" and not "\ud800" <= char <= "\udfff")


@cache
def _laid(kind: str) -> Mapping[str, bytes]:
    """Many files of a format, each under a name as strange as what it holds."""
    made = {}
    for number, steering in enumerate(SLICES):
        made[f"{number:02}{file_name(steering)[:60]}.{kind}"] = packed(steering, kind)
        for what, data in refused(steering, kind):
            made[f"{number:02}-{what}.{kind}"] = data
    return made


@pytest.fixture
def given_files(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / f"in{SLICES[0][7:20]}"
    folder.mkdir()
    for name, data in _laid(request.param).items():
        (folder / name).write_bytes(data)
    return folder


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a workbook that we made, and where it stands."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                for element in ElementTree.fromstring(archive.read(name)).iter():
                    for text in (element.text, element.tail, *element.attrib.values()):
                        if text:
                            yield f"{path.name}: {name}", _unescaped(text)


def _unescaped(text: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def ours_in(path: Path) -> Iterator[tuple[str, str]]:
    """What we wrote into a department's own workbook: comments, and the columns of the first sheet that show."""
    with zipfile.ZipFile(path) as archive:
        rels = {
            link.get("Id"): link.get("Target", "")
            for link in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        first = next(iter(ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{{{hostile.MAIN}}}sheet")))
        target = rels[next(value for key, value in first.attrib.items() if key.endswith("}id"))]
        sheet = ElementTree.fromstring(archive.read("xl/" + target.removeprefix("/xl/")))
        for cell in sheet.iter(f"{{{hostile.MAIN}}}c"):
            if re.match("[A-I][0-9]", cell.get("r", "")):
                yield f"{path.name}: {cell.get('r')}", _unescaped("".join(cell.itertext()))
        for name in archive.namelist():
            if "comments" in name:
                for comment in ElementTree.fromstring(archive.read(name)).iter(f"{{{hostile.MAIN}}}comment"):
                    text = _unescaped("".join(comment.itertext()))
                    yield f"{path.name}: {name}", text.replace("\u200b\n", "\n").removesuffix("\u200b")


def look_at_run(ran: Ran, where: str) -> None:
    assert_harmless(ran.out.removeprefix("\ufeff"), where, "\r\n")
    assert_harmless(ran.err, where)
    assert "Traceback" not in ran.err


@pytest.mark.skipif(sys.platform != "linux", reason="names of files may hold anything on Linux only")
@pytest.mark.parametrize("given_files", _FORMATS, indirect=True)
def test_nothing_steers_in_anything_that_checking_writes(given_files: Path, tmp_path: Path) -> None:
    out, kind = tmp_path / "out", next(given_files.iterdir()).suffix
    for style in ("text", "json", "csv"):
        look_at_run(xlcheck("verify", given_files, "-o", out, "--format", style), style)
    look_at_run(
        xlcheck("verify", given_files, "-o", out, "--prior", given_files, "--previous", given_files, "--fix=all"),
        "compared",
    )
    document = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert {file["path"] for file in document["files"]} == {str(path) for path in given_files.iterdir()}
    codes = {finding["code"] for file in document["files"] for finding in file["findings"]}
    assert codes >= {"C103", "S101", "S102", "S104", "F104"}
    for name in ("results.json", "results.csv"):
        assert_harmless((out / name).read_text(encoding="utf-8-sig"), name)
    copies = sorted(out.rglob("*.审核.xlsx"))
    assert len(copies) >= len(SLICES)
    for path in copies:
        for where, text in ours_in(path) if kind.startswith(".xlsx") or kind == ".xlsm" else texts_of(path):
            assert_harmless(text.replace("\u200b\n", "\n").removesuffix("\u200b"), where, "\n\t", LONGEST_CELL)
        assert_harmless(path.name, "name")
    for where, text in texts_of(out / SUMMARY_BOOK):
        assert_harmless(text, where)


@pytest.mark.parametrize("given_files", _FORMATS, indirect=True)
@pytest.mark.skipif(sys.platform != "linux", reason="names of files may hold anything on Linux only")
def test_nothing_steers_in_a_total(given_files: Path, tmp_path: Path) -> None:
    for style in ("text", "json"):
        target = tmp_path / f"{style}.xlsx"
        look_at_run(xlcheck("total", given_files, "-o", target, "--include-failed", "--format", style), style)
        for where, text in texts_of(target):
            assert_harmless(text, where)


# --- lists and letters -----------------------------------------------------------------------------------------------


def _list(steering: str) -> bytes:
    cells = [f'"{name}{steering.encode("utf-8", "replace").decode()}"' for name in ("市教育局", "1151", "张三", "")]
    name, code, contact, parent = (cell.replace('"', "", 1).replace('"', "") for cell in cells)
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in (name, code, "jyj@example.org", parent, contact, ""))
    return f"单位名称,统一社会信用代码,电子邮箱,上级单位,联系人,抄送\n{row}\n".encode()


@pytest.mark.parametrize("steering", SLICES, ids=ascii)
def test_a_list_of_units_holds_nothing_that_steers(steering: str) -> None:
    for unit in parse_units(_list(steering)).units:
        for text in unit:
            assert_harmless(text, "unit", "")


def test_a_list_is_not_cut_but_refused() -> None:
    with pytest.raises(InvalidUnits, match="第 2 行"):
        parse_units(f"name,cc\n市教育局,{'a@example.org;' * 500}\n".encode())


def test_nothing_steers_in_letters_and_the_page_of_the_outbox(tmp_path: Path) -> None:
    for number, steering in enumerate(SLICES):
        folder, listed = tmp_path / f"{number}", tmp_path / f"{number}.csv"
        folder.mkdir()
        listed.write_bytes(_list(steering))
        (unit,) = parse_units(_list(steering)).units
        cover = books.cover_cells()
        made = put(filled(steering, "xlsx"), {cover["unit"]: unit.name, cover["code"]: unit.code})
        (folder / f"{file_name(steering)[:40]}.xlsx").write_bytes(books.xlsx(made))
        look_at_run(xlcheck("verify", folder, "-o", folder / "out", "--units", listed), "verify")
        look_at_run(
            xlcheck("mail", folder / "out", "--units", listed, "--passed", "--remind", "--deadline", "2099-01-20"),
            "rehearsed",
        )
        look_at_run(xlcheck("mail", folder / "out", "--units", listed, "--outbox"), "written")
        outbox = folder / "out" / "outbox"
        pages = [path for path in outbox.iterdir() if path.suffix == ".html"]
        letters = [path for path in outbox.iterdir() if path.suffix == ".eml"]
        assert pages
        assert letters
        for page in pages:
            assert_harmless(html.unescape(page.read_text(encoding="utf-8")), "page")
        for one in letters:
            _look_at_letter(one.read_bytes())


def _look_at_letter(data: bytes) -> None:
    import email.policy

    parsed = email.message_from_bytes(data, policy=email.policy.default)
    for name, value in parsed.items():
        assert_harmless(str(value), name)
    for part in parsed.walk():
        if part.get_content_maintype() == "text":
            assert_harmless(cast(Any, part).get_content(), part.get_content_type(), "\r\n")
        assert_harmless(part.get_filename() or "", "attachment")


def test_nothing_steers_in_what_is_told_of_letters(tmp_path: Path) -> None:
    listed = parse_units("单位名称,电子邮箱\n市教育局,jyj@example.org\n".encode()).units
    arrivals: list[Arrival] = []
    with open_ledger(tmp_path) as ledger:
        sorting = Sorting(listed, addresses(listed), form(), "own@example.org")
        opened = partial(open_letter, sorting=sorting)
        desk = Desk(tmp_path, ledger, listed, file_stems(listed), addresses(listed), "m", opened)
        for number, data in enumerate(_letters()):
            mailbox = cast(
                Any, SimpleNamespace(validity=1, letter=lambda _, data=data: data, head=lambda _, data=data: data)
            )
            envelope = cast(
                Any, SimpleNamespace(uid=number, size=len(data), received=datetime.datetime.now(datetime.timezone.utc))
            )
            arrivals.append(receive(mailbox, desk, envelope, FetchLimits()))
        listing = held_csv(ledger.held())
    assert sum(arrival.is_held for arrival in arrivals) > len(SLICES)
    for arrival in arrivals:
        assert_harmless(arrival_text(arrival), "text")
    assert_harmless(arrivals_json(arrivals, 0), "json")
    assert_harmless(listing, "csv", "\r\n")
    assert len(list(csv.reader(io.StringIO(listing)))) > len(SLICES)
    for path in tmp_path.rglob("*"):
        assert_harmless(path.name, "file")


def _letters() -> Iterator[bytes]:
    import base64

    for steering in SLICES:
        dirty = "名" + steering.encode("utf-8", "replace").decode()
        word = f"=?utf-8?B?{base64.b64encode(dirty.encode()).decode()}?="
        good, bad = workbook_of("市教育局"), packed(steering, "xlsx", far=True)
        for sender in ("jyj@example.org", f"{word} <x@example.org>", f"a{steering[:3].strip()}@example.org"):
            yield letter(
                sender.encode("utf-8", "replace"),
                attached(good, f"{dirty}.xlsx"), attached(bad, f"坏{dirty}.xlsx"), attached(b"Rar!", f"{dirty}.rar"),
                attached(b"x", f"{dirty}.txt"), attached(b"Rar!", "长" * 3_000 + ".rar"),
                subject=word,
            )  # fmt: skip


# --- what is read stays what it was ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("honest", HONEST)
def test_honest_names_and_notes_are_read_to_the_letter(kind: str, honest: str) -> None:
    cells = books.cover_cells()
    made = put(
        book(),
        {cells["unit"]: f"甲{honest}局", books.note_cells(0)[0]: "P105", books.note_cells(0)[1]: f"因{honest}故"},
    )
    data = {"xlsx": books.xlsx, "xls": books.xls, "ods": books.ods}[kind](made)
    submission = open_submission(data, Forms()).submission
    assert submission.unit == f"甲{honest}局"
    assert submission.notes[0].text == f"因{honest}故"
