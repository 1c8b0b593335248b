"""One reading: what the guard lets through is the same for us, for openpyxl and for LibreOffice.

Run ``python -m fuzz.readings --count 200000`` (docs/inside/hostile.md says more). A small workbook is spelt in other ways
(:mod:`fuzz.spellings`), each only once; each package that the guard admits is read by our reader and by openpyxl. LibreOffice
says what it shows of those that openpyxl reads otherwise or not at all (of two for each set of changes, and readings), of
every one with a single change, and of some of all others. A difference that counts is a cell that we take for a number and
LibreOffice does not show as that number, or the other way round, or another text.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import re
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from fuzz.spellings import Members, encode, respell
from tests.hostile import makers
from xlcheck.guard.admit import admit
from xlcheck.guard.parts import sheets_of
from xlcheck.model.cells import cell_name
from xlcheck.model.errors import Refused
from xlcheck.model.submission import OddCells
from xlcheck.model.text import entered, told_apart
from xlcheck.reading.odd import odd_cells
from xlcheck.reading.placement import Rows
from xlcheck.reading.sheets import Sheets

if TYPE_CHECKING:
    from tests.office.driver import Office

Reading = Mapping[str, object]
"""What stands in the cells of a workbook, by the number of the sheet and the name, ``1!B2``; blank ones are missing.

Titles stand there as texts of the cell of each sheet that has no name: some programs change a few of their characters.
"""

_ASKED = 2
"""So many packages with the same changes that are read the same, by us and by openpyxl, are put to LibreOffice."""
_BATCH = 5_000
_TITLES = ("甲", "乙")
_TITLE = "工作表："
_FORMULA_ERROR = re.compile(r"Err:5\d\d\Z|#NAME\?")


class Difference(NamedTuple):
    """A package that LibreOffice may be asked about."""

    seed: int
    changes: tuple[str, ...]
    ours: Reading
    theirs: Reading
    """What openpyxl reads; nothing where it cannot load it."""
    differs: bool
    """Whether openpyxl reads something else, or nothing."""
    data: bytes


def small() -> Members:
    """A workbook of two sheets with numbers, shared and inline strings, and formulas."""
    rows = [
        makers.row(1, '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'),
        makers.row(2, '<c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="C2" t="n"><v>3.5</v></c>'),
        makers.row(
            3,
            '<c r="A3" t="inlineStr"><is><t>项</t></is></c><c r="B3"><f>1+1</f><v>2</v></c><c r="C3" t="str"><v>a</v></c>',
        ),
        makers.row(4, '<c r="A4" t="b"><v>1</v></c><c r="B4"/><c r="C4"><v>40</v></c>'),
    ]
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(_TITLES, 1))
    links = makers.relationships(
        ("worksheet", "worksheets/sheet1.xml"),
        ("worksheet", "worksheets/sheet2.xml"),
        ("sharedStrings", "sharedStrings.xml"),
    )
    parts = makers.parts(book=makers.workbook(sheets=listed), links=links)
    types = str(parts["[Content_Types].xml"])
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    parts["[Content_Types].xml"] = types.replace(
        "</Types>", f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{sheet}"/></Types>'
    )
    parts[makers.SHEET] = makers.sheet("".join(rows))
    parts["xl/worksheets/sheet2.xml"] = makers.sheet("".join(rows[:2]).replace('B2"><v>2<', 'B2"><v>20<'))
    strings = '<si><t>头</t></si><si><r><t>规</t></r><r><t>章</t></r></si><si><t xml:space="preserve"> 件 </t></si>'
    parts["xl/sharedStrings.xml"] = f'<?xml version="1.0"?><sst xmlns="{makers.MAIN}">{strings}</sst>'
    return {name: content if isinstance(content, str) else content.decode() for name, content in parts.items()}


def spelt(seed: int) -> tuple[bytes, list[str]]:
    """The small workbook, spelt in another way, and what was changed."""
    members, random = small(), Random(seed)
    changes = respell(members, random)
    return makers.pack(encode(members, random), 0), changes


def ours(data: bytes) -> Reading | None:
    """What we read; None for what is refused."""
    try:
        package = admit(data)
        sheets = Sheets(package)
        found = {name: _cells(sheets.rows(name), odd_cells(package, name, data)) for name in sheets.names}
    except Refused:
        return None
    if package.kind == "xlsx":
        titles = [title for title, _ in sheets_of(package.parts)]
        assert told_apart(titles) == list(sheets.names), titles
    return _numbered(found.items())


def _numbered(sheets: Iterable[tuple[str, Mapping[str, object]]]) -> Reading:
    """The cells of all sheets."""
    return {
        f"{number}!{name}": value
        for number, (title, cells) in enumerate(sheets, 1)
        for name, value in {"": f"{_TITLE}{title}", **cells}.items()
    }


def _cells(rows: Rows, odd: OddCells) -> dict[str, object]:
    found: dict[str, object] = {
        cell_name((r, c)): value for r, row in enumerate(rows) for c, value in enumerate(row) if value != ""
    }
    return found | {cell_name(cell): f"#{value.kind}" for cell, value in odd.items()}


def openpyxls(data: bytes) -> Reading | str:
    """What openpyxl reads, or what it says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # it raises many things at a damaged file
        return f"{type(error).__name__}"
    return _numbered((title, _openpyxl_cells(book[title])) for title in book.sheetnames)


def _openpyxl_cells(sheet: object) -> dict[str, object]:
    if not isinstance(sheet, Worksheet):
        return {}
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: cell.value for cell in cells if cell.value is not None and cell.value != ""}


