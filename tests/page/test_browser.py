"""The built page in a real browser: as one file from a disk, and from a server."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests import ROOT
from tests.hostile.corpus.cases import CASES
from tests.hostile.corpus.heavy import HEAVY
from tests.making.doors import XLS
from tests.making.filling import COVER, clean_workbook, workbook
from tests.making.locked import locked_package, locked_xls
from tests.making.pages import AXE, UNREAD, Shown, by_command, handed_in, mutated
from tests.making.written_reports import page_report, word_report
from xlcheck.drawing.template import render
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.forms.file import load_form
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.ole import compound

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.xdist_group("browser")]

STREAM = compound(XLS[0].maker(), LIMITS).workbook
"""Of an .xls: its records."""

SAMPLES = {path.name: path.read_bytes() for path in sorted((ROOT / "samples").glob("*.xlsx"))}


@pytest.fixture(params=["one file", "site"])
def either(request: pytest.FixtureRequest) -> Shown:
    """The page in both shapes."""
    opened: Shown = request.getfixturevalue("shown" if request.param == "one file" else "shown_site")
    return opened


def same(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> None:
    """The files of the page and of the command, but for the time that the summary tells."""
    assert ours.keys() == theirs.keys()
    for name in ours.keys() - {SUMMARY_BOOK}:
        assert ours[name] == theirs[name], name
    assert cells(ours[SUMMARY_BOOK]) == cells(theirs[SUMMARY_BOOK])


def cells(book: bytes) -> list[Any]:
    """What the summary says, without the lines that tell when it was made and of what."""
    rows = [row for sheet in openpyxl.load_workbook(io.BytesIO(book)) for row in sheet.iter_rows(values_only=True)]
    return [row for row in rows if not {"核对时间", "核对范围", "核对对象"} & set(row)]


def test_samples_come_to_the_same_as_by_the_command(either: Shown, tmp_path: Path) -> None:
    given = handed_in(tmp_path / "in", SAMPLES)
    either.give(given)
    same(either.taken_home(), by_command(tmp_path / "in", tmp_path / "out"))


def test_one_file_alone(shown: Shown, tmp_path: Path) -> None:
    name = "错例2-总计填错.xlsx"
    given = handed_in(tmp_path / "in", {name: SAMPLES[name]})
    shown.give(given)
    copy, data = shown.saved("#get-copy")
    assert copy == "错例2-总计填错.审核.xlsx"
    assert data == by_command(tmp_path / "in", tmp_path / "out")[copy]
    assert "审核结果" in openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert shown.page.locator(".findings tbody tr").count() == 2
    assert shown.page.locator("p.verdict").inner_text() == "不通过"
    assert shown.page.locator("td.field").count() == 200


def test_nothing_leaves_and_nothing_stays(browser: Browser, address: str, tmp_path: Path) -> None:
    opened = Shown(browser, address).ready()
    opened.context.set_offline(True)
    before = list(opened.requests)
    opened.give(handed_in(tmp_path, SAMPLES))
    opened.taken_home()
    opened.give(handed_in(tmp_path, {"坏.xlsx": b"no workbook"}))
    outside = [url for url in opened.requests[len(before) :] if not url.startswith("blob:")]
    kept = opened.page.evaluate(
        "async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    )
    assert (outside, opened.violations, opened.troubles, kept) == ([], [], [], ["", 0, 0, 0])
    assert opened.context.cookies() == []
    opened.close()


def test_the_site_asks_its_server_for_its_own_files_once(shown_site: Shown, built_page: Path) -> None:
    names = sorted(url.rpartition("/")[2] for url in shown_site.requests if not url.startswith("blob:"))
    assert names == sorted(["", *(path.name for path in (built_page / "site").iterdir() if path.name != "index.html")])
    assert shown_site.violations == []


def test_a_document_among_workbooks_is_told_once(shown: Shown, tmp_path: Path) -> None:
    given = handed_in(tmp_path / "in", {"报告.docx": word_report(), "表.xlsx": clean_workbook()})
    shown.give(given)
    page = shown.page
    assert page.locator(".counts").inner_text() == "共 2 个文件：通过 1，待核实 0，不通过 0，无法读取 0，未核对 1"
    assert page.locator("#files-body .verdict").all_inner_texts() == ["未核对", "通过"]
    shown.give(handed_in(tmp_path / "alone", {"报告.html": page_report().encode()}))
    assert "本页只核对工作簿" in page.locator(".trouble").inner_text()


def test_what_a_file_says_never_becomes_markup(shown: Shown, tmp_path: Path) -> None:
    text = '<img src=x onerror="violations.push(1)"><b>某局</b>'
    values = {"requests.received.person": text, "requests.granted.person": "<script>violations.push(2)</script>"}
    data = workbook(values)
    book = openpyxl.load_workbook(io.BytesIO(render(load_form(), {**COVER, "unit": text}, {})))
    box = io.BytesIO()
    book.save(box)
    name = "<img src=x onerror=violations.push(3)>.xlsx"
    shown.give(handed_in(tmp_path, {name: data, "单位.xlsx": box.getvalue()}))
    page = shown.page
    for row in (0, 1):
        page.locator("#files-body .link").nth(row).click()
        assert page.locator("main img, main b, main script").count() == 0
        assert "<img src=x" in page.locator("#results").inner_text()
    assert shown.violations == []


def test_cells_say_what_is_wrong_by_keyboard(shown: Shown, tmp_path: Path) -> None:
    shown.give(handed_in(tmp_path, {"错.xlsx": SAMPLES["错例2-总计填错.xlsx"]}))
    page = shown.page
    cell = page.locator('[data-key="requests.granted.total"] button')
    assert "疑为填错" in str(cell.get_attribute("aria-label"))
    cell.focus()
    page.keyboard.press("Enter")
    said = page.locator("#cell").inner_text()
    assert "依申请公开!J7" in said
    assert "疑为：依申请公开!J7 应为 1" in said
    assert "怎样改" in said
    page.keyboard.press("Escape")
    assert not page.locator("#cell").is_visible()
    assert cell.evaluate("element => element === document.activeElement")


_RULES = "() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"


@pytest.mark.parametrize("width", [1366, 390])
def test_nobody_is_kept_out(browser: Browser, address: str, tmp_path: Path, width: int) -> None:
    opened = Shown(browser, address, viewport={"width": width, "height": 844 if width < 500 else 768}).ready()
    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    opened.page.click("#office summary")
    found = [opened.page.evaluate(_RULES)]
    opened.give(handed_in(tmp_path, {name: SAMPLES[name] for name in ("错例2-总计填错.xlsx", "错例7-多种错误.xlsx")}))
    opened.page.locator("td.field button").first.click()
    found.append(opened.page.evaluate(_RULES))
    assert [(one["id"], one["nodes"][0]["html"]) for each in found for one in each["violations"]] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.close()


def test_on_paper_there_are_the_verdict_and_the_findings(shown: Shown, tmp_path: Path) -> None:
    shown.give(handed_in(tmp_path, {"错.xlsx": SAMPLES["错例2-总计填错.xlsx"]}))
    shown.page.emulate_media(media="print")
    seen = {
        name: shown.page.locator(name).first.is_visible()
        for name in ("p.verdict", ".findings", ".sheet", "#drop", "button")
    }
    shown.page.emulate_media(media="screen")
    assert seen == {"p.verdict": True, ".findings": True, ".sheet": False, "#drop": False, "button": False}


def test_the_template_with_unit_and_year(shown: Shown) -> None:
    shown.page.fill("#template-unit", "某某市/教育局")
    shown.page.fill("#template-year", "2025")
    name, data = shown.saved("#template-get")
    assert name == "某某市_教育局.xlsx"
    assert data == render(load_form(), {"unit": "某某市/教育局", "year": "2025"})


def test_last_year_is_compared_with(shown: Shown, tmp_path: Path) -> None:
    before = handed_in(
        tmp_path / "上年报送", {"去年.xlsx": render(load_form(), {**COVER, "year": "2024"}), "坏.xlsx": b"?"}
    )
    shown.page.set_input_files("#last", [str(path) for path in before])
    shown.page.locator("#last-list li").nth(1).wait_for()
    assert "没有用于比对" in shown.page.locator("#last-list").inner_text()
    now = handed_in(
        tmp_path / "in", {"今年.xlsx": clean_workbook(), "另.xlsx": workbook(requests__carried_in__person=3)}
    )
    shown.give(now)
    ours = shown.taken_home()
    before[1].unlink()
    same(ours, by_command(tmp_path / "in", tmp_path / "out", "--prior", "../上年报送"))
    assert json.loads(ours["results.json"])["files"][0]["last_year"] == "../上年报送/去年.xlsx"
    shown.page.click("#clear-last")
    shown.give(now)
    assert json.loads(shown.taken_home()["results.json"])["files"][0]["last_year"] is None


def test_an_office_gets_its_summary(shown: Shown, tmp_path: Path) -> None:
    page = shown.page
    units = tmp_path / "名单.csv"
    units.write_text(f"单位名称,统一社会信用代码\n{COVER['unit']},{COVER['code']}\n某某市民政局,\n", encoding="utf-8")
    page.set_input_files("#units", str(units))
    page.click("#office summary")
    page.fill("#collected", "2025")
    given = tmp_path / "in" / "报送"
    handed_in(given, {"教育局/表.xlsx": clean_workbook(), "别人.xlsx": SAMPLES["错例3-漏填.xlsx"]})
    page.evaluate("document.getElementById('progress').textContent = ''")
    page.set_input_files("#folder", str(given))
    page.locator("#progress", has_text="核对完了").wait_for()
    assert "缺报 1 个：某某市民政局" in page.locator(".notices").first.inner_text()
    name, book = shown.saved("#get-summary")
    assert name == SUMMARY_BOOK
    ours = json.loads(shown.taken_home()["results.json"])
    theirs = json.loads(
        by_command(given, tmp_path / "out", "--units", "../../名单.csv", "--year", "2025")["results.json"]
    )
    assert (
        [unit["status"] for unit in ours["units"]]
        == [unit["status"] for unit in theirs["units"]]
        == ["passed", "missing"]
    )
    assert [file["findings"] for file in ours["files"]] == [file["findings"] for file in theirs["files"]]
    assert "某某市民政局" in str(cells(book))
    page.click("#clear-units")
    page.fill("#collected", "")
    page.click("#office summary")


def test_files_with_the_default_password_are_opened(shown: Shown, tmp_path: Path) -> None:
    data = SAMPLES["错例2-总计填错.xlsx"]
    files = {
        "新.xlsx": locked_package(data),
        "旧.xlsx": locked_package(data, agile=False),
        "别的密码.xlsx": locked_package(data, "1"),
        "流.xls": locked_xls(STREAM),
        "异或.xls": locked_xls(STREAM, xor=True),
    }
    shown.give(handed_in(tmp_path / "in", files))
    ours = shown.taken_home()
    same(ours, by_command(tmp_path / "in", tmp_path / "out"))
    assert [file["status"] for file in json.loads(ours["results.json"])["files"]].count("unreadable") == 1


def test_hostile_files_end_in_a_sentence_and_the_page_goes_on(shown: Shown, tmp_path: Path) -> None:
    heavy = {name for name, *_ in HEAVY[::8]}
    some = {case.name: case for number, case in enumerate(CASES) if case.name in heavy or number % 12 == 0}
    shown.give(handed_in(tmp_path / "in", {name: case.maker() for name, case in some.items()}))
    files = json.loads(shown.taken_home()["results.json"])["files"]
    told = {file["path"]: " ".join(sorted({one["code"] for one in file["findings"]})) for file in files}
    assert told == {name: UNREAD.get(name, case.expected) for name, case in some.items()}
    shown.give(handed_in(tmp_path, {"好.xlsx": clean_workbook()}))
    assert shown.page.locator("p.verdict").inner_text() == "通过"


def test_mutated_workbooks_come_to_the_same_as_by_the_command(shown: Shown, tmp_path: Path) -> None:
    shown.give(handed_in(tmp_path / "in", {f"{number}.xlsx": mutated(number) for number in range(12)}))
    same(shown.taken_home(), by_command(tmp_path / "in", tmp_path / "out"))


_HURRY = """
const later = setTimeout; let hurried = false;
window.setTimeout = (call, wait, ...rest) => later(call, wait === 60000 && !hurried ? (hurried = true, 0) : wait, ...rest);
"""


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_checked(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    opened = Shown(browser, address, _HURRY).ready()
    opened.give(handed_in(tmp_path, {"一.xlsx": clean_workbook(), "二.xlsx": clean_workbook()}))
    assert opened.page.locator("#files-body td.verdict").all_inner_texts() == ["无法读取", "通过"]
    opened.page.locator("#files-body .link").first.click()
    assert "F105 文件“一.xlsx”：核对它超过 60 秒没有完成" in opened.page.locator("#file").inner_text()
    opened.close()


_FOLDER = """
const gate = new Promise((resolve) => (window.goOn = resolve));
const bytes = (wait) => ({arrayBuffer: async () => { await wait; return new ArrayBuffer(1); }});
const of = (name, wait) => [name, {kind: "file", getFile: async () => ({lastModified: 1.7e12, slice: () => bytes(wait)})}];
const folder = (name, ...inside) => ({kind: "directory", name, async *entries() { yield* inside; }});
window.showDirectoryPicker = async () => folder("报送", of("一.xlsx"), ["局", folder("局", of("二.xlsx"))], of("三.xlsx", gate));
"""
_DROP = """() => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(["?"], "拖入.xlsx"));
  document.getElementById("drop").dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, bubbles: true}));
}"""


def test_a_batch_is_stopped_and_files_are_dropped(browser: Browser, address: str) -> None:
    opened = Shown(browser, address, _FOLDER).ready()
    page = opened.page
    page.click("#choose-folder")
    page.locator("#progress", has_text="正在核对第 2 个，共 3 个：报送/三.xlsx").wait_for()
    page.click("#stop")
    page.evaluate("goOn()")
    page.locator(".counts", has_text="已停止，只核对了 2 个文件").wait_for()
    page.click("#choose-folder")
    page.locator(".counts", has_text="共 3 个文件：通过 0，待核实 0，不通过 0，无法读取 3").wait_for()
    assert page.locator("#files-body .link").all_inner_texts() == ["报送/一.xlsx", "报送/三.xlsx", "报送/局/二.xlsx"]
    page.evaluate(_DROP)
    page.locator("#progress", has_text="核对完了：拖入.xlsx 无法读取").wait_for()
    opened.close()


def test_a_browser_that_is_too_old_is_told_so(browser: Browser, address: str) -> None:
    opened = Shown(browser, address, "delete window.DecompressionStream")
    assert "太旧" in opened.page.locator("#old").inner_text()
    assert not opened.page.locator("main").is_visible()
    opened.close()
