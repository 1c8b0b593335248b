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
    '<sheetData><row r="2"><c r="B2"><v>9</v></c></row></sheetData>',
)  # fmt: skip
_ATTRIBUTES = (
    'x:r="B2" xmlns:x="urn:x"', 'x:t="s" xmlns:x="urn:x"', 'r="B2"', 't="s"', 't="n"', 'xml:space="preserve"', 'xmlns="urn:x"', 's="1"', 's="99"',
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"', 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    'x:id="rId2" xmlns:x="urn:x"', 'id="rId2"', 'state="hidden"', 'x:name="乙" xmlns:x="urn:x"', 'TargetMode="External"', 'x:Target="worksheets/sheet2.xml" xmlns:x="urn:x"',
    'x:Id="rId9" xmlns:x="urn:x"', 'hidden="1"', 'count="0"', 'uniqueCount="1"', 'ph="1"', 'cm="1"', 'spans="1:1"',
)  # fmt: skip
_TARGETS = (
    "worksheets/sheet2.xml", "/xl/worksheets/sheet2.xml", "../xl/worksheets/sheet2.xml", "worksheets/SHEET2.xml", "worksheets/sheet2.xml#a",
    "worksheets/./sheet2.xml", "worksheets%2Fsheet2.xml", "worksheets/sheet2.xml?a", "worksheets\\sheet2.xml", "sharedStrings.xml", "", "xl/worksheets/sheet2.xml",
    "//xl/worksheets/sheet2.xml", "worksheets//sheet2.xml", "file:///xl/worksheets/sheet2.xml",
)  # fmt: skip
_TYPES = ("worksheet", "chartsheet", "dialogsheet", "sharedStrings", "styles", "x")
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_VALUE = re.compile(r"<v>([^<]*)</v>")
_REF = re.compile(r'<(?:c|row) r="([^"]*)"')
_KIND = re.compile(r' t="([^"]*)"')
_INDEX = re.compile(r't="s"><v>([^<]*)</v>')
_ELEMENTS = re.compile(r"<(c|row|v|si|t|is|sheet|Relationship|f)(?: [^<>]*)?(?:/>|>(?:(?!<\1[ >]).)*?</\1>)", re.DOTALL)


def respell(members: Members, random: Random) -> list[str]:
    """Change the members in place, in one way or a few; answers which."""
    done = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        change = random.choice(_CHANGES)
        name = random.choice((*SHEETS, SHEETS[0], SHEETS[0], STRINGS, BOOK, RELS))
        before = members[name]
        members[name] = change(before, random)
        if members[name] != before:
            done.append(f"{change.__name__[1:]} {name.rpartition('/')[2]}")
    return done


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
        for at in (start + found.start(1), start + found.end(1))
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
    _element, _element, _prefix, _root,
)  # fmt: skip
