"""Makes the picture of the page in both READMEs.

``python -m docs.page`` opens the built page in Chromium, checks a sample with an error, and writes the picture of ``docs/images``.
"""

from __future__ import annotations

from pathlib import Path

from tests import ROOT
from tests.making.pages import Shown, browsers, built

PICTURE = Path(__file__).parent / "images" / "page.png"
SAMPLE = ROOT / "samples" / "错例2-总计填错.xlsx"


def picture(target: Path) -> None:
    """Write what a department sees (PNG): the table with its colours, and what is said of the cell that is wrong."""
    with browsers() as browser:
        opened = Shown(browser, (built() / "xlcheck.html").as_uri(), viewport={"width": 1180, "height": 900}).ready()
        opened.give([SAMPLE])
        opened.page.locator("td.deep button").click()
        opened.page.locator(".sheet").nth(1).evaluate(
            "table => scrollTo(0, table.getBoundingClientRect().top + scrollY)"
        )
        opened.page.screenshot(path=target)


def main() -> None:
    """Make the picture."""
    picture(PICTURE)


if __name__ == "__main__":
    main()