def agrees(mine: object, theirs: object) -> bool:
    """Whether what we take a cell for is what another program shows, blanks and what steers in a text aside.

    What we take for no number and no text (an error value, a date, TRUE, infinity) is an error wherever a number belongs,
    and so are a text or nothing there: such a cell never passes, whatever others show. An error that LibreOffice shows in
    place of a formula that it cannot calculate is no other number either.
    """
    if isinstance(theirs, str) and _FORMULA_ERROR.match(theirs):
        return True
    if isinstance(mine, bool) or not isinstance(mine, int | float | str) or mine == "":
        return True
    if isinstance(mine, str) and mine.startswith(_TITLE):
        one, other = _letters(mine), _letters(str(theirs))
        return one.startswith(other) or other.startswith(one)
    if isinstance(mine, str):
        return isinstance(theirs, int | float) or mine.startswith("#") or _bare(mine) == _bare(str(theirs))
    if not math.isfinite(mine):
        return True
    return isinstance(theirs, int | float) and not isinstance(theirs, bool) and float(mine) == float(theirs)


def _bare(text: str) -> str:
    """A text without blanks and what steers, and with the characters that are escaped in it, which not all programs read."""
    read = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
    return "".join(entered(read).split())


def _letters(text: str) -> str:
    return "".join(char for char in entered(text) if char.isalnum())


def apart(mine: Reading, theirs: Reading) -> list[str]:
    """The cells that could pass with what another program does not show."""
    return [cell for cell, value in mine.items() if not agrees(value, theirs.get(cell, ""))]


def run(seeds: Iterable[int], told: Callable[[Difference], None], seen: set[bytes], sample: int = 0) -> Counter[str]:
    """Put packages through.

    Args:
        seeds: one for each package.
        told: gets those that differ, those with one change, and one of `sample` of the others.
        seen: digests of those that are not looked at again; grows.
        sample: 0 for none, and for none with one change either.
    """
    counts: Counter[str] = Counter()
    for seed in seeds:
        data, changes = spelt(seed)
        digest = hashlib.sha256(data).digest()[:12]
        if not changes or digest in seen:
            continue
        seen.add(digest)
        counts["made"] += 1
        mine = ours(data)
        if mine is None:
            counts["refused"] += 1
            continue
        counts["admitted"] += 1
        theirs = openpyxls(data)
        unloaded = isinstance(theirs, str)
        counts["openpyxl cannot load"] += unloaded
        other: Reading = {} if isinstance(theirs, str) else theirs
        different = unloaded or bool(apart(mine, other))
        counts["differ from openpyxl"] += different and not unloaded
        if different or (sample and (len(changes) == 1 or seed % sample == 0)):
            told(Difference(seed, tuple(changes), mine, other, different, data))
    return counts


class Referee:
    """LibreOffice, asked what it shows."""

    def __init__(self, office: Office, folder: Path) -> None:
        """Ask `office` about files in `folder`."""
        self._office, self._path = office, folder / "a.xlsx"
        self._alike: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()

    def __call__(self, found: Difference) -> None:
        """Ask about one, and print it if it differs."""
        if found.differs:
            read = str(sorted(found.ours.items())) if found.theirs else ""
            alike = hash((tuple(sorted({*found.changes})), read, str(sorted(found.theirs.items(), key=str))))
            self._alike[alike] += 1
            if self._alike[alike] > _ASKED:
                self.counts["like some that LibreOffice was asked about"] += 1
                return
        self._path.write_bytes(found.data)
        self.counts["asked LibreOffice"] += 1
        try:
            cells = apart(found.ours, self._glance())
            # A glance does not tell errors from texts.
            shown = self._contents() if cells else {}
        except RuntimeError:
            self.counts["LibreOffice cannot open"] += 1
            return
        if cells and all(cell.endswith("!") for cell in shown):
            self.counts["LibreOffice shows no cell"] += 1
            return
        cells = cells and apart(found.ours, shown)
        if cells:
            self.counts["differ from LibreOffice"] += 1
            three = [(cell, found.ours.get(cell), shown.get(cell)) for cell in cells[:3]]
            print(found.seed, found.changes, three, flush=True)

    def _glance(self) -> Reading:
        return _numbered(
            (title, {cell_name((r, c)): v for r, row in enumerate(rows) for c, v in enumerate(row) if v != ""})
            for title, rows in self._office.glance(self._path).items()
        )

    def _contents(self) -> Reading:
        with self._office.open(self._path) as document:
            cells: dict[str, dict[str, object]] = {title: {} for title in document.sheets()["names"]}
            for address, value in document.contents().items():
                title, _, name = address.rpartition("!")
                cells[title] |= {name: value} if value != "" else {}
        return _numbered(cells.items())


def main() -> None:
    """Fuzz with LibreOffice as the referee."""
    from tests.office.driver import running

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="packages, no two of them alike")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--sample", type=int, default=20, help="of so many packages that do not differ, ask about one")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    seen: set[bytes] = set()
    with running() as office, tempfile.TemporaryDirectory() as folder:
        referee = Referee(office, Path(folder))
        start = given.start
        while counts["made"] < given.count:
            counts += run(range(start, start + _BATCH), referee, seen, given.sample)
            start += _BATCH
            print(start, dict(counts + referee.counts), f"{time.process_time():.0f} s", flush=True)
        print(f"| {' | '.join(f'{name}: {number:,}' for name, number in (counts + referee.counts).items())} |")


if __name__ == "__main__":
    main()
