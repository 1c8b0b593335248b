"""The tables of an .ods as nearly every program spells them: one expression finds the cells of their skeleton.

What stands around the cells is told tag by tag (:mod:`xlcheck.guard.outline`) and goes the way that it goes after a parser.
Whatever is not as usual, or would be refused, is told by nobody here: it has to be parsed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import DEPTH
from xlcheck.guard.memory import Ask, Long, afresh
from xlcheck.guard.ods_found import UNMERGED, OdsCell, OdsContent, Spread
from xlcheck.guard.ods_frame import NUMBER, STRING, TEXT, FoundSheet, Frame, SlotCell, cut_out, fill_frame
from xlcheck.guard.ods_said import CellSaid, CellsSaid, is_error
from xlcheck.guard.ods_styles import OdsStyles
from xlcheck.guard.ods_tables import SPANNED, OdsTables, span
from xlcheck.guard.outline import Tag, said_by, tags_of
from xlcheck.guard.plain import WHITE_SPACE
from xlcheck.guard.sound import is_sound
from xlcheck.guard.texts import meant
from xlcheck.model.errors import Refused
from xlcheck.model.numbers import MIB

_LARGEST = MIB
"""Bytes of tables above which they are parsed, so that no more than some megabytes lie in memory at once."""
_KNOWN = MIB // 4
"""Bytes of a skeleton above which it is proved every time, so that all that is remembered stays small."""
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
_AT_NUMBER, _PARAGRAPHS = 5, 8
_TEXTS = (3, 4, 6, 7)
"""Groups that may hold any character, as the paragraphs may, which are looked at tag by tag."""
_RUN_OF_BLANKS = re.compile(rb'<text:s(?: text:c="([0-9]+)")? ?/>')
_WITHIN = re.compile(rb"<text:(?:a|span|p)(?:%b)*>|</text:(?:a|span)>" % _SAID)
_NO_WORDS = re.compile(rb"<text:p(?:%b)* ?/>" % _SAID)
_ROW = b"table:table-row"
_SAID_TEXT = STRING.decode()
_LAID_OUT = frozenset((b"table:table", b"table:table-column", _ROW, b"table:named-range", b"table:named-expression"))


def plain_tables(
    body: bytes, root: bytes, limits: Limits, hides: frozenset[str], styles: tuple[bytes, bytes], ask: Ask = afresh
) -> OdsContent | None:
    """What the tables hold in a `body` with all behind it; None where a parser has to be asked.

    The styles must not say of any text that it looks otherwise.

    Args:
        body: the tables.
        root: the element around them.
        limits: what they may hold.
        hides: the styles of sheets, rows and columns that are not seen.
        styles: what stands before them, and what of that is unlike.
        ask: may know what was found out about the skeletons of other documents.
    """
    if 8 * len(body) > min(limits.text_bytes, 8 * _LARGEST) or not body.rstrip(WHITE_SPACE).endswith(b"</%b>" % root):
        return None
    cut = cut_out(body)
    if cut is None:
        return None
    skeleton = Long(cut.skeleton) if len(cut.skeleton) <= _KNOWN else cut.skeleton
    frame = ask(frame_of, skeleton, root, limits, hides)
    return fill_frame(frame, cut, *styles, limits) if frame else None


def frame_of(skeleton: bytes, root: bytes, limits: Limits, hides: frozenset[str]) -> Frame | None:
    """What the tables are whose skeleton this is, within an element `root`; None where a parser has to be asked."""
    pieces = _CELL.split(skeleton)
    around = set(pieces[::_PIECES])
    inside = {paragraphs.replace(TEXT, b"") for paragraphs in pieces[_PARAGRAPHS::_PIECES] if paragraphs}
    tags = tags_of({piece for spelt in (*around, *inside) for piece in spelt.split(b"<")[1:]})
    if tags is None or not all(between[:1] in b"<" for between in around):
        return None
    if any(tag.name.endswith(b"-cell") for tag in tags.values()):
        return None
    tables = _PlainTables(limits, hides, root)
    try:
        tables.take(pieces, tags)
        return tables.framed([skeleton.count(mark) for mark in (TEXT, NUMBER, STRING)])
    except (Refused, ValueError):
        return None  # a parser may find something else that comes before it


class _PlainTables(OdsTables):
    """The state of the pass over the pieces."""

    def __init__(self, limits: Limits, hides: frozenset[str], root: bytes) -> None:
        styles = OdsStyles()
        styles.hides |= hides
        super().__init__(limits, styles)
        self.depth = 1
        self._inside = [root]
        self._tags: dict[bytes, tuple[bytes, bool, bool, str, Mapping[str, str]]] = {}
        self._sheets: list[FoundSheet] = []
        self._naming = b""
        self._weight = 0
        self._texts = 0  # marks of these so far

    def take(self, pieces: Sequence[bytes], tags: Mapping[bytes, Tag]) -> None:
        """Go through what stands between cells and through the cells, in turns.

        Raises:
            Refused: something is wrong with it.
            ValueError: a parser has to be asked.
        """
        self._tags = {piece: _named(piece, tag) for piece, tag in tags.items()}
        _check(pieces)
        step = _PIECES
        self._between(pieces[0])
        self._count(len(pieces) // step)
        turns = {between: turn for between in {*pieces[::step]} if (turn := self._turn(between)) is not None}
        told = CellsSaid()
        column = filled = 0
        is_open, row, rows, at_numbers = self._here()
        for repeated, style, said, more, text, paragraphs, between in zip(
            *(pieces[at::step] for at in (2, 3, 4, 6, 7, 8)), pieces[step::step], strict=True
        ):
            known = told[repeated, said, more]
            columns, is_filled, is_plain, names_style, is_number = known[:5]
            if not is_open or (style and names_style):
                raise ValueError(said)
            if is_filled:
                spread = row, rows, column, columns
                filled = column + columns
                if is_number:
                    at_numbers.append(spread)
                else:
                    self._hold(known, spread, text, paragraphs)
                if rows > 1 or columns > 1:
                    self._repeat(spread, known.weight + 4 * len(text or paragraphs or b""))
            if not is_plain:
                self._keep_odd(known, (row, rows, column, columns), text, paragraphs)
            if text == TEXT or (paragraphs and TEXT in paragraphs):
                self._texts += 1
            column += columns
            if between:
                self._go_on(between, turns.get(between) if is_open else None, filled)
                is_open, row, rows, at_numbers = self._here()
                column = filled = 0
        spelt = {style for at in (3, 4, 6) for style in pieces[at::step] if style}
        self._naming = b" ".join((*tags, *spelt))

    def _turn(self, spelt: bytes) -> Mapping[str, str] | None:
        """The attributes of the next row, where nothing else stands between cells than the end of one row and its begin."""
        pieces = spelt.split(b"<")[1:]
        if len(pieces) != 2:
            return None
        (ended, closes, *_), (begun, is_end, is_empty, _, attributes) = map(self._tags.__getitem__, pieces)
        return attributes if closes and not (is_end or is_empty) and ended == begun == _ROW else None

    def _go_on(self, between: bytes, turn: Mapping[str, str] | None, filled: int) -> None:
        """Go through what stands behind the cells of a row, which reaches so far; `turn` tells of nothing but the next row."""
        if filled:
            self._reach_to(filled)
        if turn is None:
            self._between(between)
        else:
            self._end_row()
            self._start_row("", turn)

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
            before = self._sheets[-1] if self._sheets else FoundSheet(0, 0)
            self._sheets.append(FoundSheet(before.numbers, before.strings))

    def _here(self) -> tuple[bool, int, int, list[Spread]]:
        """Whether cells may stand here; the row, how often it is repeated, and where its sheet's numbers go."""
        at_numbers = self._sheets[-1].at_numbers if self._sheets else []
        return self._in_row and not self._left_out, self._row, self._rows, at_numbers

    def _hold(self, known: CellSaid, spread: Spread, text: bytes | None, paragraphs: bytes | None) -> None:
        """Note what a cell holds that is no number."""
        sheet = self._sheets[-1]
        if known.is_text:
            shown = self._joined(paragraphs, spread) if paragraphs else text or b""
            sheet.texts.append(shown)
            sheet.at_texts.append(spread)
            if TEXT in shown:
                sheet.shown.append(self._texts)
        elif known.value == _SAID_TEXT:
            sheet.at_strings.append(spread)
        elif known.value is not None:
            sheet.others.append(known.value)
            sheet.at_others.append(spread)

    def _repeat(self, spread: Spread, size: int) -> None:
        """Note what is there more than once."""
        self._sheets[-1].repeated += spread[1] * spread[3]
        self._weigh(spread, size)

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

    def _keep_odd(self, known: CellSaid, spread: Spread, text: bytes | None, paragraphs: bytes | None) -> None:
        """Note a cell that is more than a value."""
        said = known.attributes
        formula, has_error = said.get("table:formula"), is_error(said)
        is_looked_at = has_error or formula is not None
        if is_looked_at and paragraphs:
            raise ValueError(paragraphs)
        has_mark, is_string = is_looked_at and text == TEXT, known.value == _SAID_TEXT
        cell = OdsCell(
            *spread,
            said.get("office:value-type", ""),
            "",
            formula,
            has_error,
            not is_string and bool(said.get("office:string-value")),
            text is not None or bool(paragraphs),
            (span(said, "rows"), span(said, "columns")) if not SPANNED.isdisjoint(said) else UNMERGED,
            meant((text or b"").decode()) if is_looked_at and not has_mark else "",
            (),
        )
        sheet = self._sheets[-1]
        number, string = sheet.numbers - 1 if known.is_number else None, sheet.strings - 1 if is_string else None
        sheet.odd.append(SlotCell(cell, number, self._texts if has_mark else None, string))

    def framed(self, marks: Sequence[int]) -> Frame:
        """What all of it is, of which the skeleton has so many marks of texts, of numbers and of texts that are said.

        Raises:
            ValueError: not all is closed, a sheet has no name of its own, or a mark stands where no value does.
        """
        titles = [table.title for table in self.found]
        if self._inside or not all(titles) or len({*titles}) != len(titles):
            raise ValueError(titles)
        if self._sheets and [self._texts, self._sheets[-1].numbers, self._sheets[-1].strings] != marks:
            raise ValueError(marks)
        sheets = tuple(sheet.framed(table) for sheet, table in zip(self._sheets, self.found, strict=True))
        return Frame(
            sheets, self.named, self.grid, self._naming, sum(sheet.repeated for sheet in self._sheets), self._weight
        )


def _check(pieces: Sequence[bytes]) -> None:
    """See to it that what cells say is well-formed, and that where a number stood nothing is left of it.

    Raises:
        ValueError: it is not so.
    """
    spelt = b" ".join({spelt for at in _TEXTS for spelt in pieces[at::_PIECES] if spelt})
    if not is_sound(spelt.translate(None, TEXT + STRING)) or not {*pieces[_AT_NUMBER::_PIECES]} <= {None, NUMBER}:
        raise ValueError(spelt)


def _named(piece: bytes, tag: Tag) -> tuple[bytes, bool, bool, str, Mapping[str, str]]:
    """A tag with its name as a text, and the attributes of those that are laid out."""
    return *tag, tag.name.decode(), said_by(piece) if tag.name in _LAID_OUT and not tag.closes else {}
