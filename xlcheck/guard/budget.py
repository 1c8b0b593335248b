"""One budget a file: what it may cost altogether, whatever it is made of.

Every parser behind the guard and everything that makes a copy costs time by the tags, records and strings that it
passes, and memory by the bytes that lie beside each other. Limits of single things do not add up to one of the whole, so
each thing is charged here before it is parsed, by the dearest way that it may go.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.markup import is_xml
from xlcheck.guard.memory import Ask, afresh
from xlcheck.model.errors import too_much

_SHEET, _STRINGS, _CONTENT, _OTHER = 1.5, 1.0, 8.0, 3.5
"""Microseconds for a tag, closing ones included: of a worksheet, which is passed up to six times; of the shared strings,
mostly by one expression; of the content of an .ods, which is written anew; of all else, of which trees are made."""
PER_ODD_TAG = 1.6
"""Microseconds for a tag of a worksheet that is spelt otherwise than usual, besides."""
PER_RECORD, PER_VALUE, PER_STRING = 1.4, 3.5, 0.3
"""Microseconds for a record of an .xls, for one that holds a value besides, and for a shared string."""
_BYTE = 1 / 200
"""Microseconds to inflate a byte and to look through it."""
_TEXTS = 4
"""How often the bytes of sheets and strings lie in memory: as they are, for calamine, there, and as Python's texts."""
_COPIES = 4
"""How often a file lies in memory while its copy is written: itself, its packed members, and what is made of them."""
VALUE_ROOM, STRING_ROOM = 400, 60
"""Bytes that calamine takes for a value of an .xls, and for a shared string, beside the text."""
_GRID = 0.7
"""Microseconds for a cell of the dense rectangle that calamine makes of a sheet."""
_SHORTEST_TAG = 4
"""Bytes; no more tags than this allows can stand in a member."""
_LITTLE = 80_000
"""Microseconds, a twentieth of a budget: so much is not told exactly."""
SPARSE, DENSE = 16, 250
"""Bytes for such a cell: where most are empty, and where a few tags may fill all."""


class Budget:
    """What is left of a file's budget."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """A budget of which the file with these bytes has taken the room that it lies in."""
        # Whoever lets in larger files gives them their room.
        larger = max(0, limits.file_bytes - LIMITS.file_bytes)
        self._work, self._room = float(limits.microseconds), limits.room_bytes + (_COPIES + 1) * larger
        self.charge(room=_COPIES * len(data))

    def charge(self, work: float = 0, room: int = 0) -> None:
        """Take microseconds and bytes.

        Raises:
            Refused: F104 there is no more.
        """
        self._work -= work
        self._room -= room
        if self._work < 0:
            raise too_much("文件内容（标记、记录、文字）合计过多")
        if self._room < 0:
            raise too_much("文件及其内容合计过大")

    def charge_grid(self, cells: int, room: int) -> None:
        """Take what dense rectangles of so many cells cost, at `room` bytes each.

        Raises:
            Refused: F104 there is no more.
        """
        self.charge(work=_GRID * cells, room=room * cells)

    def charge_parts(self, parts: Mapping[str, bytes], ask: Ask = afresh) -> None:
        """Take what the members of a package cost; where that is little, tags are not counted. `ask` may know what kinds they are.

        Raises:
            Refused: F104 there is no more.
        """
        kinds = [(data, *ask(_kind, data, name.lower())) for name, data in parts.items()]
        most = sum(tag * len(data) / _SHORTEST_TAG for data, tag, _ in kinds)
        tags = most if most < _LITTLE else sum(tag * data.count(b"<") for data, tag, _ in kinds)
        self.charge(
            tags + _BYTE * sum(len(data) for data, _, _ in kinds), sum(times * len(data) for data, _, times in kinds)
        )


def _kind(data: bytes, name: str) -> tuple[float, int]:
    """What a tag of a member of that name, in small letters, costs, and how often its bytes lie in memory."""
    if name == "content.xml":
        return _CONTENT, _TEXTS
    if b"sheetData" in data:
        return _SHEET, _TEXTS
    if name.endswith("sharedstrings.xml"):
        return _STRINGS, _TEXTS
    return (_OTHER if is_xml(name, data) else 0), 1
