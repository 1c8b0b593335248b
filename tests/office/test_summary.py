"""审核汇总.xlsx in LibreOffice: it opens, its links lead to the copies, and it prints."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.making.records import RULES, UNITS, line, record, roster
from tests.office.driver import Office
from tests.office.picture import picture
from xlcheck.results.summary import book

pytestmark = pytest.mark.office

COPIES = ["甲 局.审核.xlsx", "乙#1 100%（二）[三].审核.xlsx", "子/丙&'丁'.审核.xlsx", "../外/戊.审核.xlsx"]


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A summary whose copies have names that links find hard."""
    records = [
        record(f"{n}.xlsx", f"{'甲乙丙丁'[n]}局", *(line() for _ in range(40)), annotated=name)
        for n, name in enumerate(COPIES)
    ]
    path = tmp_path_factory.mktemp("summary") / "审核汇总.xlsx"
    book.write_summary(path, lambda: records, RULES, roster(UNITS, records), what="报送")
    return path


def test_it_opens_with_all_sheets(office: Office, summary: Path) -> None:
    with office.open(summary) as document:
        assert document.sheets()["names"] == ["概览", "单位", "问题", "规则", "规则×单位", "缺报", "名单外与重复"]
        assert document.sheets()["active"] == "概览"
        assert document.get("单位!A2", "单位!D2", "单位!F2", "规则!A2") == ["甲局", 2025, 40, "B103"]


def test_links_lead_to_the_copies(office: Office, summary: Path, tmp_path: Path) -> None:
    with office.open(summary) as document:
        saved = document.save(tmp_path / "saved.ods")
    with zipfile.ZipFile(saved) as archive:
        content = archive.read("content.xml").decode()
    # The driver opens a copy in a folder of its own; the saved file refers to it from where it stands itself.
    links = [urljoin(f"{saved.as_uri()}/", link) for link in re.findall(r'<text:a xlink:href="(.*?)"', content)]
    found = [unquote(urlsplit(link.replace("&amp;", "&").replace("&apos;", "'")).path) for link in links]
    folder = next(match[0] for path in found if (match := re.match(r".*/xlcheck-open-[^/]*", path)))
    assert found == [str(Path(folder, name).resolve()) for name in COPIES]


def test_it_prints_on_pages_across_with_the_chart(office: Office, summary: Path, tmp_path: Path) -> None:
    with office.open(summary) as document:
        pdf = document.save(tmp_path / "summary.pdf")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, encoding="utf-8")
    pages = text.stdout.split("\f")[:-1]
    assert "最常见的规则" in pages[0]
    assert RULES["B103"].title in pages[0]
    findings = [page for page in pages if "审核汇总：问题" in page]
    assert len(findings) > 1
    assert all("单位说明" in page for page in findings), "the head is on each page"
    told = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Page size: +841\.\d+ x 595\.\d+ pts \(A4\)", told)


def test_its_pictures_can_be_made(office: Office, summary: Path, tmp_path: Path) -> None:
    picture(office, summary, "单位", tmp_path / "units.png")
    assert (tmp_path / "units.png").stat().st_size > 5_000
