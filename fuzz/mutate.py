"""Changes to a workbook that leave its container whole, so that they get past check sums and compression.

A byte changed anywhere in a zip is a wrong check sum and nothing else. So the container is opened, one thing inside is
changed (a tag, a value, a relationship, a record), and the container is made anew.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random
from struct import pack_into, unpack_from

from xlcheck.guard.limits import LIMITS
from xlcheck.guard.ole import MAGIC, compound, wrap
from xlcheck.guard.records import BOF, BOUNDSHEET, EOF, records
from xlcheck.model.errors import Refused

Change = Callable[[bytes, int], bytes]
"""A blind change of some bytes, to so many at the most: the fuzzer's own."""

_PACKED = 20_000
_MOST_MEMBER = 1 << 20
"""Larger members are not unpacked: a bomb would slow everything down."""

_TAG = re.compile(rb"<[^<>]{1,400}>")
_VALUE = re.compile(rb'="([^"<>]{0,80})"')
_TEXT = re.compile(rb">([^<>]{1,200})<")

_NUMBERS = (
    "0", "-0", "1", "-1", "+1", "00", "01", "2.5", "1e3", "1e308", "1e999", "-1e-320", "NaN", "inf", "-inf", "0x10", "1_0",
    "255", "256", "65535", "65536", "2147483647", "-2147483648", "4294967295", "4294967296", "9007199254740993",
    "18446744073709551616", "99999999999999999999999999", "1,5", " 1 ", "１２", "٣", "", "true", "1.7976931348623157e308",
    "2958465", "2958466", "-693594", "1e17", "0.1234567",
)  # fmt: skip
_PLACES = (
    "A1", "a1", "B4", "$A$1", "A0", "A", "1", "XFD1", "XFD1048576", "XFE1", "AAAA1", "A1048576", "A1048577", "A16385", "SS1",
    "A1:B2", "A1:XFD1048576", "B2:A1", "A:A", "1:1", "A1 B2", "&#65;1", "A&#x31;",
)  # fmt: skip
_WORDS = (
    "s", "str", "inlineStr", "n", "b", "e", "d", "x", "shared", "array", "dataTable", "External", "float", "percentage",
    "date", "time", "string", "boolean", "currency", "void", "yyyy-mm-dd", "[h]:mm:ss", "[Red]0;;;@", "2025-02-30",
    "2025-01-01T00:00:00", "PT24H00M00S", "P1Y", "rId1", "rId99", "../../x", "/xl/workbook.xml", "xl/worksheets/sheet1.xml",
    "worksheets/sheet1.xml", "=1+1", "#N/A", "_x000D_", "_xD800_", "\u202e甲", "&amp;", "&#10;", "&#xFFFF;", "封面", "主动公开",
    "x" * 300, "visible", "veryHidden", "1904", "utf-8", "gbk", "preserve",
)  # fmt: skip
_SNIPPETS = (
    '<c r="B4" t="d"><v>2025-01-01</v></c>', '<c t="s"><v>0</v></c>', '<c r="C4" t="inlineStr"><is><t>5</t></is></c>',
    '<c r="B4" t="e"><v>#REF!</v></c>', '<f t="shared" ref="A1:B9" si="0">A1</f>', '<f t="shared" si="7"/>', "<row/>",
    '<row r="1048576"/>', "<v>1</v>", "<is><r><t>a</t></r><rPh><t>b</t></rPh></is>", "<!-- -->", "<?x y?>", "<![CDATA[1]]>",
    '<mergeCell ref="A1:C3"/>', '<si><t xml:space="preserve"> </t></si>', "<si/>", '<xf numFmtId="14"/>', "<a/>", "</row>",
    '<numFmt numFmtId="14" formatCode="[$-804]yyyy"/>', '<sheet name="a" sheetId="9" r:id="rId1"/>', "</sheetData>",
    '<workbookPr date1904="1"/>', '<dimension ref="A1:XFD1048576"/>', "<sheetData>", "</c>", "<c>", "</is>",
    '<table:table-cell table:number-columns-repeated="400"/>', "<table:covered-table-cell/>", '<text:s text:c="9"/>',
    '<table:table-row table:number-rows-repeated="1000"/>', "<text:p>5</text:p>", '<office:annotation/>',
    '<table:table-cell office:value-type="date" office:date-value="2025-01-01"/>', "<text:tab/><text:line-break/>",
    '<table:table-cell office:value-type="time" office:time-value="PT1H"/>', "<table:table-header-rows>",
    '<table:table-cell office:value-type="float" office:value="1e999"/>', "<table:shapes/>", '<table:table table:name="a"/>',
)  # fmt: skip


