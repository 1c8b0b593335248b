"""Files packed into one zip (压缩包), as offices hand them on: each is taken out within limits, under the name it was packed with.

Sections cited as APPNOTE are those of PKWARE's APPNOTE.TXT 6.3.10. Whatever is taken out goes through the door by itself, so
nothing depends on how another program would read the container.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from struct import Struct

from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.model.errors import Refused, too_much
from xlcheck.model.numbers import MIB
from xlcheck.model.text import entered
from xlcheck.model.tuples import NamedTuple

_END = Struct("<4s4H2LH")  # APPNOTE 4.3.16
_ENTRY = 2_048
"""Bytes of the directory that one entry may take, its name and all."""
_TOGETHER = 300 * MIB
"""Bytes that all files of one zip may have."""
_FIELD = Struct("<2H")
_UNICODE_PATH = 0x7075
_UTF8, _ENCRYPTED = 0x0800, 0x2041
_WORKBOOK = frozenset({"[content_types].xml", "mimetype", "index.zip", "ofd.xml"})
"""Members that a document has which is a zip itself: of Office, of LibreOffice, of Apple, and an OFD."""
_JUNK = frozenset({"thumbs.db", "desktop.ini"})
_ARCHIVES = (".zip", ".rar", ".7z")


class BundledFile(NamedTuple):
    """A file of a zip."""

    name: str
    """With the folders that it lies in."""
    data: bytes
    trouble: str = ""
    """Why it was not taken out, in a clerk's words; then there are no bytes."""


def is_bundle(data: bytes) -> bool:
    """Whether these bytes are files packed into a zip, and no document that is one itself."""
    if not data.startswith((b"PK\3\4", b"PK\5\6")) or not _is_small(data, LIMITS):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = {name.lower().replace("\\", "/") for name in box.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return not names & _WORKBOOK and not any(name.startswith("xl/") or name.endswith(".iwa") for name in names)


def bundled_files(data: bytes, limits: Limits = LIMITS) -> Iterator[BundledFile]:
    """The files of a zip, the one that was written first first; what systems put beside them is left out.

    Raises:
        Refused: F101 damaged, F104 beyond the limits; what came until then is good.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            together = packed = 0
            for info in sorted(box.infolist(), key=lambda info: info.date_time):
                name = _name(info)
                if info.is_dir() or name.endswith("/") or _is_junk(name):
                    continue
                one = _taken(box, info, name, limits)
                yield one
                together, packed = together + len(one.data), packed + info.compress_size
                if together > _TOGETHER:
                    raise too_much(f"压缩包里的文件共超过 {_TOGETHER >> 20} MB")
                if together > limits.ratio_from and together > limits.ratio * packed:
                    raise too_much(f"压缩包展开后是原来的 {together // max(packed, 1):,} 倍")
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Refused("F101", "压缩包已损坏，请重新压缩") from error


def _is_small(data: bytes, limits: Limits) -> bool:
    """Whether the directory is one that can be read at once."""
    end = data.rfind(b"PK\5\6")
    if end < 0 or end + _END.size > len(data):
        return False
    *_, count, size, _, _ = _END.unpack_from(data, end)
    return bool(count <= limits.members and size <= limits.members * _ENTRY)


def _taken(box: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limits: Limits) -> BundledFile:
    if info.flag_bits & _ENCRYPTED:
        return BundledFile(name, b"", "压缩包加了密码，请解压后再交")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return BundledFile(name, b"", "压缩方式不常用，请解压后再交，或重新压缩成普通的 .zip")
    if name.lower().endswith(_ARCHIVES):
        return BundledFile(name, b"", "是压缩包里的压缩包，没有打开，请解压后再交")
    try:
        with box.open(info) as file:
            content = file.read(limits.file_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError):
        return BundledFile(name, b"", "在压缩包里已损坏，请对方重新发送")
    if len(content) > limits.file_bytes:
        return BundledFile(name, b"", f"超过 {limits.file_bytes >> 20} MB")
    return BundledFile(name, content)


def _is_junk(name: str) -> bool:
    """Whether a system or a program put a file beside what somebody packed."""
    folder, _, last = name.rpartition("/")
    return folder.startswith("__MACOSX") or last.startswith((".", "~$")) or last.lower() in _JUNK


def _name(info: zipfile.ZipInfo) -> str:
    """The name that a file was packed with; programs on Chinese systems write it in GBK and say nothing of it (APPNOTE, appendix D)."""
    if info.flag_bits & _UTF8:
        name = info.orig_filename
    else:
        raw = info.orig_filename.encode("cp437", "replace")
        name = _spelt(info.extra, raw) or _decoded(raw)
    return "/".join(filter(None, (entered(part).strip() for part in name.replace("\\", "/").split("/")))) + (
        "/" if name.endswith(("/", "\\")) else ""
    )


def _spelt(extra: bytes, raw: bytes) -> str:
    """The name in UTF-8 that some programs put beside the other one (APPNOTE 4.6.9); empty where there is none that holds."""
    at = 0
    while at + _FIELD.size <= len(extra):
        kind, length = _FIELD.unpack_from(extra, at)
        field = extra[at + _FIELD.size : at + _FIELD.size + length]
        at += _FIELD.size + length
        if kind == _UNICODE_PATH and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return field[5:].decode("utf-8", "replace")
    return ""


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")
