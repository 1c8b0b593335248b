"""Error values in an .xls, which calamine gives as empty texts."""

from __future__ import annotations

from struct import unpack_from

from xlcheck.guard.biff_spared import set_right
from xlcheck.guard.biff_texts import codec_of, title_of
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.ole import compound
from xlcheck.guard.records import BOF, BOOLERR, BOUNDSHEET, EOF, FORMULA, records
from xlcheck.model.submission import NoValue, OddCells

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # [MS-XLS] 2.5.10  # fmt: skip


def odd_cells_of_xls(data: bytes, sheet: str) -> OddCells:
    """BOOLERR records and formulas whose value is an error ([MS-XLS] 2.4.24 and 2.5.133).

    An .xls formula always has a value.
    """
    stream = set_right(compound(data, LIMITS).workbook)
    codec = codec_of(stream)
    found: OddCells = {}
    place = -1
    depth = start = 0
    for kind, at, length in records(stream):
        if kind == BOF:
            start = at - 4 if depth == 0 else start
            depth += 1
        elif kind == EOF:
            depth -= 1
        elif kind == BOUNDSHEET and title_of(stream[at : at + length], codec) == sheet:
            place = unpack_from("<L", stream, at)[0]
        elif start == place and depth == 1:
            code = _error_code(stream, kind, at)
            if code is not None:
                row, column = unpack_from("<2H", stream, at)
                found[row, column] = NoValue("error", _ERRORS.get(code, "#N/A"))
    return found


def _error_code(stream: bytes, kind: int, at: int) -> int | None:
    if kind == BOOLERR and stream[at + 7]:
        return stream[at + 6]
    if kind == FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
        return stream[at + 8]
    return None
