"""Makes the pictures of the window in both READMEs.

``python -m docs.window`` collects some tables of twenty units, and writes the pictures of the board and of a unit's page into
``docs/images``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.making.pages import browsers
from tests.making.windows import DOUBTFUL, NAMES, TOWN, WRONG, make_campaign, public_window, unit_book

if TYPE_CHECKING:
    from tests.making.windows import Window

IMAGES = Path(__file__).parent / "images"
_NOW = 1_768_267_800
"""A Tuesday of January 2026, in the morning."""
_ALL_WRONG = {
    **WRONG,
    "requests.received.business": 4,
    "disputes.review.total": 2,
    "disclosure.regulations.issued": "无",
}


def pictures(folder: Path) -> None:
    """Write what an office sees, and what a unit sees (PNG); files that are handed in lie in `folder` meanwhile."""
    with browsers() as browser, public_window(browser, folder / "年报", lambda: _NOW) as office:
        make_campaign(office, folder, "2026-01-20")
        office.page.set_input_files("#f-files", _handed_in(folder))
        office.page.get_by_role("button", name="核对并收下").click()
        office.page.get_by_text("核对完了").wait_for()
        office.go("/c/2025").screenshot(path=IMAGES / "board.png")
        office.open(f"{TOWN}{NAMES[1]}")
        office.page.get_by_role("button", name="生成报送链接").click()
        _unit(office, office.page.input_value("#new-link"), folder)


def _handed_in(folder: Path) -> list[Path]:
    """Of most units something, of each kind."""
    changed = {3: WRONG, 5: DOUBTFUL, 8: WRONG, 11: _ALL_WRONG}
    paths = []
    for number, name in enumerate(NAMES[:14]):
        path = folder / f"{name}.xlsx"
        path.write_bytes(unit_book(name, changed.get(number)))
        paths.append(path)
    return paths[:1] + paths[2:]


def _unit(office: Window, link: str, folder: Path) -> None:
    page = office.page
    page.goto(link)
    wrong = folder / f"{NAMES[1]}.xlsx"
    wrong.write_bytes(unit_book(NAMES[1], _ALL_WRONG))
    page.set_input_files("#f-file", wrong)
    page.get_by_role("button", name="核对，先不报送").click()
    page.locator("#looked .sheet").nth(1).wait_for()
    page.locator("#looked .sheet").nth(1).evaluate(
        "table => scrollTo(0, table.getBoundingClientRect().top + scrollY - 20)"
    )
    page.locator("td.field.deep a").first.click()
    page.screenshot(path=IMAGES / "unit.png")


def main() -> None:
    """Make the pictures."""
    with tempfile.TemporaryDirectory(prefix="xlcheck-window-") as folder:
        pictures(Path(folder))


if __name__ == "__main__":
    main()