def mutate(data: bytes, most: int, seed: int, change: Change) -> bytes:
    """`data` with one change or a few, at most `most` bytes long; the same for the same arguments."""
    random = Random(seed)
    if random.random() < 0.95:
        made = _inside(data, random, change)
        if made is not None and len(made) <= most:
            return made
    return change(data, most)


def cross(one: bytes, other: bytes, most: int, seed: int) -> bytes:
    """`one` with a member of `other`, or as it is."""
    random = Random(seed)
    ours, theirs = _members(one), _members(other)
    shared = [name for name in ours or () if name in (theirs or ())]
    if not ours or not theirs or not shared:
        return one
    name = random.choice(shared)
    made = _pack({**ours, name: theirs[name]})
    return made if len(made) <= most else one


def _inside(data: bytes, random: Random, change: Change) -> bytes | None:
    """The container with something in it changed; None where it cannot be opened."""
    if data.startswith(MAGIC):
        try:
            stream = compound(data, LIMITS).workbook
            return wrap({"Workbook": _changed_records(stream, random, change)})
        except (Refused, ValueError, IndexError, OSError):
            return None
    members = _members(data)
    if not members:
        return None
    for _ in range(random.choice((1, 1, 2, 3))):
        _change_member(members, random, change)
    return _pack(members)


# --- zip -------------------------------------------------------------------------------------------------------------


