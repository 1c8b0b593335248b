"""Changes to an OOXML workbook that make programs read different things: one package, spelt in another way.

Each change knows what it is after: a cell, a sheet, a relationship, a text. The container stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Members = dict[str, str]
"""Names and contents of the members; all of them are XML."""

SHEETS = ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")
STRINGS, BOOK, RELS = "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TYPES, TOP = "[Content_Types].xml", "_rels/.rels"
_PLACES = (*SHEETS, *(SHEETS[0],) * 5, STRINGS, STRINGS, BOOK, BOOK, RELS, RELS, TYPES, TOP)
"""Which member is changed; those of which more comes are more often."""

_NUMBERS = (
    "1e1", "0x10", "１", "+7", "7 ", " 7", "\n7\n", "INF", "-INF", "NaN", "inf", "nan", "1_0", "07", "7.", ".5", "-.5", "1E+2", "1e-2",
    "--7", "7-", "1,5", "1 5", "0.1e", "1e999", "-0", "", " ", "TRUE", "1d", "7f", "٧", "1e", "+", "-", "#N/A", "7\u00a0", "\ufeff7",
)  # fmt: skip
_INDEXES = ("+1", " 1", "1.0", "-1", "01", "99", "1e0", "", "１", "4294967297", "0x1", "1 ", "\n1")
_REFS = ("", "b2", "B02", "$B$2", "R2C2", "B2:B2", "2B", "B", "2", "A1", "B2", "C3", "D4", " B2", "B2 ", "XFD1", "Ｂ2")
_KINDS = ("s", "str", "n", "b", "e", "d", "inlineStr", "x", "", "N", "S", "inlinestr", "number", " n", "str ")
_INSERTS = (
    "<!---->", "<!--9-->", "<?x?>", "<?x 9?>", "<![CDATA[9]]>", "<![CDATA[]]>", "&#57;", "&#x39;", "&amp;", "&#32;", "&#10;", " ", "\n", "9",
    '<y:v xmlns:y="urn:y">9</y:v>', '<v xmlns="urn:y">9</v>', "<v>9</v>", "<t>9</t>", "<is><t>9</t></is>", "<f>9</f>", "<f/>", "<v/>", "<x/>",
    '<c r="B2"><v>9</v></c>', '<c r="D9"><v>9</v></c>', "<c><v>9</v></c>", '<row r="2"><c r="B2"><v>9</v></c></row>', "<row><c><v>9</v></c></row>",
    "<extLst><ext><v>9</v></ext></extLst>", "<si><t>9</t></si>", "<si/>", "<r><t>9</t></r>", '<rPh sb="0" eb="1"><t>9</t></rPh>',
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Fallback><v>9</v></mc:Fallback></mc:AlternateContent>',
    '<sheetData><row r="2"><c r="B2"><v>9</v></c></row></sheetData>', "_x0039_", "_x005F_", "&#x200B;", "\u200b", "\ufeff", "\u202e", "\u00a0", "&#xA0;",
    "&#9;", "&#13;", "\r", "\t", "&lt;", "&#x0;", "&#1;", "&a;", "<!-- -- -->", "]]>", "\u3000", "<br/>", "<v>9</v><!---->", "<![CDATA[<v>9</v>]]>",
    '<sheet name="丙" sheetId="9" r:id="rId2"/>', '<Relationship Id="rId9" Type="x" Target="y"/>', "<sheets/>", "<sheetData/>", "<is/>", "<t/>", "<r/>",
    '<Override PartName="/xl/worksheets/sheet2.xml" ContentType="x"/>', '<mergeCells><mergeCell ref="A2:B2"/></mergeCells>', '<dimension ref="A1"/>',
)  # fmt: skip
_ATTRIBUTES = (
    'x:r="B2" xmlns:x="urn:x"', 'x:t="s" xmlns:x="urn:x"', 'r="B2"', 't="s"', 't="n"', 'xml:space="preserve"', 'xmlns="urn:x"', 's="1"', 's="99"',
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"', 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    'x:id="rId2" xmlns:x="urn:x"', 'id="rId2"', 'state="hidden"', 'x:name="乙" xmlns:x="urn:x"', 'TargetMode="External"', 'x:Target="worksheets/sheet2.xml" xmlns:x="urn:x"',
    'x:Id="rId9" xmlns:x="urn:x"', 'Id="rId2"', 'name="乙"', 'R="C3"', 'T="s"', 'xml:base="worksheets/"', 'xml:id="rId2"', 'xml:lang="zh"', 'hidden="1"', 'count="0"', 'uniqueCount="1"', 'ph="1"', 'cm="1"', 'spans="1:1"',
)  # fmt: skip
_TARGETS = (
    "worksheets/sheet2.xml", "/xl/worksheets/sheet2.xml", "../xl/worksheets/sheet2.xml", "worksheets/SHEET2.xml", "worksheets/sheet2.xml#a",
    "worksheets/./sheet2.xml", "worksheets%2Fsheet2.xml", "worksheets/sheet2.xml?a", "worksheets\\sheet2.xml", "sharedStrings.xml", "", "xl/worksheets/sheet2.xml",
    "//xl/worksheets/sheet2.xml", "worksheets//sheet2.xml", "file:///xl/worksheets/sheet2.xml",
)  # fmt: skip
_TYPES = ("worksheet", "chartsheet", "dialogsheet", "sharedStrings", "styles", "x")
_FAMILIES = (
    "http://purl.oclc.org/ooxml/officeDocument/relationships", "http://schemas.openxmlformats.org/officeDocument/2006/Relationships",
    "https://schemas.openxmlformats.org/officeDocument/2006/relationships", "urn:y", "",
)  # fmt: skip
_TITLES = (
    "乙",
    "",
    " 甲",
    "甲 ",
    "甲\n",
    "&#x7532;",
    "_x4E59_",
    "甲\u200b",
    "a'b",
    "甲/乙",
    "甲&amp;乙",
    "A",
    "Ａ",
    "甲" * 40,
    "#REF!",
    "\ufeff甲",
)
_CONTENTS = (
    "application/xml", "", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
)  # fmt: skip
_NAMES = (
    "xl/worksheets/Sheet1.xml", "XL/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
    "xl/SharedStrings.xml", "xl/strings.xml", "sharedStrings.xml", "/xl/sharedStrings.xml", "xl\\sharedStrings.xml", "xl/./sharedStrings.xml",
    "xl/workbook.xml", "xl/Workbook.xml", "workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "xl/worksheets/sheet3.xml",
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030", "utf-32", "latin-1", "utf-7")
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_VALUE = re.compile(r"<v>([^<]*)</v>")
_REF = re.compile(r'<(?:c|row) r="([^"]*)"')
_KIND = re.compile(r' t="([^"]*)"')
_INDEX = re.compile(r't="s"><v>([^<]*)</v>')
_SAID = re.compile(r'="([^"<>&]+)"')
_ELEMENTS = re.compile(
    r"<(c|row|v|si|t|is|sheet|Relationship|Override|Default|f)(?: [^<>]*)?(?:/>|>(?:(?!<\1[ >]).)*?</\1>)", re.DOTALL
)


def respell(members: Members, random: Random) -> list[str]:
    """Change the members in place, in one way or a few; answers which."""
    done = []
    for _ in range(random.choice((1, 1, 2, 2, 3, 4))):
        if random.random() < _REARRANGED:
            done.append(_rearrange(members, random))
            continue
        change = random.choice(_CHANGES)
        for _ in range(_TRIES):
            name = random.choice([name for name in _PLACES if name in members] or [*members])
            before = members[name]
            members[name] = change(before, random)
            if members[name] != before:
                done.append(f"{change.__name__[1:]} {name.rpartition('/')[2]}")
                break
    return done


def encode(members: Members, random: Random) -> dict[str, bytes]:
    """The bytes of the members; now and then one of them is in another encoding than UTF-8, and says so or not."""
    made = {name: text.encode("utf-8", "surrogatepass") for name, text in members.items()}
    if random.random() < _ENCODED:
        name, encoding = random.choice(sorted(members)), random.choice(_ENCODINGS)
        text = members[name]
        if random.random() < 0.7:
            told = random.choice((encoding, encoding, "utf-8", "gbk", "UTF-16"))
            text = text.replace('version="1.0"', f'version="1.0" encoding="{told}"', 1)
        made[name] = text.encode(encoding, "replace")
    return made


_REARRANGED, _ENCODED, _TRIES = 0.06, 0.02, 6


def _rearrange(members: Members, random: Random) -> str:
    """A member under another name, once more, gone, or exchanged with another."""
    name, other = random.choice(sorted(members)), random.choice(sorted(members))
    how = random.randrange(4)
    if how == 0:
        members[random.choice(_NAMES)] = members.pop(name)
    elif how == 1:
        members[random.choice(_NAMES)] = members[name]
    elif how == 2:
        members.pop(name)
    else:
        members[name], members[other] = members[other], members[name]
    return f"{('rename', 'copy', 'drop', 'exchange')[how]} {name.rpartition('/')[2]}"


def _replace(text: str, where: re.Pattern[str], others: Sequence[str], random: Random) -> str:
    found = list(where.finditer(text))
    if not found:
        return text
    one = random.choice(found)
    return text[: one.start(1)] + random.choice(others) + text[one.end(1) :]


def _number(text: str, random: Random) -> str:
    return _replace(text, _VALUE, _NUMBERS, random)


def _index(text: str, random: Random) -> str:
    return _replace(text, _INDEX, _INDEXES, random)


def _ref(text: str, random: Random) -> str:
    return _replace(text, _REF, _REFS, random)


def _kind(text: str, random: Random) -> str:
    return _replace(text, _KIND, _KINDS, random)


def _target(text: str, random: Random) -> str:
    return _replace(text, re.compile(r'Target="([^"]*)"'), _TARGETS, random)


def _type(text: str, random: Random) -> str:
    return _replace(text, re.compile(r'relationships/([A-Za-z]+)"'), _TYPES, random)


def _id(text: str, random: Random) -> str:
    return _replace(
        text, re.compile(r'[Ii]d="(rId[0-9])"'), ("rId1", "rId2", "rId3", "rId4", "RID1", "", " rId1"), random
    )


def _insert(text: str, random: Random) -> str:
    """Something anywhere behind the root's tag: between tags, or within a text."""
    start = text.index(">", text.index("?>") + 2) + 1
    places = [found.end() for found in _TAG.finditer(text, start)]
    places += [
        at
        for found in re.finditer(r">([^<>]+)<", text[start:])
        for at in range(start + found.start(1), start + found.end(1) + 1)
    ]
    at = random.choice(places) if places else start
    return text[:at] + random.choice(_INSERTS) + text[at:]


