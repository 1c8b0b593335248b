"""The OLE2 container of .xls and WPS .et files ([MS-CFB]), read strictly.

calamine 0.37 follows sector numbers and lengths as they come: a loop or a large number makes it take all memory. It
also opens a VBA project, whose compression can unfold 2,000-fold. So the workbook's stream is taken out here, and
:func:`wrap` puts it into a container of its own for calamine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import Struct, pack, unpack_from

from xlcheck.guard.kinds import no_book
from xlcheck.guard.limits import Limits
from xlcheck.model.errors import LOCKED, Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

_SECTOR = 512
_MINI = 64
CUTOFF = 4_096  # [MS-CFB] 2.2: shorter streams lie in the mini stream
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_ENTRY = Struct("<64sHBBLLL16sLQQLQ")  # [MS-CFB] 2.6.1
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RIGHTS = "文件受权限管理（IRM）保护，请取消“限制访问”后重新保存"
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the directory."""

    name: str
    """In small letters: names that differ in case are the same ([MS-CFB] 2.6.4)."""
    kind: int
    left: int
    right: int
    """The entries beside it in its storage, which are a tree of their own."""
    child: int
    """The first of that tree, of a storage."""
    start: int
    size: int


class Compound(NamedTuple):
    """What a container of this kind holds that is of use."""

    workbook: bytes
    """The workbook's stream; empty where the file is a package that somebody locked."""
    macros: bool
    """Whether there is a VBA project."""
    locked: tuple[bytes, bytes] | None
    """Of such a package how it is locked, and what is locked ([MS-OFFCRYPTO] 2.3.4)."""


def compound(data: bytes, limits: Limits) -> Compound:
    """What the container holds; only streams of the root are the file's own, all others are embedded objects'.

    Raises:
        Refused: F101 damaged, F102 encrypted, F103 another kind of document, F104 beyond the limits.
    """
    file = _File(data)
    if len(file.entries) > limits.members:
        raise too_much(f"文件内有 {len(file.entries):,} 个成员")
    entries = file.top()
    if "encryptedpackage" in entries:
        return Compound(b"", False, _locked(file, entries))
    # A file for two generations of Excel holds both; what is read is the newer one.
    found = entries.get("workbook") or entries.get("book")
    if found is None or found.kind != _STREAM:
        raise no_book(entries)
    return Compound(file.read(found), "_vba_project_cur" in entries, None)


def _locked(file: _File, entries: dict[str, _Entry]) -> tuple[bytes, bytes]:
    if "encryptioninfo" not in entries:
        raise Refused("F102", _RIGHTS if "\6dataspaces" in entries else LOCKED)
    try:
        return file.read(entries["encryptioninfo"]), file.read(entries["encryptedpackage"])
    except Refused:  # whatever else is wrong with it
        raise Refused("F102", LOCKED) from None