def _members(data: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > 200 or sum(info.file_size for info in infos) > _MOST_MEMBER:
                return None
            return {info.filename: archive.read(info) for info in infos}
    except Exception:  # zipfile raises many things at a damaged file
        return None


def _pack(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    # Small ones are quicker as they are.
    is_small = sum(map(len, members.values())) < _PACKED
    method = zipfile.ZIP_STORED if is_small else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def _change_member(members: dict[str, bytes], random: Random, change: Change) -> None:
    names = list(members)
    # Sheets are most of what is read; the rest has its turn, too.
    sheets = [name for name in names if "sheet" in name.lower() or name == "content.xml"]
    name = random.choice(sheets if sheets and random.random() < 0.6 else names)
    roll = random.random()
    if roll < 0.01 and len(members) > 1:
        del members[name]
    elif roll < 0.02:
        members[random.choice((name.upper(), f"{name}x", "xl/media/a.png", random.choice(names)))] = members.pop(name)
    elif roll < 0.03:
        members[name] = members[random.choice(names)]
    elif roll < 0.12:
        members[name] = change(members[name], len(members[name]) + 64)
    else:
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            members[name] = random.choice(_XML)(members[name], random)


def _put_value(data: bytes, random: Random) -> bytes:
    """An attribute's value for another."""
    return _put(data, _VALUE, random)


def _put_text(data: bytes, random: Random) -> bytes:
    """A text between tags for another."""
    return _put(data, _TEXT, random)


def _put(data: bytes, where: re.Pattern[bytes], random: Random) -> bytes:
    old, other = _pick(data, where, random), _pick(data, where, random)
    if old is None or other is None:
        return data
    new = other[1] if random.random() < 0.2 else random.choice(random.choice((_NUMBERS, _PLACES, _WORDS))).encode()
    return data[: old.start(1)] + new + data[old.end(1) :]


def _repeat_tag(data: bytes, random: Random) -> bytes:
    """Some tags once more, there or elsewhere."""
    one, other, place = (_pick(data, _TAG, random) for _ in range(3))
    if one is None or other is None or place is None:
        return data
    start = one.start()
    stop = max(one.end(), min(other.end(), start + 400))
    return data[: place.start()] + data[start:stop] + data[place.start() :]


def _drop_tag(data: bytes, random: Random) -> bytes:
    """A tag less."""
    found = _pick(data, _TAG, random)
    return data if found is None else data[: found.start()] + data[found.end() :]


def _insert(data: bytes, random: Random) -> bytes:
    """A piece of XML where a tag begins."""
    found = _pick(data, _TAG, random)
    at = found.start() if found else 0
    return data[:at] + random.choice(_SNIPPETS).encode() + data[at:]


def _rename(data: bytes, random: Random) -> bytes:
    """A word for another that stands in the same member, in one place."""
    one, other = (_pick(data, re.compile(rb"[A-Za-z:]{1,30}"), random) for _ in range(2))
    return data if one is None or other is None else data[: one.start()] + other[0] + data[one.end() :]


_XML: Sequence[Callable[[bytes, Random], bytes]] = (
    _put_value, _put_value, _put_text, _put_text, _repeat_tag, _drop_tag, _insert, _rename,
)  # fmt: skip


def _pick(data: bytes, what: re.Pattern[bytes], random: Random) -> re.Match[bytes] | None:
    """One of the places, without looking for all of them."""
    at = random.randrange(len(data) + 1)
    return what.search(data, at) or what.search(data)


# --- records ---------------------------------------------------------------------------------------------------------

_KINDS = (
    0x06, 0x0A, 0x18, 0x22, 0x2F, 0x3C, 0x42, 0x85, 0xBD, 0xBE, 0xD6, 0xE0, 0xE5, 0xFC, 0xFD, 0x200, 0x201, 0x203, 0x204, 0x205,
    0x207, 0x27E, 0x41E, 0x809, 0xFFFF,
)  # fmt: skip
_INTEGERS = (0, 1, 2, 3, 7, 14, 255, 256, 511, 512, 16383, 16384, 32767, 32768, 65534, 65535)


def _changed_records(stream: bytes, random: Random, change: Change) -> bytes:
    """A workbook's stream with some records changed, and mostly its list of sheets put right."""
    found = [(kind, stream[at : at + length]) for kind, at, length in records(stream)]
    if not found:
        return change(stream, len(stream) + 64)
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(found))
        kind, data = found[at]
        roll = random.random()
        if roll < 0.3 and len(data) >= 2:
            changed = bytearray(data)
            pack_into("<H", changed, random.randrange(len(data) - 1), random.choice(_INTEGERS))
            found[at] = kind, bytes(changed)
        elif roll < 0.6:
            found[at] = kind, change(data, min(len(data) + 16, 8_224))
        elif roll < 0.7:
            found[at] = random.choice(_KINDS), data
        elif roll < 0.8:
            del found[at]
        elif roll < 0.9:
            found.insert(random.randrange(len(found) + 1), found[at])
        else:
            found[at] = kind, data[: random.randrange(len(data) + 1)]
        if not found:
            return b""
    out = bytearray()
    for kind, data in found:
        out += kind.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data
    if random.random() < 0.9:
        _list_sheets(out)
    return bytes(out)


def _list_sheets(stream: bytearray) -> None:
    """Let each entry of the list of sheets say where a substream begins."""
    try:
        found = list(records(bytes(stream)))
    except Refused:
        return
    depth = 0
    starts = []
    for kind, at, _ in found:
        if kind == BOF and depth == 0:
            starts.append(at - 4)
        depth += (kind == BOF) - (kind == EOF)
    listed = [at for kind, at, length in found if kind == BOUNDSHEET and length >= 4]
    for at, start in zip(listed, starts[1:], strict=False):
        if unpack_from("<L", stream, at)[0] != start:
            pack_into("<L", stream, at, start)