def _attribute(text: str, random: Random) -> str:
    found = random.choice(list(_TAG.finditer(text)))
    at = found.end() - (2 if found[0].endswith("/>") else 1)
    return f"{text[:at]} {random.choice(_ATTRIBUTES)}{text[at:]}"


def _without_attribute(text: str, random: Random) -> str:
    found = list(re.finditer(r' [a-zA-Z:]+="[^"<>]*"', text))
    one = random.choice(found)
    return text[: one.start()] + text[one.end() :]


def _element(text: str, random: Random) -> str:
    """An element once more, elsewhere, gone, or within what another program takes for a choice."""
    found = list(_ELEMENTS.finditer(text))
    if not found:
        return text
    one = random.choice(found)
    how = random.randrange(5)
    if how == 0:
        return text[: one.end()] + one[0] + text[one.end() :]
    if how == 1:
        other = random.choice(found)
        return text[: other.start()] + one[0] + text[other.start() :]
    if how == 2:
        return text[: one.start()] + text[one.end() :]
    if how == 3:
        choice = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        inner = random.choice(('<mc:Choice Requires="x">{}</mc:Choice>', "<mc:Fallback>{}</mc:Fallback>", "{}"))
        wrapped = f"<mc:AlternateContent {choice}>{inner.format(one[0])}</mc:AlternateContent>"
        return text[: one.start()] + wrapped + text[one.end() :]
    wrapped = re.sub(r"(</?)(?=[a-z])", r"\1y:", one[0]).replace(">", ' xmlns:y="urn:y">', 1)
    return text[: one.start()] + wrapped + text[one.end() :]


