"""Files packed into a zip: taken out under the names that they were packed with, and never more than is allowed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import clean_workbook
from xlcheck.files.bundle import bundled_files, is_bundle
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused

NAME = "教育局/2025年报.xlsx"


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as most programs write it, each file a second younger than the one before."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", method) as archive:
        for at, (name, data) in enumerate(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 10, 9, 0, 2 * at)), data, method)
    return box.getvalue()


def named(raw: bytes, extra: bytes = b"") -> bytes:
    """A zip with one file whose name is written in these bytes, and nothing says in which encoding."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        info = zipfile.ZipInfo("a" * len(raw))
        info.extra = extra
        archive.writestr(info, b"x")
    return box.getvalue().replace(b"a" * len(raw), raw)


def unicode_path(raw: bytes, name: str) -> bytes:
    """What WinRAR and 7-Zip put beside a name (APPNOTE 4.6.9)."""
    field = b"\1" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
    return b"\x75\x70" + len(field).to_bytes(2, "little") + field


def names(data: bytes) -> list[str]:
    return [one.name for one in bundled_files(data)]


@pytest.mark.parametrize(
    ("raw", "extra"),
    [
        (NAME.encode("gbk"), b""),
        (NAME.encode("gbk").replace(b"/", b"\\"), b""),
        (NAME.encode(), b""),
        (NAME.encode("gbk"), unicode_path(NAME.encode("gbk"), NAME)),
        (b"\xb1\xd0\xa8|.xlsx", unicode_path(b"\xb1\xd0\xa8|.xlsx", NAME)),
        (NAME.encode("gbk"), unicode_path(b"another", "别的")),
    ],
)
def test_a_name_is_read_in_whatever_it_was_written(raw: bytes, extra: bytes) -> None:
    assert names(named(raw, extra)) == [NAME]


@given(
    st.dictionaries(
        st.text("甲乙ab/", min_size=1).map(lambda text: f"{text}.xlsx".lstrip("/")), st.binary(max_size=99), max_size=4
    )
)
def test_what_was_packed_is_taken_out(files: dict[str, bytes]) -> None:
    files = {"/".join(filter(None, name.split("/"))): data for name, data in files.items()}
    data = packed(files)
    assert is_bundle(data)
    found = [(one.name, one.data) for one in bundled_files(data) if not one.name.rpartition("/")[2].startswith(".")]
    assert found == [(name, data) for name, data in files.items() if not name.rpartition("/")[2].startswith(".")]


def test_what_systems_put_beside_is_left_out() -> None:
    junk = ("__MACOSX/._a.xlsx", "._a.xlsx", ".DS_Store", "甲/Thumbs.db", "~$a.xlsx", "甲/", "desktop.ini")
    assert names(packed({**dict.fromkeys(junk, b""), "甲/a.xlsx": b"x"})) == ["甲/a.xlsx"]


def test_a_document_is_no_bundle() -> None:
    assert not is_bundle(clean_workbook())
    for names_ in (["mimetype", "content.xml"], ["OFD.xml"], ["xl/workbook.xml"], ["Index.zip"]):
        assert not is_bundle(packed(dict.fromkeys(names_, b"x")))
    assert not is_bundle(b"PK\3\4 and no more")
    assert not is_bundle(packed({"a.xlsx": b"x"})[:-9])


def test_a_file_that_is_not_taken_out_keeps_no_other_back() -> None:
    inner = packed({"b.xlsx": b"x"})
    found = {
        one.name: (one.trouble, one.data)
        for one in bundled_files(packed({"里.zip": inner, "里.rar": b"Rar!", "a.xlsx": b"x"}))
    }
    assert {name for name, (trouble, _) in found.items() if "请解压后再交" in trouble} == {"里.zip", "里.rar"}
    assert found["a.xlsx"] == ("", b"x")
    damaged = packed({"a.xlsx": b"abcdefgh", "b.xlsx": b"12345678"}, zipfile.ZIP_STORED).replace(
        b"abcdefgh", b"abcdefgi", 1
    )
    assert [bool(one.trouble) for one in bundled_files(damaged)] == [True, False]
    locked = packed({"a.xlsx": b"x"}).replace(b"PK\1\2\x14\x03\x14\x00\x00\x00", b"PK\1\2\x14\x03\x14\x00\x01\x00")
    assert [one.trouble for one in bundled_files(locked)] == ["压缩包加了密码，请解压后再交"]
    assert "压缩方式" in next(bundled_files(packed({"a.xlsx": b"x"}, zipfile.ZIP_LZMA))).trouble


def test_no_more_is_taken_out_than_is_allowed() -> None:
    small = LIMITS._replace(file_bytes=1000)
    large, good = bundled_files(packed({"a.xlsx": b"\0" * 1001, "b.xlsx": b"\0" * 1000}), small)
    assert (bool(large.trouble), len(good.data)) == (True, 1000)
    bomb = packed({f"{number}.xlsx": b"\0" * (9 << 20) for number in range(3)})
    with pytest.raises(Refused, match="倍"):
        list(bundled_files(bomb))
    assert not is_bundle(packed({f"{number}.xlsx": b"" for number in range(LIMITS.members + 1)}))
