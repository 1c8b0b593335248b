"""The zip container: every member inflated here, once, within limits, trusting no size that a header claims.

Sections cited as APPNOTE are those of PKWARE's APPNOTE.TXT 6.3.10. Parsers differ in how they read a container that is
not as it should be, so whatever two of them could understand differently is refused.
"""

from __future__ import annotations

import re
import zlib
from struct import Struct, error

from xlcheck.guard.limits import Limits
from xlcheck.guard.memory import Ask, afresh
from xlcheck.model.errors import LOCKED, Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

_END = Struct("<4s4H2LH")  # APPNOTE 4.3.16
_END64 = Struct("<4sQ2H2L4Q")  # APPNOTE 4.3.14
_LOCATOR = Struct("<4sLQL")  # APPNOTE 4.3.15
_CENTRAL = Struct("<4s6H3L5H2L")  # APPNOTE 4.3.12
_LOCAL = Struct("<4s5H3L2H")  # APPNOTE 4.3.7
_PAIR = Struct("<2H")
_QUAD = Struct("<Q")

_ENCRYPTED = 0x0001 | 0x0040 | 0x2000  # APPNOTE 4.4.4: bits 0, 6 and 13
_UTF8 = 0x0800
_STORED, _DEFLATED = 0, 8
_ZIP64, _UNICODE_PATH = 0x0001, 0x7075
_FULL = 0xFFFFFFFF
_UNKNOWN = (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, _FULL, _FULL)
"""What the fields of the end record say when the zip64 record says more."""
_BAD_NAMES = re.compile(rb"[:\0\r\t]|^$|(?:^|/)\.{0,2}/|(?:^|/)\.{1,2}$", re.MULTILINE)
"""Names that lead out of the container, or that two systems read differently; one name a line."""
_TRAILING = 65_535
"""Bytes after the container: some mail gateways and filing systems put something there."""


_KEPT = 65_536
"""A larger member is inflated for every file, however small it is packed."""


class Member(NamedTuple):
    """One entry of the central directory."""

    name: str
    """As the standard spells it."""
    raw_name: bytes
    flags: int
    method: int
    stamp: tuple[int, int]
    """When it was written: time and date as MS-DOS has them (APPNOTE 4.4.6)."""
    crc: int
    packed: int
    size: int
    offset: int


class Contents(NamedTuple):
    """What a container holds."""

    parts: dict[str, bytes]
    """Its members by name, each inflated and its CRC checked; directories are left out."""
    unsure: frozenset[str]
    """Names in small letters that stand for several members of unlike content, all of which are left out."""
    respelt: frozenset[str]
    """Names in small letters of what is named otherwise in the container, with a slash in front or backslashes."""


def inflate(data: bytes, limits: Limits, ask: Ask = afresh) -> Contents:
    """What the container holds.

    `ask` may know what packed bytes hold.

    Raises:
        Refused: F101 damaged or ambiguous, F102 an encrypted member, F104 beyond the limits.
    """
    try:
        start, stop, count = _directory(data)
        if count > limits.members:
            raise too_much(f"压缩包内有 {count:,} 个成员")
        members = _members(data, start, stop, count)
        if ask(_leads_out, "\n".join(member.name for member in members).encode("utf-8", "surrogatepass"), len(members)):
            raise damaged("压缩包成员名称不合规")
        if sum(member.size for member in members) > limits.inflated_bytes:
            raise too_much(f"文件展开后超过 {limits.inflated_bytes >> 20} MB")
        return _inflate_all(data, members, start, limits, ask)
    except error:
        raise damaged("压缩包目录不完整") from None


def members(data: bytes) -> list[Member]:
    """The entries of the container's directory, in its order, directories included; nothing is inflated.

    Raises:
        Refused: as :func:`inflate` does, of what the directory shows.
        struct.error: it is cut off.
    """
    return _members(data, *_directory(data))