def _reference(text: str, random: Random) -> str:
    """A character of an attribute's value as a reference, or the value with other quotes and blanks around."""
    found = random.choice(list(_SAID.finditer(text)))
    at = random.randrange(found.start(1), found.end(1))
    before, after = text[: found.start()], text[found.end() :]
    one = text[found.start(1) : at] + f"&#{ord(text[at])};" + text[at + 1 : found.end(1)]
    return before + random.choice((f'="{one}"', f"='{found[1]}'", f' = "{found[1]}"', f'="{found[1]} "')) + after


def _family(text: str, random: Random) -> str:
    return _replace(text, re.compile(r'Type="([^"]*)/[A-Za-z]+"'), _FAMILIES, random)


def _title(text: str, random: Random) -> str:
    return _replace(text, re.compile(r'<sheet name="([^"]*)"'), _TITLES, random)


def _content(text: str, random: Random) -> str:
    return _replace(text, re.compile(r'ContentType="([^"]*)"'), _CONTENTS, random)


def _part(text: str, random: Random) -> str:
    return _replace(text, re.compile(r'PartName="([^"]*)"'), tuple(f"/{name}" for name in _NAMES), random)


def _prefix(text: str, random: Random) -> str:
    """All elements with a prefix."""
    told = re.sub(r"(</?)(?=[A-Za-z])", r"\1x:", text)
    return told.replace(" xmlns=", random.choice((" xmlns:x=", " xmlns:x=", ' xmlns="urn:y" xmlns:x=')), 1)


def _root(text: str, random: Random) -> str:
    """Another namespace."""
    others = (
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "urn:y",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/Main",
    )
    return _replace(text, re.compile(r' xmlns="([^"]*)"'), others, random)


_CHANGES: Sequence[Callable[[str, Random], str]] = (
    _number, _number, _index, _ref, _kind, _target, _type, _id, _insert, _insert, _insert, _attribute, _attribute, _without_attribute,
    _element, _element, _prefix, _root, _reference, _reference, _family, _title, _content, _part,
)  # fmt: skip
