"""The tables of an .ods as nearly every program spells them: one expression finds the cells and what they hold.

What stands around the cells is told tag by tag (:mod:`xlcheck.guard.outline`) and goes the way that it goes after a parser.
Whatever is not as usual, or would be refused, is told by nobody here: it has to be parsed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import DEPTH
from xlcheck.guard.ods_styles import OdsStyles
from xlcheck.guard.ods_tables import (
    FILL,
    NUMBERS,
    SPANNED,
    UNMERGED,
    OdsCell,
    OdsTables,
    OdsValues,
    Spread,
    repeats,
    span,
)
from xlcheck.guard.outline import Tag, said_by, tags_of
from xlcheck.guard.plain import WHITE_SPACE, are_numbers
from xlcheck.guard.sound import is_sound
from xlcheck.guard.texts import meant
from xlcheck.model.errors import Refused
from xlcheck.model.numbers import MIB
from xlcheck.model.tuples import NamedTuple

_LARGEST = MIB
"""Bytes of tables above which they are parsed, so that no more than some megabytes lie in memory at once."""
_SAID = rb' [a-z]+:[a-z-]+="[^"<\t\n\r]*"'
_BLANKS = rb'<text:s(?: text:c="[0-9]{1,9}")? ?/>'
_INNER = rb"[^<\r]*(?:%b[^<\r]*)*"
_SPOKEN = _INNER % _BLANKS
_MARKED = b"|".join(
    (_BLANKS, *(rb"<text:%b(?:%b)*>%b</text:%b>" % (name, _SAID, _SPOKEN, name) for name in (b"a", b"span")))
)
"""A run of blanks, a link, or a run of its own style."""
_PARAGRAPH = rb"<text:p(?:%b)*(?: ?/>|>%b</text:p>)" % (_SAID, _INNER % (rb"(?:%b)" % _MARKED))
_CELL = re.compile(
    rb'<table:(table-cell|covered-table-cell)(?: table:number-columns-repeated="([1-9][0-9]{0,5})")?'
    rb'((?: table:style-name="[^"<\t\n\r]*")?(?: table:content-validation-name="[^"<\t\n\r]*")?)'
    rb'((?:(?! office:value=)%b)*)(?: office:value="([^"<]*)"((?:%b)*))? ?'
    rb"(?:/>|>(?:<text:p>([^<\r]*)</text:p>)?</table:\1>|>((?:%b)*)</table:\1>)" % (_SAID, _SAID, _PARAGRAPH)
)
"""A cell with nothing in it but paragraphs: its kind, its repeats, its style and what may be typed into it, what it says before
its number, that, what it says after it, its text if it is one of one paragraph, and its paragraphs if not."""
_PIECES = _CELL.groups + 1
_PARAGRAPHS = 8
_TEXTS = (3, 4, 6, 7)
"""Groups that may hold any character, as the paragraphs may, which are looked at tag by tag."""
_RUN_OF_BLANKS = re.compile(rb'<text:s(?: text:c="([0-9]+)")? ?/>')
_WITHIN = re.compile(rb"<text:(?:a|span|p)(?:%b)*>|</text:(?:a|span)>" % _SAID)
_NO_WORDS = re.compile(rb"<text:p(?:%b)* ?/>" % _SAID)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_LAID_OUT = frozenset(
    (b"table:table", b"table:table-column", b"table:table-row", b"table:named-range", b"table:named-expression")
)
_OWN = {"string": "office:string-value", "date": "office:date-value", "boolean": "office:boolean-value"}
"""Where a value stands that is no number."""
_VALUES = frozenset((*_OWN.values(), "office:time-value"))
_PLACED = frozenset(("table:style-name", "table:content-validation-name"))
_SHORT = 200
"""What is said in fewer bytes is remembered."""
_TRUTHS = {"true": True, "false": False}


class _Said(NamedTuple):
    """What a cell says beside its style and number."""

    columns: int
    """How often it is repeated."""
    is_filled: bool
    is_plain: bool
    """Whether it is no more than a value: not merged, no formula, no error."""
    names_style: bool
    """Whether its style stands where it is not usual."""
    is_number: bool
    is_text: bool
    """Whether its value is what its paragraphs say."""
    value: object
    """Its value where it is neither; None for no value."""
    weight: int
    """Characters of it."""
    attributes: Mapping[str, str]


class _Values:
    """The values of a table, as they are found."""

    def __init__(self) -> None:
        self.numbers: list[bytes] = []
        self.texts: list[bytes] = []
        self.others: list[object] = []
        self.at_numbers: list[Spread] = []
        self.at_texts: list[Spread] = []
        self.at_others: list[Spread] = []

    def told(self) -> OdsValues:
        """What they are.

        Raises:
            ValueError: they are not spelt as usual.
        """
        spelt = b"\0".join(self.texts)
        if not are_numbers(self.numbers):
            raise ValueError(spelt)
        texts = meant(spelt.decode()).split("\0") if self.texts else []
        return OdsValues(
            [*self.at_numbers, *self.at_texts, *self.at_others], [*map(float, self.numbers), *texts, *self.others]
        )


def plain_tables(body: bytes, root: bytes, limits: Limits, styles: OdsStyles) -> OdsTables | None:
    """What the tables hold in a `body` with all behind it, within an element `root`; None where a parser has to be asked.

    The styles must not say of any text that it looks otherwise.
    """
    if 8 * len(body) > min(limits.text_bytes, 8 * _LARGEST) or styles.how:
        return None
    if not body.rstrip(WHITE_SPACE).endswith(b"</%b>" % root):
        return None
    pieces = _CELL.split(body)
    around = set(pieces[::_PIECES])
    inside = {paragraphs for paragraphs in pieces[_PARAGRAPHS::_PIECES] if paragraphs}
    tags = tags_of({piece for spelt in (*around, *inside) for piece in spelt.split(b"<")[1:]})
    if tags is None or not all(between[:1] in b"<" for between in around):
        return None
    if any(tag.name.endswith(b"-cell") for tag in tags.values()):
        return None
    tables = _PlainTables(limits, styles, root)
    try:
        tables.take(pieces, tags)
    except (Refused, ValueError):
        return None  # a parser may find something else that comes before it
    return tables


class _PlainTables(OdsTables):
    """The state of the pass over the pieces."""

    def __init__(self, limits: Limits, styles: OdsStyles, root: bytes) -> None:
        super().__init__(limits, styles)
        self.depth = 1
        self._inside = [root]
        self._tags: dict[bytes, tuple[bytes, bool, bool, str, Mapping[str, str]]] = {}
        self._sheets: list[_Values] = []
        self._weight = 0

    def take(self, pieces: Sequence[bytes], tags: Mapping[bytes, Tag]) -> None:
        """Go through what stands between cells and through the cells, in turns.

        Raises:
            Refused: something is wrong with it.
            ValueError: a parser has to be asked.
        """
        self._tags = {piece: _named(piece, tag) for piece, tag in tags.items()}
        step = _PIECES
        if not is_sound(b" ".join({spelt for at in _TEXTS for spelt in pieces[at::step] if spelt})):
            raise ValueError(step)
        self._between(pieces[0])
        self._count(len(pieces) // step)
        told: dict[tuple[bytes | None, bytes, bytes | None], _Said] = {}
        column = filled = 0
        is_open, row, rows, numbers, at_numbers = self._here()
        for repeated, style, said, number, more, text, paragraphs, between in zip(
            *(pieces[at::step] for at in range(2, step)), pieces[step::step], strict=True
        ):
            key = repeated, said, more
            known = told.get(key)
            if known is None:
                known = told[key] = _said(*key)
            columns, is_filled, is_plain, names_style, is_number = known[:5]
            if not is_open or (style and names_style):
                raise ValueError(said)
            if is_filled:
                spread = row, rows, column, columns
                filled = column + columns
                if is_number:
                    numbers.append(number)
                    at_numbers.append(spread)
                else:
                    self._hold(known, spread, text, paragraphs)
                if rows > 1 or columns > 1:
                    self._weigh(spread, known.weight + len(number or b"") + 4 * len(text or paragraphs or b""))
            if not is_plain:
                self._keep_odd(known, (row, rows, column, columns), number, text, paragraphs)
            column += columns
            if between:
                if filled:
                    self._reach_to(filled)
                self._between(between)
                is_open, row, rows, numbers, at_numbers = self._here()
                column = filled = 0
        self._end()
        spelt = {style for at in (3, 4, 6) for style in pieces[at::step] if style}
        self.styled = (b" ".join((*tags, *spelt)),)

    def _between(self, spelt: bytes) -> None:
        """Go through what stands between cells."""
        inside, tags = self._inside, self._tags
        for piece in spelt.split(b"<")[1:]:
            name, closes, is_empty, told, attributes = tags[piece]
            if not inside or (closes and inside.pop() != name):
                raise ValueError(piece)
            if not (closes or is_empty):
                inside.append(name)
            if self._left_out > 1 or (self._left_out and not closes):  # as nearly always, so that nobody need be called
                self._left_out += 0 if is_empty else -1 if closes else 1
                continue
            if not closes:
                self.opened(told, attributes)
            if closes or is_empty:
                self.closed(told)
        if len(inside) > DEPTH:
            raise ValueError(spelt)

    def _start_table(self, name: str, attributes: Mapping[str, str]) -> None:
        super()._start_table(name, attributes)
        if not self._left_out:
            self._sheets.append(_Values())

    def _here(self) -> tuple[bool, int, int, list[bytes], list[Spread]]:
        """Whether cells may stand here; the row, how often it is repeated, and where its sheet's numbers go."""
        values = self._sheets[-1] if self._sheets else _Values()
        return self._in_row and not self._left_out, self._row, self._rows, values.numbers, values.at_numbers

    def _hold(self, known: _Said, spread: Spread, text: bytes | None, paragraphs: bytes | None) -> None:
        """Note what a cell holds that is no number."""
        values = self._sheets[-1]
        if known.is_text:
            values.texts.append(self._joined(paragraphs, spread) if paragraphs else text or b"")
            values.at_texts.append(spread)
        elif known.value is not None:
            values.others.append(known.value)
            values.at_others.append(spread)

    def _weigh(self, spread: Spread, size: int) -> None:
        """Bound what repeated cells come to; of those that are not repeated the size of the whole is bounded."""
        self._weight += spread[1] * spread[3] * size
        if self._weight > self._limits.text_bytes // 2:
            raise ValueError(spread)

    def _joined(self, paragraphs: bytes, spread: Spread) -> bytes:
        """What several paragraphs say, or one with runs of blanks."""
        self._weigh(spread, sum(int(count or 1) for count in _RUN_OF_BLANKS.findall(paragraphs)))
        spelt = _RUN_OF_BLANKS.sub(lambda found: b" " * int(found[1] or 1), paragraphs)
        return b"\n".join(_WITHIN.sub(b"", _NO_WORDS.sub(b"</text:p>", spelt)).split(b"</text:p>")[:-1])

    def _keep_odd(
        self, known: _Said, spread: Spread, number: bytes | None, text: bytes | None, paragraphs: bytes | None
    ) -> None:
        """Note a cell that is more than a value."""
        said = known.attributes
        formula, is_error = said.get("table:formula"), _is_error(said)
        is_looked_at = is_error or formula is not None
        if is_looked_at and paragraphs:
            raise ValueError(paragraphs)
        self._cells.append(
            OdsCell(
                *spread,
                said.get("office:value-type", ""),
                (number or b"").decode(),
                formula,
                is_error,
                bool(said.get("office:string-value")),
                text is not None or bool(paragraphs),
                (span(said, "rows"), span(said, "columns")) if not SPANNED.isdisjoint(said) else UNMERGED,
                meant((text or b"").decode()) if is_looked_at else "",
                (),
            )
        )

    def _end(self) -> None:
        """See to it that all is closed, and every sheet has a name of its own; give each its values."""
        titles = [table.title for table in self.found]
        if self._inside or not all(titles) or len({*titles}) != len(titles):
            raise ValueError(titles)
        self.found = [
            table._replace(values=values.told()) for table, values in zip(self.found, self._sheets, strict=True)
        ]
        self.written.clear()


