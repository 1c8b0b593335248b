"""Honest files that are unlike most: LibreOffice opens them, their copies, and what it locks with the default password."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.makers import pack
from tests.making.copies import annotated, parts_of
from tests.making.doors import ODS_CHANGES, XLS, XLSX, Door
from tests.making.filling import form, submission_of
from tests.making.locked import DEFAULT
from tests.office.driver import Office
from tests.office.test_saved import texts
from xlcheck.guard.admit import admit
from xlcheck.model.cells import cell_name
from xlcheck.model.errors import Refused

pytestmark = pytest.mark.office

FIELDS = ("disclosure.regulations.issued", "requests.received.person", "disputes.review.total")
PLACES = [f"{field.sheet}!{cell_name(field.cell)}" for field in (form().by_key[key] for key in FIELDS)]

MENDED = {"no manifest", "no mimetype"}
"""What LibreOffice asks about before it opens it."""

UNKNOWN = {"before Unicode, of a Mac"}
"""Whose texts LibreOffice takes for English ones."""


def opened(office: Office, path: Path) -> list[object]:
    """What LibreOffice finds in some fields."""
    with office.open(path) as document:
        found: list[object] = document.get(*PLACES)
    return found


def told(data: bytes) -> list[object]:
    """What xlcheck does."""
    held = submission_of(data).held
    return [held[key] for key in FIELDS]


@pytest.mark.parametrize("door", XLSX, ids=lambda door: door.name)
def test_libreoffice_opens_the_copy_of_every_honest_workbook(office: Office, tmp_path: Path, door: Door) -> None:
    data = door.maker()
    path = tmp_path / "a.xlsx"
    path.write_bytes(annotated(data))
    assert opened(office, path) == told(data)


@pytest.mark.parametrize("door", [door for door in XLS if door.name not in UNKNOWN], ids=lambda door: door.name)
def test_libreoffice_reads_the_same_in_honest_xls(office: Office, tmp_path: Path, door: Door) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(door.maker())
    assert opened(office, path) == told(door.maker())
    with office.open(path) as document:
        again = document.save(tmp_path / "again.xlsx")
    assert told(again.read_bytes()) == told(door.maker())


@pytest.fixture(scope="session")
def saved(office: Office, clean: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The form as LibreOffice saves it as .ods."""
    with office.open(clean) as document:
        return document.save(tmp_path_factory.mktemp("ods") / "a.ods").read_bytes()


@pytest.mark.parametrize("name", ODS_CHANGES)
def test_libreoffice_reads_the_same_in_honest_ods(office: Office, saved: bytes, tmp_path: Path, name: str) -> None:
    parts = parts_of(saved)
    ODS_CHANGES[name](parts)
    path = tmp_path / "a.ods"
    path.write_bytes(pack(parts))
    assert submission_of(path.read_bytes()).held == submission_of(saved).held
    if name not in MENDED:
        assert opened(office, path) == told(saved)


def test_what_it_locks_with_the_default_password_is_read(office: Office, clean: Path, tmp_path: Path) -> None:
    with office.open(clean) as document:
        locked = document.save(tmp_path / "a.xls", DEFAULT)
    assert admit(locked.read_bytes()).locked
    assert texts(locked) == texts(clean)


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_what_it_locks_with_another_is_not(office: Office, clean: Path, tmp_path: Path, ending: str) -> None:
    with office.open(clean) as document:
        locked = document.save(tmp_path / f"a.{ending}", "1234")
    with pytest.raises(Refused) as refused:
        admit(locked.read_bytes())
    assert refused.value.code == "F102"