def packed_content(data: bytes, member: Member) -> bytes:
    """The bytes of a member as they lie in the container."""
    begin = _begin(data, member)
    return data[begin : begin + member.packed]


def _directory(data: bytes) -> tuple[int, int, int]:
    """Where the central directory starts and stops, and how many entries it has (APPNOTE 4.3.16, 4.3.14)."""
    end = data.rfind(b"PK\5\6")
    if end < 0 or end + _END.size > len(data):
        raise damaged("找不到压缩包目录")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, end)
    rest = len(data) - end - _END.size - comment
    if not 0 <= rest <= _TRAILING:
        raise damaged("压缩包末尾有多余内容")
    stop = end
    if end >= _LOCATOR.size and data[end - _LOCATOR.size : end - _LOCATOR.size + 4] == b"PK\6\7":
        _, _, place, disks = _LOCATOR.unpack_from(data, end - _LOCATOR.size)
        if place + _END64.size != end - _LOCATOR.size or disks > 1:
            raise damaged("压缩包目录前后不一致")
        mark, length, _, _, disk64, first64, here64, count64, size64, start64 = _END64.unpack_from(data, place)
        narrow = (disk, first_disk, here, count, size, start)
        wide = (disk64, first64, here64, count64, size64, start64)
        same = all(a in (b, full) for a, b, full in zip(narrow, wide, _UNKNOWN, strict=True))
        if mark != b"PK\6\6" or length != _END64.size - 12 or not same:
            raise damaged("压缩包目录前后不一致")
        stop, (disk, first_disk, here, count, size, start) = place, wide
    if disk or first_disk or here != count:
        raise damaged("分卷压缩包")
    if start + size != stop:
        raise damaged("压缩包目录前后不一致")
    return start, stop, count


def _members(data: bytes, start: int, stop: int, count: int) -> list[Member]:
    """The entries of the central directory (APPNOTE 4.3.12)."""
    members = []
    at = start
    for _ in range(count):
        mark, _, _, flags, method, clock, date, crc, packed, size, *lengths, disk, _, _, offset = _CENTRAL.unpack_from(
            data, at
        )
        name_length, extra_length, comment = lengths
        at += _CENTRAL.size
        if mark != b"PK\1\2" or disk not in (0, 0xFFFF) or at + name_length + extra_length + comment > stop:
            raise damaged("压缩包目录不完整")
        if flags & _ENCRYPTED or method == 99:
            raise Refused("F102", LOCKED)
        if method not in (_STORED, _DEFLATED):
            raise damaged("压缩方式不受支持")
        raw_name = data[at : at + name_length]
        name = _text(raw_name, flags)
        if extra_length:
            extra = data[at + name_length : at + name_length + extra_length]
            packed, size, offset = _extended(extra, name, packed, size, offset)
        at += name_length + extra_length + comment
        members.append(Member(_tidy(name), raw_name, flags, method, (clock, date), crc, packed, size, offset))
    if at != stop:
        raise damaged("压缩包目录前后不一致")
    return members


def _text(raw: bytes, flags: int) -> str:
    """A member's name (APPNOTE appendix D)."""
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        if flags & _UTF8:
            raise damaged("成员名称编码不正确") from None
        return raw.decode("cp437")


def _tidy(name: str) -> str:
    r"""A name as the standard has it: some programs write ``xl\workbook.xml`` or ``/xl/workbook.xml``."""
    return name.replace("\\", "/").removeprefix("./").removeprefix("/") if name[:1] in "./\\" or "\\" in name else name