class _File:
    """An open container: its allocation tables and its directory."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _SECTOR:
            raise damaged("文件头不完整")
        self.data = data
        shift, mini_shift = unpack_from("<2H", data, 30)
        _, _, first_directory, _, cutoff, first_mini, _, first_more, _ = unpack_from("<9L", data, 40)
        if shift not in (9, 12) or mini_shift != 6 or cutoff != CUTOFF:
            raise damaged("文件头不合规")
        self.size = 1 << shift
        self.count = (len(data) + self.size - 1) // self.size - 1
        self.fat = self._fat(first_more)
        directory = self.chain(first_directory)
        self.entries = [self._entry(directory, at) for at in range(0, len(directory) - 127, 128)]
        if not self.entries or self.entries[0].kind != _ROOT:
            raise damaged("文件目录不完整")
        self.mini = self.mini_fat = b""
        if first_mini < self.count:
            self.mini_fat = self.chain(first_mini)
            self.mini = self.chain(self.entries[0].start)

    def top(self) -> dict[str, _Entry]:
        """The entries of the root by name: its child and all that lie beside it ([MS-CFB] 2.6.4).

        Raises:
            Refused: F101 two entries of one name, or an entry is reached twice.
        """
        found: dict[str, _Entry] = {}
        seen: set[int] = set()
        ahead = [self.entries[0].child]
        while ahead:
            number = ahead.pop()
            if number >= len(self.entries):
                continue
            if number in seen:
                raise damaged("文件目录成环")
            seen.add(number)
            entry = self.entries[number]
            ahead += [entry.left, entry.right]
            if entry.kind in (_STORAGE, _STREAM) and found.setdefault(entry.name, entry) is not entry:
                raise damaged("文件目录有重复")
        return found

    def _sector(self, number: int) -> bytes:
        if number >= self.count:
            raise damaged("扇区超出文件")
        at = (number + 1) * self.size
        return self.data[at : at + self.size]

    def _fat(self, more: int) -> tuple[int, ...]:
        """The allocation table ([MS-CFB] 2.3); where its sectors lie, the header and a chain say (2.5)."""
        places = list(unpack_from("<109L", self.data, 76))
        seen = set()
        while more < self.count:
            if more in seen:
                raise damaged("扇区链成环")
            seen.add(more)
            *some, more = self._numbers(self._sector(more))
            places += some
        used = [place for place in places if place < self.count]
        if len(set(used)) != len(used):
            raise damaged("扇区表有重复")
        table = [number for place in used for number in self._numbers(self._sector(place))]
        return tuple(table)

    @staticmethod
    def _numbers(sector: bytes) -> tuple[int, ...]:
        return tuple(unpack_from(f"<{len(sector) // 4}L", sector))

    def chain(self, start: int) -> bytes:
        """The sectors from `start` on."""
        sectors: list[bytes] = []
        while start != _END:
            if start >= len(self.fat) or len(sectors) > self.count:
                raise damaged("扇区链成环或越界")
            sectors.append(self._sector(start))
            start = self.fat[start]
        return b"".join(sectors)

    def _mini_chain(self, start: int) -> bytes:
        table = self._numbers(self.mini_fat)
        pieces: list[bytes] = []
        while start != _END:
            if start >= len(table) or len(pieces) > len(table):
                raise damaged("扇区链成环或越界")
            pieces.append(self.mini[start * _MINI : (start + 1) * _MINI])
            start = table[start]
        return b"".join(pieces)

    def _entry(self, directory: bytes, at: int) -> _Entry:
        raw, length, kind, _, left, right, child, _, _, _, _, start, size = _ENTRY.unpack_from(directory, at)
        name = raw[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").partition("\0")[0].lower()
        # Version 3 files may hold anything in the upper half ([MS-CFB] 2.6.1).
        size = size & 0xFFFFFFFF if self.size == _SECTOR else size
        return _Entry(name, kind, left, right, child, start, size)

    def read(self, entry: _Entry) -> bytes:
        """The content of a stream."""
        content = self.chain(entry.start) if entry.size >= CUTOFF else self._mini_chain(entry.start)
        if len(content) < entry.size:
            raise damaged("文件不完整")
        return content[: entry.size]


def wrap(streams: Mapping[str, bytes]) -> bytes:
    """A container that holds nothing but these streams ([MS-CFB] 2.2 to 2.6, version 3), filled up to `CUTOFF` bytes.

    Their names go from the shortest to the longest.
    """
    padded = {name: content.ljust(CUTOFF, b"\0") for name, content in streams.items()}
    starts, fat = [0], list[int]()
    for content in padded.values():
        count = -(-len(content) // _SECTOR)
        fat += [*range(starts[-1] + 1, starts[-1] + count), _END]
        starts.append(starts[-1] + count)
    count = starts[-1]
    tables = 1
    while tables * 128 < count + 1 + tables:
        tables += 1
    more = -(-max(tables - 109, 0) // 127)
    while tables * 128 < count + 1 + tables + more:
        tables += 1
        more = -(-max(tables - 109, 0) // 127)
    first = count + 1  # sectors: the streams, the directory, the tables, where more tables lie
    fat += [_END, *[_FAT] * tables, *[0xFFFFFFFC] * more]
    fat += [_FREE] * (tables * 128 - len(fat))
    header = MAGIC + bytes(16) + pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += pack("<9L", 0, tables, count, 0, CUTOFF, _END, 0, first + tables if more else _END, more)
    places = [*range(first, first + tables)]
    header += pack("<109L", *places[:109], *[_FREE] * max(109 - tables, 0))
    pieces = [header]
    for content in padded.values():
        pieces += content, bytes(-len(content) % _SECTOR)
    pieces += _directory(padded, starts), pack(f"<{len(fat)}L", *fat), _more_tables(places[109:], first + tables)
    return b"".join(pieces)


def _more_tables(places: Sequence[int], first: int) -> bytes:
    """Where the tables lie that the header has no room for ([MS-CFB] 2.5); `first` is where this itself lies."""
    chained = b""
    for begin in range(0, len(places), 127):
        some = [*places[begin : begin + 127]]
        following = first + begin // 127 + 1 if begin + 127 < len(places) else _END
        chained += pack("<128L", *some, *[_FREE] * (127 - len(some)), following)
    return chained


def _directory(streams: Mapping[str, bytes], starts: Sequence[int]) -> bytes:
    """The directory ([MS-CFB] 2.6): each stream is the one to the right of that before it."""
    directory = _packed("Root Entry", _ROOT, _END, 0, 1, _FREE)
    for number, (name, content) in enumerate(streams.items(), start=1):
        right = number + 1 if number < len(streams) else _FREE
        directory += _packed(name, _STREAM, starts[number - 1], len(content), _FREE, right)
    empty = bytes(68) + pack("<3L", _FREE, _FREE, _FREE) + bytes(48)
    return directory + empty * (3 - len(streams))


def _packed(name: str, kind: int, start: int, size: int, child: int, right: int) -> bytes:
    raw = name.encode("utf-16-le")
    return _ENTRY.pack(raw, len(raw) + 2, kind, 1, _FREE, right, child, b"", 0, 0, 0, start, size)
