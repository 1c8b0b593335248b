"""One reading: what LibreOffice shows of a workbook spelt in other ways is what we read of it."""

from __future__ import annotations

from pathlib import Path

from fuzz.readings import Difference, apart, run
from tests.office.driver import Office


def test_libreoffice_shows_what_we_read(office: Office, tmp_path: Path) -> None:
    found: list[Difference] = []
    run(0, 400, found.append, sample=20)
    assert len(found) > 10
    path = tmp_path / "a.xlsx"
    for one in found:
        path.write_bytes(one.data)
        try:
            with office.open(path) as document:
                shown = document.contents()
        except RuntimeError:  # LibreOffice does not open it: nobody is shown anything else
            continue
        assert apart(one.ours, shown) == [], (one.seed, one.changes)