def _extended(extra: bytes, name: str, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """Packed size, size and offset, taken from the zip64 field where the header says so (APPNOTE 4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = _PAIR.unpack_from(extra, at)
        field = extra[at + 4 : at + 4 + length]
        at += 4 + length
        # Some parsers take this field for the name, some do not (APPNOTE 4.6.9).
        if kind == _UNICODE_PATH and field[5:] != name.encode():
            raise damaged("成员名称前后不一致")
        if kind == _ZIP64:
            values = [_QUAD.unpack_from(field, i)[0] for i in range(0, len(field) - 7, 8)]
            wanted = [value == _FULL for value in (size, packed, offset)]
            if len(values) < sum(wanted):
                raise damaged("压缩包目录不完整")
            taken = iter(values)
            size, packed, offset = (
                next(taken) if want else value for want, value in zip(wanted, (size, packed, offset), strict=True)
            )
    return packed, size, offset


def _leads_out(names: bytes, count: int) -> bool:
    """Whether one of so many names, one a line, leads out of the container; so does one of two lines."""
    return names.count(b"\n") >= max(count, 1) or (count > 0 and _BAD_NAMES.search(names) is not None)


def _inflate_all(data: bytes, members: list[Member], start: int, limits: Limits, ask: Ask) -> Contents:
    """Every member inflated, in the order in which they lie in the file."""
    parts: dict[str, bytes] = {}
    spelt: dict[str, str] = {}
    unsure: set[str] = set()
    at = total = packed = 0
    for member in sorted(members, key=_offset):
        name, _, _, method, _, crc, length, size, offset = member
        if offset < at or (at == 0 and offset):
            raise damaged("压缩包成员互相重叠")
        begin = _begin(data, member)
        at = begin + length
        if at > start:
            raise damaged("压缩包不完整")
        most = limits.inflated_bytes - total
        if size > most or size > limits.member_bytes:
            raise too_much(f"文件展开后超过 {min(most, limits.member_bytes) >> 20} MB")
        content = (ask if size <= _KEPT else afresh)(_inflate, data[begin:at], method, size, crc)
        total += size
        packed += length
        if total > limits.ratio_from and total > limits.ratio * packed:
            raise too_much(f"文件展开后是原来的 {total // max(packed, 1):,} 倍")
        if not name.endswith("/"):
            # Names that differ in case are the same (ECMA-376 part 2, 6.3.5).
            lower = name.lower()
            if parts.setdefault(spelt.setdefault(lower, name), content) != content:
                unsure.add(lower)
        elif content:
            raise damaged("压缩包成员名称不合规")
    for name in unsure:
        del parts[spelt[name]]
    respelt = (member.name.lower() for member in members if member.raw_name[:1] in b"./" or b"\\" in member.raw_name)
    return Contents(parts, frozenset(unsure), frozenset(respelt))


def _offset(member: Member) -> int:
    return member.offset


def _begin(data: bytes, member: Member) -> int:
    """Where the member's bytes begin; its local header must say what the directory says (APPNOTE 4.3.7)."""
    mark, _, flags, method, _, _, _, _, _, name_length, extra_length = _LOCAL.unpack_from(data, member.offset)
    name = member.offset + _LOCAL.size
    if mark != b"PK\3\4" or method != member.method or data[name : name + name_length] != member.raw_name:
        raise damaged("压缩包成员与目录不一致")
    if flags & _ENCRYPTED:
        raise Refused("F102", LOCKED)
    return int(name + name_length + extra_length)


def _inflate(packed: bytes, method: int, size: int, crc: int) -> bytes:
    """The content of a member; one byte more than its size is ever made."""
    if method == _STORED:
        content = packed
    else:
        stream = zlib.decompressobj(-15)
        try:
            content = stream.decompress(packed, size + 1)
        except zlib.error:
            raise damaged("压缩数据有错") from None
        # At exactly its size the stream may still hold its end mark.
        if not stream.eof and len(content) == size:
            content += stream.decompress(stream.unconsumed_tail, 1)
        # Some programs write no stream at all for a member without content.
        if (packed and not stream.eof) or stream.unused_data:
            raise damaged("压缩数据有错")
    if len(content) != size or zlib.crc32(content) != crc:
        raise damaged("校验和不符")
    return content
