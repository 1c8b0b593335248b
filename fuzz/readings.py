"""One reading: what the guard lets through is the same for us, for openpyxl and for LibreOffice.

Run ``python -m fuzz.readings --count 200000`` (docs/inside/hostile.md says more). A small workbook is spelt in other ways
(:mod:`fuzz.spellings`); each package that the guard admits is read by our reader and by openpyxl. Where these differ, and
for some of those where they do not, LibreOffice says what it shows. A difference that counts is a cell that we take for a
number and LibreOffice does not show as that number, or the other way round, or another text.
"""

from __future__ import annotations

import argparse
import io
import math
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

import openpyxl

from fuzz.spellings import Members, respell
from tests.hostile import makers
from xlcheck.guard.admit import admit
from xlcheck.guard.parts import sheets_of
from xlcheck.model.cells import cell_name
from xlcheck.model.errors import Refused
from xlcheck.reading.odd import odd_cells
from xlcheck.reading.sheets import Sheets

Reading = Mapping[str, object]
"""What stands in the cells of a workbook, by ``甲!B2``; blank ones are missing."""

_ASKED = 2
"""So many packages with the same changes that are read the same, by us and by openpyxl, are put to LibreOffice."""
_TITLES = ("甲", "乙")


class Difference(NamedTuple):
    """A package that is not read the same."""

    seed: int
    changes: tuple[str, ...]
    ours: Reading
    theirs: Reading
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
    members = small()
    changes = respell(members, Random(seed))
    return makers.pack(members, 0), changes


def ours(data: bytes) -> Reading | None:
    """What we read; None for what is refused."""
    try:
        package = admit(data)
        sheets = Sheets(package.safe or data)
        found: dict[str, object] = {}
        for name in sheets.names:
            odd = odd_cells(package, name, data)
            for r, row in enumerate(sheets.rows(name)):
                for c, value in enumerate(row):
                    if value != "":
                        found[f"{name}!{cell_name((r, c))}"] = value
            found |= {f"{name}!{cell_name(cell)}": f"#{value.kind}" for cell, value in odd.items()}
        assert [title for title, _ in sheets_of(package.parts)] == list(sheets.names), data
        return found
    except Refused:
        return None


def openpyxls(data: bytes) -> Reading | str:
    """What openpyxl reads, or what it says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # it raises many things at a damaged file
        return f"{type(error).__name__}"
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and cell.value != ""
    }


def agrees(mine: object, theirs: object) -> bool:
    """Whether what we take a cell for is what another program shows, blanks in a text aside.

    What we take for no number and no text (an error value, a date, TRUE, infinity) is an error wherever a number belongs,
    and so are a text or nothing there: such a cell never passes, whatever others show.
    """
    if isinstance(mine, bool) or not isinstance(mine, int | float | str) or mine == "":
        return True
    if isinstance(mine, str):
        return (
            isinstance(theirs, int | float)
            or mine.startswith("#")
            or "".join(mine.split()) == "".join(str(theirs).split())
        )
    if not math.isfinite(mine):
        return True
    return isinstance(theirs, int | float) and not isinstance(theirs, bool) and float(mine) == float(theirs)


def _bare(text: str) -> str:
    return "".join(text.replace("\ufeff", "").split())


def apart(mine: Reading, theirs: Reading) -> list[str]:
    """The cells that could pass with what another program does not show."""
    return [cell for cell, value in mine.items() if not agrees(value, theirs.get(cell, ""))]


def run(start: int, count: int, told: Callable[[Difference], None], sample: int = 0) -> Counter[str]:
    """Put packages through; `told` gets those that differ, and one of `sample` that do not."""
    counts: Counter[str] = Counter()
    for seed in range(start, start + count):
        data, changes = spelt(seed)
        counts["made"] += 1
        mine = ours(data)
        if mine is None:
            counts["refused"] += 1
            continue
        counts["admitted"] += 1
        theirs = openpyxls(data)
        if isinstance(theirs, str):
            counts["openpyxl cannot load"] += 1
        different = isinstance(theirs, str) or bool(apart(mine, theirs))
        counts["differ from openpyxl"] += different
        if different or (sample and seed % sample == 0):
            told(Difference(seed, tuple(changes), mine, {} if isinstance(theirs, str) else theirs, data))
    return counts


def main() -> None:
    """Fuzz with LibreOffice as the referee."""
    from tests.office.driver import running

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--sample", type=int, default=20, help="of so many packages that do not differ, ask about one")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    with running() as office, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"

        asked: Counter[int] = Counter()

        def referee(found: Difference) -> None:
            alike = hash((found.changes, *(str(sorted(one.items())) for one in (found.ours, found.theirs))))
            asked[alike] += 1
            if asked[alike] > _ASKED:
                counts["like some that LibreOffice was asked about"] += 1
                return
            path.write_bytes(found.data)
            counts["asked LibreOffice"] += 1
            try:
                with office.open(path) as document:
                    shown = {cell: value for cell, value in document.contents().items() if value != ""}
            except RuntimeError:
                counts["LibreOffice cannot open"] += 1
                return
            cells = apart(found.ours, shown)
            if cells:
                counts["differ from LibreOffice"] += 1
                print(
                    found.seed,
                    found.changes,
                    [(cell, found.ours.get(cell), shown.get(cell)) for cell in cells[:3]],
                    flush=True,
                )

        for start in range(given.start, given.start + given.count, 5_000):
            size = min(5_000, given.start + given.count - start)
            counts += run(start, size, referee, given.sample)
            print(dict(counts), flush=True)


if __name__ == "__main__":
    main()
