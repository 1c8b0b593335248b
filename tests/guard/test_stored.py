"""A container of members that were inflated before holds just these, for every reader."""

from __future__ import annotations

import io
import zipfile

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.corpus.cases import CASES
from tests.hostile.makers import noise, with_parts
from tests.making import honest
from xlcheck.guard.admit import admit
from xlcheck.guard.container import inflate
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.stored import stored
from xlcheck.model.errors import Refused

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\\:\0\r\t\n/"), min_size=1).filter(
    lambda name: name not in (".", "..")
)


@given(st.dictionaries(NAMES, st.binary(), min_size=1))
def test_every_reader_finds_the_members_as_they_were(parts: dict[str, bytes]) -> None:
    parts = {name: parts[name] for name in {name.lower(): name for name in parts}.values()}
    data = stored(parts)
    assert list(inflate(data, LIMITS).parts.items()) == list(parts.items())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == parts


def told(data: bytes) -> tuple[str, object]:
    """What calamine makes of it: every value with its type, or that it cannot read it."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        return "read", repr(list(rows.items()))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the native code is no Exception
        return "cannot be read", type(error)


MADE = {case.name: case.maker for case in CASES} | {name: maker for name, maker, _ in honest.HONEST}


MISREAD = {"value-in-cdata.xlsx", "utf-16.xlsx", "utf-16-without-a-mark.xlsx", "all-utf-16.xlsx", "ods-utf-16.ods"}
"""Files that calamine by itself takes for empty, reads in part, or cannot read."""
MISREAD |= {"workbook-in-another-place.xlsx", "name-with-a-backslash.xlsx", "absolute-name.xlsx"}
MISREAD |= {"comment-in-a-value.xlsx", "instruction-in-a-value.xlsx", "error-of-its-own.xlsx", "gbk.xlsx"}


@pytest.mark.parametrize("name", MADE)
def test_calamine_reads_it_as_it_reads_the_file(name: str) -> None:
    data = MADE[name]()
    try:
        package = admit(data)
    except Refused:
        return
    if name in MISREAD:
        assert told(package.safe)[0] == "read"
    elif package.kind != "xls":
        assert told(package.safe) == told(data)


def test_nothing_goes_on_but_what_holds_values() -> None:
    data = with_parts(**{"docProps/noise.bin": noise() * 6})
    assert len(data) > len(admit(data).safe)
    assert {name.partition("/")[0] for name in inflate(admit(data).safe, LIMITS).parts} == {"_rels", "xl"}
