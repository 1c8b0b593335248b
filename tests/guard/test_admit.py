"""The guard: no hostile file reaches a parser that it could harm, and no honest one is turned away."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import makers as hostile
from tests.making import honest
from tests.making.work import processor
from xlcheck.guard.admit import Package, admit
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.ole import compound, wrap
from xlcheck.model.errors import Refused

MIB = 1 << 20
PARSERS = """
import io, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1500 << 20,) * 2)
data = sys.stdin.buffer.read()
import python_calamine
said = {}
try:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    said["sheets"] = {name: len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}
except python_calamine.CalamineError as error:
    said["calamine"] = str(error)
if sys.argv[1] == "xlsx":
    import openpyxl
    try:
        openpyxl.load_workbook(io.BytesIO(data)).save(io.BytesIO())
    except Exception as error:
        said["openpyxl"] = repr(error)
# Not ru_maxrss, which a process takes over from the one that started it.
with open("/proc/self/status") as status:
    said["peak"] = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
print(json.dumps(said))
"""


def parse(package: Package, data: bytes) -> dict[str, Any]:
    """What the parsers make of an admitted file, in a process of bounded memory that must survive it."""
    done = subprocess.run(
        [sys.executable, "-c", PARSERS, package.kind],
        check=False,
        input=package.safe if package.kind == "xls" else data,
        capture_output=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["peak"] < 300
    return said


def verdict(data: bytes) -> str:
    try:
        admit(data)
    except Refused as refused:
        assert refused.__cause__ is None, "refused by accident"
        assert refused.message and "\n" not in refused.message
        return refused.code
    return hostile.ADMITTED


@lru_cache
def bearable() -> float:
    """A hundred times what a large honest workbook costs; most of the work is done in C, where no steps are counted."""
    large = honest.written(honest.tall)
    return 100 * min(processor(lambda: admit(large)) for _ in range(3))


@pytest.mark.parametrize(("name", "maker", "expected"), hostile.HOSTILE, ids=[case[0] for case in hostile.HOSTILE])
def test_hostile(name: str, maker: hostile.Maker, expected: str) -> None:
    data = maker()
    said: list[str] = []
    assert processor(lambda: said.append(verdict(data))) < bearable()
    assert said == [expected]
    tracemalloc.start()
    try:
        verdict(data)
        assert tracemalloc.get_traced_memory()[1] < 250 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "maker"),
    [case[:2] for case in hostile.HOSTILE if case[2] == hostile.ADMITTED],
    ids=[case[0] for case in hostile.HOSTILE if case[2] == hostile.ADMITTED],
)
def test_what_is_admitted_harms_no_parser(name: str, maker: hostile.Maker) -> None:
    data = maker()
    parse(admit(data), data)


def test_the_corpus_is_large_and_its_names_are_unique() -> None:
    assert len({case[0] for case in hostile.HOSTILE}) == len(hostile.HOSTILE) >= 60


@pytest.mark.parametrize(("name", "maker", "kind"), honest.HONEST, ids=[case[0] for case in honest.HONEST])
def test_honest(name: str, maker: Callable[[], bytes], kind: str) -> None:
    check_honest(maker(), kind)


@pytest.mark.skipif(not honest.SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize(("name", "maker", "kind"), honest.BY_LIBREOFFICE, ids=[c[0] for c in honest.BY_LIBREOFFICE])
def test_honest_by_libreoffice(name: str, maker: Callable[[], bytes], kind: str) -> None:
    check_honest(maker(), kind)


def check_honest(data: bytes, kind: str) -> None:
    assert processor(lambda: admit(data)) < bearable()
    package = admit(data)
    assert package.kind == kind
    assert bool(package.parts) == (kind != "xls")
    assert not package.macros
    said = parse(package, data)
    assert said["sheets"]["表"] > 0
    assert "openpyxl" not in said


def test_parts_are_what_the_members_hold() -> None:
    parts = hostile.parts()
    assert {name: part.decode() for name, part in admit(hostile.pack(parts)).parts.items()} == parts


def test_macros_are_told() -> None:
    book = hostile.content_types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    data = hostile.pack(hostile.parts(types=book) | {"xl/vbaProject.bin": b"\xd0\xcf"})
    assert admit(data).macros
    assert admit(hostile.vba_bomb()).macros
    assert not admit(hostile.plain()).macros


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            hostile.xlsx(hostile.A1 + hostile.row(9, hostile.FAR)),
            "工作表“表”的 XFD1048576 单元格有内容，远离表格，请删除后重新保存",
        ),
        (hostile.xls(hostile.number(0, 0) + hostile.number(65535, 255)), "工作表“表”的 IV65536 单元格有内容"),
        (hostile.ods(hostile.ods_row(hostile.ods_cell(16384), 9)), "工作表“表”的 XFD9 单元格有内容"),
        (b"", "文件是空的"),
        (b"a,b\n1,2\n", "CSV"),
        (b"<html></html>", "网页"),
        (b"%PDF-1.4", "PDF"),
    ],
    ids=["xlsx", "xls", "ods", "empty", "csv", "html", "pdf"],
)
def test_reasons_say_where_and_what(data: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        admit(data)
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_bytes=99), "F104"),
        (Limits(members=3), "F104"),
        (Limits(inflated_bytes=999), "F104"),
        (Limits(cells=1), "F104"),
        (Limits(rows=1, columns=1), hostile.ADMITTED),
        (Limits(string_bytes=9), "F104"),
        (Limits(sheets=0), "F104"),
    ],
)
def test_limits_can_be_set(limits: Limits, code: str) -> None:
    try:
        admit(hostile.plain(), limits)
        assert code == hostile.ADMITTED
    except Refused as refused:
        assert refused.code == code


def test_the_usual_spelling_and_the_whole_parse_agree() -> None:
    """Sheets within the small window are admitted either way; the farthest of it lie within the limits."""
    for ref, row in {"A1": 1, "Z999": 999, "IZ1999": 1999, "AZ9999": 9999}.items():
        assert verdict(hostile.xlsx(hostile.row(row, hostile.cell(ref)))) == hostile.ADMITTED
        assert verdict(hostile.xlsx(hostile.row(row, hostile.cell(ref).replace('"', "'")))) == hostile.ADMITTED
    assert max(1999 * 260, 9999 * 52) <= LIMITS.grid


def test_every_admitted_xls_is_read_from_a_clean_container() -> None:
    data = hostile.vba_bomb()
    safe = admit(data).safe
    assert safe is not None
    assert b"dir" not in safe
    assert admit(safe).safe == safe


@pytest.mark.parametrize("size", [1, 4096, 60_000, 5_000_000, 9_000_000])
def test_a_stream_survives_wrapping(size: int) -> None:
    stream = random.Random(size).randbytes(size)
    assert compound(wrap({"Workbook": stream}), LIMITS).workbook.rstrip(b"\0") == stream.rstrip(b"\0")


SEEDS = [hostile.plain(), hostile.ods(), hostile.xls(hostile.label(0, 0), hostile.string_table(1, b"abc"))]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=6), st.data())
def test_any_bytes_are_admitted_or_refused(seed: bytes, changes: list[tuple[int, int]], more: st.DataObject) -> None:
    data = bytearray(seed)
    for at, value in changes:
        data[at % len(data)] = value
    cut = more.draw(st.integers(0, len(data)))
    for each in (bytes(data), bytes(data[:cut])):
        try:
            assert isinstance(admit(each), Package)
        except Refused as refused:
            assert refused.code in ("F101", "F102", "F103", "F104")


def test_importing_the_guard_is_light() -> None:
    """Startup time counts: nothing but the standard library, and none of its heavy parts."""
    code = "import sys; import xlcheck.guard.admit; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"openpyxl", "python_calamine", "olefile", "zipfile", "tempfile", "xml.etree"} & set(loaded)


def test_peak_of_this_process_stays_low() -> None:
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1500 * 1024


def test_too_little_memory_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from xlcheck.guard import admit as module

    def starved(*arguments: object) -> Package:
        raise MemoryError

    monkeypatch.setattr(module, "_open", starved)
    with pytest.raises(MemoryError):
        admit(b"PK\3\4")
