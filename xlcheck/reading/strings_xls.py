"""The shared strings of an .xls of which parts are raised, lowered or struck through ([MS-XLS] 2.4.265 and 2.5.293)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import unpack, unpack_from

from xlcheck.guard.records import CONTINUE
from xlcheck.reading.written import Runs

STRUCK = 0x0008
"""Of a font's flags: struck through."""
_PLACES = {1: "super", 2: "sub"}


def font_how(data: bytes) -> str:
    """What a font does to a text ([MS-XLS] 2.4.122): ``super``, ``sub``, ``strike`` or nothing."""
    if len(data) < 10:
        return ""
    flags, place = unpack_from("<H", data, 2)[0], unpack_from("<H", data, 8)[0]
    return _PLACES.get(place, "strike" if flags & STRUCK else "")


def seen_strings(stream: bytes, at: int, length: int, fonts: Sequence[str]) -> Mapping[int, str]:
    """What is seen of the strings of a table with such runs, by their numbers.

    Args:
        stream: the workbook's records.
        at: where the data of the table's record begin.
        length: how long they are.
        fonts: what each font does to a text, in their order.
    """
    if not any(fonts):
        return {}
    reader = _Reader(_pieces(stream, at, length))
    total = unpack("<2L", reader.take(8))[1]
    found: dict[int, str] = {}
    for number in range(total):
        if not reader.left():
            break
        runs = reader.string(fonts)
        if runs.seen:
            found[number] = runs.seen
    return found


def _pieces(stream: bytes, at: int, length: int) -> list[bytes]:
    pieces = [stream[at : at + length]]
    at += length
    while at + 4 <= len(stream):
        kind, length = unpack_from("<2H", stream, at)
        if kind != CONTINUE:
            break
        pieces.append(stream[at + 4 : at + 4 + length])
        at += 4 + length
    return pieces


class _Reader:
    """Reads strings that go on in CONTINUE records."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    def left(self) -> bool:
        """Whether there is more, going on to the next record where one ends."""
        while self._at >= len(self._pieces[self._piece]):
            if self._piece + 1 >= len(self._pieces):
                return False
            self._piece, self._at = self._piece + 1, 0
        return True

    def take(self, size: int) -> bytes:
        """So many bytes, or what is left; they may go on in the next record."""
        found = b""
        while len(found) < size and self.left():
            taken = self._pieces[self._piece][self._at : self._at + size - len(found)]
            self._at += len(taken)
            found += taken
        return found.ljust(size, b"\0")

    def string(self, fonts: Sequence[str]) -> Runs:
        """The next string, run by run."""
        count, flags = unpack("<HB", self.take(3))
        changes = unpack("<H", self.take(2))[0] if flags & 8 else 0
        more = unpack("<L", self.take(4))[0] if flags & 4 else 0
        text = self._characters(count, flags & 1)
        marks = [unpack("<2H", self.take(4)) for _ in range(changes)]
        self.take(min(more, sum(map(len, self._pieces))))
        runs, begin, how = Runs(), 0, ""
        for start, font in [*marks, (count, 0)]:
            if start > begin:
                runs.add(text[begin:start], how)
            # There is no font 4: those behind it are numbered one higher.
            number = font - (font > 4)
            begin, how = max(begin, start), fonts[number] if number < len(fonts) else ""
        return runs

    def _characters(self, count: int, wide: int) -> str:
        """A text that goes on in the next record says there anew whether it is wide."""
        text = ""
        while count and self.left():
            taken = min(count, (len(self._pieces[self._piece]) - self._at) >> wide)
            raw = self._pieces[self._piece][self._at : self._at + (taken << wide)]
            text += raw.decode("utf-16-le", "replace") if wide else raw.decode("latin-1")
            self._at += taken << wide
            count -= taken
            if count:
                self._at = len(self._pieces[self._piece])
                if not self.left():
                    break
                wide = self._pieces[self._piece][self._at] & 1
                self._at += 1
        return text.ljust(count + len(text))