def _named(piece: bytes, tag: Tag) -> tuple[bytes, bool, bool, str, Mapping[str, str]]:
    """A tag with its name as a text, and the attributes of those that are laid out."""
    return *tag, tag.name.decode(), said_by(piece) if tag.name in _LAID_OUT and not tag.closes else {}


def _said(repeated: bytes | None, said: bytes, more: bytes | None) -> _Said:
    """What a cell says, with `more` behind its number; most files say the same.

    Raises:
        Refused: something is wrong with it.
        ValueError: a parser has to be asked.
    """
    short = len(said) + len(more or b"") < _SHORT
    return (_said_shortly if short else _told_by)(repeated, said, more)


def _told_by(repeated: bytes | None, said: bytes, more: bytes | None) -> _Said:
    """As above."""
    times = b' table:number-columns-repeated="%b"' % repeated if repeated else b""
    spelt = b"".join((b"c", times, said, b"" if more is None else b' office:value=""' + more))
    attributes = said_by(spelt)
    if len(attributes) != spelt.count(b'="') or "xmlns" in spelt.decode():
        raise ValueError(spelt)
    kind = attributes.get("office:value-type", "")
    is_number, has_number = kind in NUMBERS, more is not None
    given = _VALUES & attributes.keys()
    value = _value(kind, attributes[_OWN[kind]]) if given and given == {_OWN.get(kind)} else None
    if is_number != has_number or bool(given) != (value is not None):
        raise ValueError(spelt)
    is_text = kind == "string" and not given
    if not (is_number or is_text or given or not kind):
        raise ValueError(spelt)
    filled = [len(text) or 1 for key, text in attributes.items() if key.startswith(FILL)]
    is_plain = SPANNED.isdisjoint(attributes) and "table:formula" not in attributes and not _is_error(attributes)
    return _Said(
        repeats(attributes, "columns"),
        bool(filled),
        is_plain,
        not _PLACED.isdisjoint(attributes),
        is_number,
        is_text,
        value,
        sum(filled),
        attributes,
    )


_said_shortly = lru_cache(maxsize=256)(_told_by)


def _is_error(attributes: Mapping[str, str]) -> bool:
    return attributes.get("calcext:value-type") == "error"


def _value(kind: str, text: str) -> object:
    """What a cell holds that is no number, as calamine gives it; None where it has to be asked."""
    if kind == "string":
        return text
    if kind == "boolean":
        return _TRUTHS.get(text)
    return date.fromisoformat(text) if _DAY.match(text) else None
