"""A container of members that were inflated before holds just these, for every reader."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from xlcheck.guard.container import inflate
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.stored import stored

NAMES = st.text(st.characters(exclude_characters="\\:\0\r\t\n/", exclude_categories=("Cs",)), min_size=1).filter(
    lambda name: name not in (".", "..")
)


@given(st.dictionaries(NAMES, st.binary(), min_size=1))
def test_every_reader_finds_the_members_as_they_were(parts: dict[str, bytes]) -> None:
    parts = {name: parts[name] for name in {name.lower(): name for name in parts}.values()}
    data = stored(parts)
    assert list(inflate(data, LIMITS).items()) == list(parts.items())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == parts
