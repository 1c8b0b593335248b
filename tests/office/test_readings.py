"""One reading: what LibreOffice shows of a workbook spelt in other ways is what we read of it."""

from __future__ import annotations

from pathlib import Path

from fuzz.readings import Referee, run
from tests.office.driver import Office


def test_libreoffice_shows_what_we_read(office: Office, tmp_path: Path) -> None:
    referee = Referee(office, tmp_path)
    counts = run(range(600), referee, set(), sample=20)
    assert counts["made"] > 400
    assert referee.counts["asked LibreOffice"] > 50
    assert referee.counts["differ from LibreOffice"] == 0
