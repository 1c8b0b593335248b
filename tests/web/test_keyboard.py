"""A year without a mouse: an office and a unit press keys only, see where they are, and read next what was done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.making.windows import DOUBTFUL, TOWN, WRONG, Window, public_window, unit_book

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [pytest.mark.xdist_group("browser")]

_FAR = 150
"""Nothing is farther than so many times Tab."""
_FOCUS = """target => {
  const at = document.activeElement;
  const shown = at.matches(".pick input") ? at.nextElementSibling : at;
  const look = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const isSeen = box.bottom > 0 && box.top < innerHeight && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
  return [at === target, at === document.body || isSeen, at.outerHTML.slice(0, 200)];
}"""


class Keys:
    """Somebody who has a keyboard only."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.page = window.page

    def to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until it is reached; what is passed on the way is seen to have the focus."""
        wanted.first.wait_for()
        target = wanted.first.element_handle()
        for _ in range(_FAR):
            self.page.keyboard.press(key)
            is_there, is_seen, says = self.page.evaluate(_FOCUS, target)
            assert is_seen, says
            if is_there:
                return
        raise AssertionError(f"{wanted} is not reached")

    def field(self, label: str, text: str) -> None:
        """Fill in a field."""
        self.to(self.page.get_by_label(label))
        self.page.keyboard.type(text)

    def press(self, name: str, role: str = "button", key: str = "Enter") -> None:
        """Go to a button or a link, and press it."""
        self.to(self.page.get_by_role(role, name=name))  # type: ignore[arg-type]
        self.page.keyboard.press(key)

    def follow(self, name: str) -> None:
        """Go where a link leads."""
        self.press(name, "link")
        self.page.wait_for_load_state()

    def choose(self, place: str, *files: Path) -> None:
        """Choose files; Enter opens the system's own window for that."""
        self.to(self.page.locator(place))
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(list(files))

    def download(self, name: str, role: str = "button") -> str:
        """The name of what is downloaded."""
        with self.page.expect_download() as told:
            self.press(name, role)
        return told.value.suggested_filename

    def reads(self, says: str) -> str:
        """What is read next: the focus is on the sentence that says what was done."""
        self.page.locator(".told:focus").filter(has_text=says).wait_for()
        return self.page.locator(".told:focus").inner_text()


def test_an_office_and_a_unit(browser: Browser, tmp_path: Path) -> None:
    names = ["教育局", "水务局", "信访局"]
    (tmp_path / "名单.csv").write_text(
        "\n".join(["单位名称,电子邮箱", *(f"{TOWN}{name},{at}@example.org" for at, name in enumerate(names))]),
        encoding="utf-8",
    )
    for name, changes in (("水务局", WRONG), ("信访局", {})):
        (tmp_path / f"{name}.xlsx").write_bytes(unit_book(name, changes))
    with public_window(browser, tmp_path / "年报") as window:
        office, page = Keys(window), window.page

        # A new campaign with its list, behind the link that passes over what stands above.
        window.go("/")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "跳到正文"
        page.keyboard.press("Enter")
        office.follow("新建一年的报送")
        office.to(page.get_by_label("填报年度"))
        page.keyboard.press("Control+A")
        page.keyboard.type("2025")
        office.field("名称（必填）", f"{TOWN}政府信息公开办公室")
        office.choose("#f-units", tmp_path / "名单.csv")
        office.press("新建")
        office.reads("名单上有 3 个单位")

        # Templates go out, but not to one.
        office.follow("信函")
        office.follow("下发填报表")
        office.to(page.get_by_role("checkbox").nth(2))
        page.keyboard.press("Space")
        assert not page.get_by_role("checkbox").nth(2).is_checked()
        office.to(page.locator(".envelope summary").nth(1))
        page.keyboard.press("Enter")
        assert page.locator(".envelope details[open] textarea").nth(1).is_visible()
        office.press("把选中的信函写成文件")
        office.reads("写成文件 2 封信函")

        # Files come in, and one of them is looked at.
        window.go("/c/2025")
        office.choose("#f-files", tmp_path / "水务局.xlsx", tmp_path / "信访局.xlsx")
        office.press("核对并收下")
        office.reads("核对完了")
        office.to(page.get_by_label("找单位"))
        page.keyboard.type("水务")
        page.locator("#heard", has_text="共 1 个单位").wait_for(state="attached")
        assert page.locator(":focus").get_attribute("id") == "f-words"
        office.follow(f"{TOWN}水务局")
        office.follow("看表和问题")
        office.to(page.locator("td.field.deep a"))
        page.keyboard.press("Enter")
        assert "应为 1" in page.locator(".said:target").inner_text()
        office.to(page.locator(".said:target .places a"))  # from there one goes on, not from the page's head
        page.go_back()
        page.go_back()

        # It is returned, and a telephone call is noted.
        office.field("意见", "请改正标红的格")
        office.press("退回修改")
        office.reads("已退回")
        office.field("电话催报记录", "李主任接的")
        office.press("记下")
        office.reads("已记下电话催报")

        # A unit takes its template, checks, explains, and hands in, twice.
        window.go("/c/2025")
        office.follow(f"{TOWN}教育局")
        office.press("另发一个链接")  # the one in the letter is good no more
        page.locator("#new-link:focus").wait_for()
        theirs = Window(browser, page.input_value("#new-link"))
        _unit(Keys(theirs), tmp_path)

        # Its explanation is answered, and it passes.
        window.go("/c/2025/explanations")
        office.field("答复", "请写明是哪五件")
        office.press("退回")
        office.reads("已退回这条说明")
        theirs.page.reload()
        unit = Keys(theirs)
        unit.follow("第 2 次")
        assert "请写明是哪五件" in theirs.page.locator(".said-list").inner_text()
        unit.field("数字无误的，写明原因", "名称见附函")
        unit.press("交说明")
        theirs.page.get_by_text("说明已交给办公室").wait_for()
        assert "#s-1" in theirs.page.url
        window.go("/c/2025/explanations")
        office.press("采纳")
        office.reads("已采纳这条说明")
        theirs.close()

        # What the year comes to.
        office.follow("汇总与通报")
        assert office.download("下载汇总表").endswith(".xlsx")
        assert office.download("下载通报").endswith(".docx")
        assert office.download("下载归档").endswith(".zip")


def _unit(unit: Keys, folder: Path) -> None:
    page = unit.page
    assert unit.download("下载填报表", "link").startswith(f"{TOWN}教育局")
    for number, changes, says in ((1, WRONG, "必须改正的问题"), (2, DOUBTFUL, "标黄的格请核实")):
        file = folder / f"第{number}次.xlsx"
        file.write_bytes(unit_book("教育局", changes))
        unit.choose("#f-file", file)
        unit.press("核对，先不报送")
        unit.reads(says)
        if number == 2:
            unit.field("数字无误的，写明原因", "五件都是本年制发")
            unit.to(page.get_by_role("button", name="报送这份表"), "Shift+Tab")
            page.keyboard.press("Enter")
        else:
            unit.press("仍然报送")
        page.get_by_role("heading", name="报送回执").wait_for()
        unit.reads("已经收到")
        unit.follow("回到本单位的页面")
