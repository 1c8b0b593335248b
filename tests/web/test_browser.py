"""The window in a browser, all the way: a year of twenty units for one clerk, and what works without scripts."""

from __future__ import annotations

import datetime
import zipfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.making.filling import clean_values
from tests.making.windows import (
    DOUBTFUL,
    NAMES,
    TOWN,
    WRONG,
    Window,
    make_campaign,
    public_window,
    unit_book,
)
from tests.servers.replies import attached, letter
from tests.web.years import (
    added_by_hand,
    added_up,
    board_of,
    by_hand,
    counts,
    notice_of,
    restored,
    served,
    set_deadline,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.xdist_group("browser")]


def test_a_year_from_new_to_archive(browser: Browser, tmp_path: Path) -> None:
    files = {
        "科技.xlsx": unit_book("科学技术局", WRONG),
        "水务.xlsx": unit_book("水务局", DOUBTFUL),
        "坏.xlsx": b"no workbook",
        "谁的.xlsx": unit_book("某某办"),  # the 财政局's
        "来信.eml": letter("u0@example.org", attached(unit_book(NAMES[0]))),
        **{f"{name}.xlsx": unit_book(name) for name in (NAMES[2], *NAMES[4:8], *NAMES[9:19])},
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with served(tmp_path / "年报") as running:
        window = Window(browser, running.entry)
        window.address = running.address
        make_campaign(window, tmp_path)
        page = window.page
        window.look()
        assert counts(page) == {"全部": 20, "未报送": 20}

        # Templates are written for a mail program, and what comes is dropped on the board.
        window.go("/c/2025/letters?kind=templates")
        page.get_by_role("button", name="把选中的信函写成文件").click()
        page.get_by_text("写成文件 20 封信函").first.wait_for()
        assert len(list((tmp_path / "年报" / "2025").rglob("*.eml"))) == 20
        window.go("/c/2025")
        page.focus("#f-files")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files([tmp_path / name for name in files])
        assert (
            page.locator(".drop output").first.inner_text() == f"{len(files)} 个文件：科技.xlsx、水务.xlsx、坏.xlsx 等"
        )
        page.get_by_role("button", name="核对并收下").click()
        page.get_by_text(f"核对完了：{len(files)} 个文件").first.wait_for()
        assert "没有收下“坏.xlsx”" in page.locator("#said").inner_text()
        window.go("/c/2025")
        assert counts(page) == {"全部": 20, "未报送": 2, "退改": 1, "待核实": 1, "通过": 16}

        # What nobody knows whose it is.
        window.open("收件记录 1")
        row = page.get_by_role("row").filter(has_text="谁的.xlsx").first
        row.get_by_role("combobox").fill(f"{TOWN}财政局")
        row.get_by_role("button", name="归到这个单位").click()
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
        shown = page.locator("details[open]")
        assert "请附签字页" in shown.locator("textarea").input_value()
        shown.get_by_role("button", name="复制正文").click()
        shown.get_by_role("button", name="已复制").wait_for()
        page.get_by_role("button", name="把选中的信函写成文件").click()
        page.get_by_text("写成文件 19 封信函").first.wait_for()

        # The deadline is over, and the year comes to its end: all that is told of it is the same.
        for tab in ("待答复的说明", "单位名单", "设置"):
            window.open(tab)
        set_deadline(window, datetime.date(2026, 1, 20))
        board = board_of(window.go("/c/2025"))
        assert Counter(state for state, _ in board.values()) == {"通过": 18, "退改": 1, "逾期": 1}
        window.open("汇总与通报")
        reports = [*[clean_values()] * 17, clean_values() | dict(DOUBTFUL)]
        assert added_up(window.download("下载汇总表")) == added_by_hand(reports)
        notice = notice_of(window.download("下载通报"))
        assert "应报单位20家" in notice.text
        assert "审核通过18家，退改1家，待核实0家" in notice.text
        assert notice.units == {
            name: ("缺报" if says == "逾期" else says, times) for name, (says, times) in board.items()
        }
        assert window.download("下载审核汇总").suffix == ".xlsx"
        archive = window.download("下载归档")
        assert by_hand(archive) == board == restored(archive, tmp_path / "恢复")
        assert window.violations == []
        window.close()


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
