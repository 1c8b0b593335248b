"""The window in a browser, all the way: a year of twenty units, and the page of a unit beside it."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.making.windows import (
    DOUBTFUL,
    NAMES,
    TOWN,
    WRONG,
    Window,
    local_window,
    make_campaign,
    public_window,
    unit_book,
)
from xlcheck.campaign.archive import verify_archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.xdist_group("browser")]


def counts(page: Page) -> dict[str, int]:
    """How many units are in which state, as the board says."""
    found = re.findall(r"(\D+?)\s*(\d+)(?:\s|$)", page.locator(".chips").inner_text())
    return {says: int(count) for says, count in found if count != "0"}


def test_a_year_from_new_to_archive(browser: Browser, tmp_path: Path) -> None:
    files = {
        "科技.xlsx": unit_book("科学技术局", WRONG),
        "水务.xlsx": unit_book("水务局", DOUBTFUL),
        "坏.xlsx": b"no workbook",
        "谁的.xlsx": unit_book("某某办"),
        **{f"{name}.xlsx": unit_book(name) for name in NAMES[4:8]},
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with local_window(browser, tmp_path / "年报") as window:
        make_campaign(window, tmp_path)
        page = window.page
        window.look()
        assert counts(page) == {"全部": 20, "未报送": 20}
        page.focus("#f-files")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files([tmp_path / name for name in files])
        assert page.locator(".drop output").first.inner_text() == "8 个文件：科技.xlsx、水务.xlsx、坏.xlsx 等"
        page.get_by_role("button", name="核对并收下").click()
        page.get_by_text("核对完了：8 个文件").first.wait_for()
        assert "没有收下“坏.xlsx”" in page.locator("#said").inner_text()
        window.go("/c/2025")
        assert counts(page) == {"全部": 20, "未报送": 14, "退改": 1, "待核实": 1, "通过": 4}

        # What nobody knows whose it is.
        window.open("收件记录 1")
        row = page.get_by_role("row").filter(has_text="谁的.xlsx").first
        row.get_by_role("combobox").fill(f"{TOWN}财政局")
        row.get_by_role("button").click()
        page.get_by_text(f"“谁的.xlsx”已归到{TOWN}财政局").wait_for()

        # The form with red cells, and the way from a cell to what is said of it.
        window.go("/c/2025?state=returned")
        window.open(f"{TOWN}科学技术局")
        window.open("看表和问题")
        cell = page.locator('[id="c-requests.granted.total"] a')
        assert "疑为填错" in str(cell.get_attribute("aria-label"))
        cell.focus()
        page.keyboard.press("Enter")
        assert "疑为：依申请公开!J7 应为 1" in page.locator(".said:target").inner_text()
        page.locator(".field.shown").nth(1).wait_for()
        with zipfile.ZipFile(window.download("下载审核副本")) as copy:
            assert any(name.startswith("xl/comments") for name in copy.namelist())

        # It comes again, as we suggested.
        page.get_by_role("link", name=f"{TOWN}科学技术局").click()
        (tmp_path / "再.xlsx").write_bytes(unit_book("科学技术局"))
        page.set_input_files("#h-file", tmp_path / "再.xlsx")
        page.get_by_role("button", name="核对并收下").click()
        page.get_by_text("已收下，是第 2 次报送").wait_for()
        assert "与建议一致" in page.get_by_role("row").filter(has_text="依申请公开!J7").inner_text()
        page.fill("#c-note", "李主任接的，答应周五补签字")
        page.get_by_role("button", name="记下").click()
        page.get_by_text("已记下电话催报").wait_for()
        assert "李主任接的" in page.locator(".way").inner_text()
        window.look()

        # The office returns what it is not content with, and accepts what nobody explained.
        page.fill("#d-note", "请附签字页")
        page.get_by_role("button", name="退回修改").click()
        page.get_by_text("已退回").first.wait_for()
        window.go("/c/2025?state=review")
        window.open(f"{TOWN}水务局")
        page.get_by_role("button", name="认可第 1 次，通过").click()
        page.get_by_text("已认可").first.wait_for()
        window.go("/c/2025")
        assert counts(page)["退改"] == 1

        # Letters are looked at, copied, and written for a mail program where no account is set.
        window.open("信函")
        page.locator("summary").filter(has_text="科学技术局").click()
        letter = page.locator("details[open]")
        assert "请附签字页" in letter.locator("textarea").input_value()
        letter.get_by_role("button", name="复制正文").click()
        letter.get_by_role("button", name="已复制").wait_for()
        page.get_by_role("button", name="把选中的信函写成文件").click()
        page.get_by_text(re.compile(r"写成文件 \d+ 封信函")).wait_for()
        assert len(list((tmp_path / "年报" / "2025").rglob("*.eml"))) > 5

        for tab in ("待答复的说明", "单位名单", "设置", "汇总与通报"):
            window.open(tab)
        assert window.download("下载汇总表").suffix == ".xlsx"
        assert window.download("下载通报").suffix == ".docx"
        assert window.download("下载审核汇总").suffix == ".xlsx"
        archive = window.download("下载归档")
        assert verify_archive(archive).contents >= len(files)
        assert window.violations == []


def test_a_unit_hands_in_while_the_office_looks_on(browser: Browser, tmp_path: Path) -> None:
    unit = f"{TOWN}{NAMES[0]}"
    for name, changes in (("错.xlsx", WRONG), ("疑.xlsx", DOUBTFUL)):
        (tmp_path / name).write_bytes(unit_book(NAMES[0], changes))
    with public_window(browser, tmp_path / "年报") as office:
        make_campaign(office, tmp_path)
        office.open(unit)
        office.page.get_by_role("button", name="生成报送链接").click()
        office.look()
        link = office.page.input_value("#new-link")
        theirs = Window(browser, link)
        theirs.look()
        page = theirs.page
        assert "请下载填报表" in page.locator("main").inner_text()
        assert theirs.download("下载填报表").name.startswith(unit)

        # Looked at, and nothing is kept.
        page.set_input_files("#f-file", tmp_path / "错.xlsx")
        page.get_by_role("button", name="核对，先不报送").click()
        page.locator("#looked").get_by_text("有 2 个必须改正的问题").wait_for()
        theirs.look()
        assert page.locator("td.field.deep").count() == 1
        office.go("/c/2025?state=missing")
        assert office.page.get_by_role("link", name=unit).count() == 1

        # Mended; what is right as it is gets explained beside it, and is handed in with the explanation.
        page.set_input_files("#f-file", tmp_path / "疑.xlsx")
        page.get_by_role("button", name="核对，先不报送").click()
        page.locator("#looked").get_by_text("标黄的格请核实").wait_for()
        page.get_by_label("数字无误的，写明原因").fill("五件都是本年制发，\n年内又并入一件")
        page.get_by_role("button", name="报送这份表").click()
        page.get_by_role("heading", name="报送回执").wait_for()
        theirs.look()
        receipt = page.locator("main").inner_text()
        assert hashlib.sha256((tmp_path / "疑.xlsx").read_bytes()).hexdigest() in receipt
        code = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", receipt)[0]

        # The office does not accept it, and the unit sees that and says more.
        office.go("/c/2025")
        office.open("待答复的说明 1")
        assert "年内又并入一件" in office.page.locator("main").inner_text()
        office.page.get_by_label("答复").fill("请写明是哪五件")
        office.page.get_by_role("button", name="退回").click()
        office.page.get_by_text("已退回这条说明").wait_for()
        page.goto(link)
        assert "有 1 处要核实" in page.locator(".told").inner_text()
        assert code in page.locator(".way").inner_text()
        theirs.open("第 1 次")
        assert "请写明是哪五件" in page.locator(".said-list").inner_text()
        page.get_by_label("数字无误的，写明原因").fill("五件的名称见附函")
        page.get_by_role("button", name="交说明").click()
        page.get_by_text("说明已交给办公室").wait_for()
        theirs.look()
        office.go("/c/2025/explanations")
        office.page.get_by_role("button", name="采纳").click()
        office.page.get_by_text("已采纳这条说明").wait_for()
        page.goto(link)
        assert "已通过核对，不用再做什么" in page.locator(".told").inner_text()

        # Without its link nobody comes in.
        office.go("/c/2025?words=" + NAMES[0])
        office.open(unit)
        office.page.get_by_role("button", name="作废链接").click()
        office.page.get_by_text("链接已作废").wait_for()
        page.goto(link)
        assert unit not in page.locator("body").inner_text()
        theirs.close()


def test_nothing_needs_scripts(browser: Browser, tmp_path: Path) -> None:
    unit = f"{TOWN}{NAMES[0]}"
    (tmp_path / "疑.xlsx").write_bytes(unit_book(NAMES[0], DOUBTFUL))
    with public_window(browser, tmp_path / "年报") as office:
        make_campaign(office, tmp_path)
        office.open(unit)
        office.page.get_by_role("button", name="生成报送链接").click()
        link = office.page.input_value("#new-link")
        plain = Window(browser, link, scripts=False)
        page = plain.page
        page.set_input_files("#f-file", tmp_path / "疑.xlsx")
        page.get_by_role("button", name="核对，先不报送").click()
        page.get_by_label("数字无误的，写明原因").fill("年内又并入一件")
        page.set_input_files("#f-file", tmp_path / "疑.xlsx")
        page.get_by_role("button", name="报送这份表").click()
        page.get_by_role("heading", name="报送回执").wait_for()
        plain.close()
        plain = Window(browser, f"{office.address}/login", scripts=False)
        plain.context.add_cookies(office.context.cookies())  # type: ignore[arg-type]
        page = plain.page
        page.goto(f"{office.address}/c/2025")
        page.fill("#f-words", "科学")
        page.get_by_role("button", name="查找").click()
        assert page.locator("tbody tr").count() == 1
        page.set_input_files("#f-files", tmp_path / "疑.xlsx")
        page.get_by_role("button", name="核对并收下").click()
        page.get_by_role("link", name="回到首页").wait_for()
        plain.close()
