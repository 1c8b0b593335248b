"""The OLE2 container of .xls and WPS .et files ([MS-CFB]), read strictly.

calamine 0.37 follows sector numbers and lengths as they come: a loop or a large number makes it take all memory. It
also opens a VBA project, whose compression can unfold 2,000-fold. So the workbook's stream is taken out here, and
:func:`wrap` puts it into a container of its own for calamine.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct, pack, unpack_from

from xlcheck.guard.limits import Limits
from xlcheck.model.errors import Refused, damaged, too_much

_SECTOR = 512
_MINI = 64
_CUTOFF = 4_096  # [MS-CFB] 2.2: shorter streams lie in the mini stream
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_ENTRY = Struct("<64sHBBLLL16sLQQLQ")  # [MS-CFB] 2.6.1
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_OTHERS = {"WordDocument": "Word 文档", "PowerPoint Document": "演示文稿", "VisioDocument": "Visio 绘图"}
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the directory."""

    name: str
    kind: int
    start: int
    size: int


def workbook_stream(data: bytes, limits: Limits) -> tuple[bytes, bool]:
    """The workbook's stream, and whether the file holds a VBA project.

    Raises:
        Refused: F101 damaged, F102 encrypted, F103 another kind of document, F104 beyond the limits.
    """
    file = _File(data)
    names = [entry.name for entry in file.entries]
    if len(names) > limits.members:
        raise too_much(f"文件内有 {len(names):,} 个成员")
    if "EncryptedPackage" in names or "EncryptionInfo" in names:  # [MS-OFFCRYPTO] 2.3
        raise Refused("F102", "文件已加密，请取消打开密码后重新保存")
    found = [entry for entry in file.entries if entry.name.lower() in ("workbook", "book") and entry.kind == _STREAM]
    # A file for two generations of Excel holds both; what is read is the newer one.
    newer = [entry for entry in found if entry.name == "Workbook"] or [entry for entry in found if entry.name == "Book"]
    if not newer:
        what = next((f"这是{what}，" for name, what in _OTHERS.items() if name in names), "")
        raise Refused("F103", f"{what}不是报表工作簿，请用 Excel 或 WPS 另存为 .xlsx 后报送")
    if len(newer) > 1:
        raise damaged("工作簿部分有重复")
    return file.read(newer[0]), "_VBA_PROJECT_CUR" in names


class _File:
    """An open container: its allocation tables and its directory."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _SECTOR:
            raise damaged("文件头不完整")
        self.data = data
        shift, mini_shift = unpack_from("<2H", data, 30)
        directories, tables, first_directory, _, cutoff, first_mini, minis, first_more, more = unpack_from(
            "<9L", data, 40
        )
        if shift not in (9, 12) or mini_shift != 6 or cutoff != _CUTOFF:
            raise damaged("文件头不合规")
        self.size = 1 << shift
        self.count = (len(data) + self.size - 1) // self.size - 1
        # calamine reserves memory by these.
        if max(directories, tables, minis, more) > self.count:
            raise damaged("文件头不合规")
        self.fat = self._fat(first_more)
        directory = self.chain(first_directory)
        self.entries = [
            entry for at in range(0, len(directory) - 127, 128) if (entry := self._entry(directory, at)) is not None
        ]
        if not self.entries or self.entries[0].kind != _ROOT:
            raise damaged("文件目录不完整")
        self.mini = self.mini_fat = b""
        if first_mini < self.count:
            self.mini_fat = self.chain(first_mini)
            self.mini = self.chain(self.entries[0].start)

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

    def _entry(self, directory: bytes, at: int) -> _Entry | None:
        raw, length, kind, _, _, _, _, _, _, _, _, start, size = _ENTRY.unpack_from(directory, at)
        if kind not in (_STORAGE, _STREAM, _ROOT):
            return None
        name = raw[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        # Version 3 files may hold anything in the upper half ([MS-CFB] 2.6.1).
        return _Entry(name.partition("\0")[0], kind, start, size & 0xFFFFFFFF if self.size == _SECTOR else size)

    def read(self, entry: _Entry) -> bytes:
        """The content of a stream."""
        content = self.chain(entry.start) if entry.size >= _CUTOFF else self._mini_chain(entry.start)
        if len(content) < entry.size:
            raise damaged("文件不完整")
        return content[: entry.size]


def wrap(stream: bytes) -> bytes:
    """A container that holds nothing but this ``Workbook`` stream ([MS-CFB] 2.2 to 2.6, version 3)."""
    stream = stream.ljust(_CUTOFF, b"\0")
    count = -(-len(stream) // _SECTOR)
    tables = 1
    while tables * 128 < count + 1 + tables:
        tables += 1
    more = -(-max(tables - 109, 0) // 127)
    while tables * 128 < count + 1 + tables + more:
        tables += 1
        more = -(-max(tables - 109, 0) // 127)
    first = count + 1  # sectors: the stream, the directory, the tables, where more tables lie
    fat = [*range(1, count), _END, _END, *[_FAT] * tables, *[0xFFFFFFFC] * more]
    fat += [_FREE] * (tables * 128 - len(fat))
    places = [*range(first, first + tables)]
    places += [_FREE] * max(109 - tables, 0)
    header = MAGIC + bytes(16) + pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += pack("<9L", 0, tables, count, 0, _CUTOFF, _END, 0, first + tables if more else _END, more)
    header += pack("<109L", *places[:109])
    rest = places[109:]
    chained = b""
    for number in range(more):
        some = rest[number * 127 : (number + 1) * 127]
        some += [_FREE] * (127 - len(some))
        chained += pack("<128L", *some, first + tables + number + 1 if number + 1 < more else _END)
    directory = _packed("Root Entry", _ROOT, _END, 0, 1) + _packed("Workbook", _STREAM, 0, len(stream), _FREE)
    directory += (bytes(68) + pack("<3L", _FREE, _FREE, _FREE) + bytes(48)) * 2
    return b"".join((header, stream.ljust(count * _SECTOR, b"\0"), directory, pack(f"<{len(fat)}L", *fat), chained))


def _packed(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    raw = name.encode("utf-16-le")
    return _ENTRY.pack(raw, len(raw) + 2, kind, 1, _FREE, _FREE, child, b"", 0, 0, 0, start, size)
