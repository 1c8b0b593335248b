"""What is seen of the paragraphs of a .docx (ECMA-376 part 1, 17.3): not what is deleted, hidden, or drawn beside them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.colours import WHITE, parse_colour
from xlcheck.reading.documents.docx_tables import WordTree
from xlcheck.reading.documents.hues import Hue, is_unseen
from xlcheck.reading.documents.looks import Look, Piece

_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWN = ("drawing", "pict", "object")
_FLOWING = ("hyperlink", "fldSimple", "dir", "rubyBase", "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
"""Elements within a paragraph that hold runs as it does itself."""
_TURNED = "\u202e"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}",
    "{http://purl.oclc.org/ooxml/officeDocument/math}",
)


_SMALLEST = 4
"""Half points of a letter that nobody sees."""
_GENERATIONS = 32
"""So many styles are based on one another at most; Word takes eleven."""


class Shape(NamedTuple):
    """What properties of characters say of how they look; None where they say nothing."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    tiny: bool | None = None
    letters: Hue | None = None
    ground: Hue | None = None

    def over(self, base: Shape) -> Shape:
        """This, and what `base` says where this says nothing."""
        said = {name: own for name, own in self._asdict().items() if own is not None}
        return base._replace(**said)


_NOTHING = Shape()


class WordText:
    """Reads the paragraphs of a document; what is drawn in them is noted."""

    def __init__(self, tree: WordTree, styles: bytes | None) -> None:
        self._tree = tree
        self._w = tree.w
        self._styles = _Styles(styles)
        self.drawn = False
        """Whether something was passed over that is to be looked at, since this was last set to False."""
        self.ground: Hue = WHITE
        """What the cell is painted with that is read."""
        self._codes: list[bool] = []

    def paragraph(self, element: etree._Element) -> list[Piece]:
        """What is seen of a paragraph."""
        self._codes = []
        properties = element.find(f"{self._w}pPr")
        named = None if properties is None else properties.find(f"{self._w}pStyle")
        style = self._styles.of("" if named is None else self._tree.value(named), is_character=False)
        below = None if properties is None else ground_of(self._tree, properties)
        return list(self._flow(element, style._replace(ground=below) if below else style))

    def is_numbered(self, element: etree._Element) -> bool:
        """Whether a number that is written nowhere stands before a paragraph (17.9)."""
        number = element.find(f"{self._w}pPr/{self._w}numPr/{self._w}numId")
        return number is not None and self._tree.value(number) not in ("0", "")

    def boxes(self, element: etree._Element) -> Iterator[etree._Element]:
        """The text boxes that are anchored in a paragraph; of one that is written in two ways only what is shown."""
        waiting = [element]
        while waiting:
            one = waiting.pop()
            if one.tag == f"{self._w}txbxContent":
                yield one
            elif one.tag == f"{_COMPATIBLE}AlternateContent":
                waiting += reversed(_chosen(one))
            else:
                waiting += reversed(one)

    def _flow(self, holder: etree._Element, style: Shape) -> Iterator[Piece]:
        for child in holder:
            space, _, name = child.tag.rpartition("}")
            space += "}"
            if space == self._w and name == "r":
                yield from self._run(child, style)
            elif space == self._w and name == "sdt" and self._tree.is_placeholder(child):
                continue
            elif space == self._w and name in _FLOWING:
                yield from self._flow(child, style)
            elif space == self._w and name == "bdo":
                yield Piece(_TURNED if self._tree.value(child) == "rtl" else "")
                yield from self._flow(child, style)
            elif space in _MATH:
                yield from self._formula(child)
            elif space == _COMPATIBLE:
                yield from self._flow(_chosen(child), style)

    def _run(self, run: etree._Element, paragraph: Shape) -> Iterator[Piece]:
        look = self._look(run, paragraph)
        if look is not None:
            yield from self._content(run, look, paragraph)
        else:
            for mark in run.iter(f"{self._w}fldChar"):
                self._turn(mark)

    def _content(self, run: etree._Element, look: Look, paragraph: Shape) -> Iterator[Piece]:
        for child in run:
            space, _, name = child.tag.rpartition("}")
            space += "}"
            if space == _COMPATIBLE:
                yield from self._content(_chosen(child), look, paragraph)
            elif space != self._w:
                continue
            elif name == "fldChar":
                self._turn(child)
            elif self._codes and self._codes[-1]:
                continue
            elif name == "t":
                yield Piece(child.text or "", look)
            elif name in _SIGNS:
                yield Piece(_SIGNS[name], look)
            elif name == "sym":
                yield Piece(self._symbol(child), look)
            elif name == "ruby":
                yield from self._flow(child, paragraph)
            elif name in _DRAWN:
                self.drawn = True

    def _turn(self, mark: etree._Element) -> None:
        """A field's code stands before its result (17.16.18); whoever looks at the page sees the result."""
        kind = mark.get(f"{self._w}fldCharType")
        if kind == "begin":
            self._codes.append(True)
        elif kind == "separate" and self._codes:
            self._codes[-1] = len(self._codes) > 1 and self._codes[-2]
        elif kind == "end" and self._codes:
            self._codes.pop()

    def _symbol(self, element: etree._Element) -> str:
        try:
            return chr(int(element.get(f"{self._w}char", ""), 16))
        except (ValueError, OverflowError):
            return "\ufffd"

    def _formula(self, element: etree._Element) -> Iterator[Piece]:
        """A formula is drawn: nobody knows from its texts alone what is raised in it."""
        self.drawn = True
        texts = (text for one in element.iter() if etree.QName(one).localname == "t" for text in (one.text,) if text)
        yield Piece("".join(texts), "raised")

    def _look(self, run: etree._Element, paragraph: Shape) -> Look | None:
        """How a run looks; None where nobody sees it."""
        properties = run.find(f"{self._w}rPr")
        if properties is None:
            shape = paragraph.over(self._styles.usual)
        else:
            named = properties.find(f"{self._w}rStyle")
            style = self._styles.of("" if named is None else self._tree.value(named), is_character=True)
            # A switch of both styles is off again (17.7.3).
            both = Shape(
                _exclusive(style.hidden, paragraph.hidden),
                _exclusive(style.struck, paragraph.struck),
            ).over(style.over(paragraph))
            shape = shape_of(self._tree, properties).over(both).over(self._styles.usual)
        if shape.hidden:
            return None
        if shape.struck:
            return "struck"
        if shape.tiny or is_unseen(shape.letters or "any", shape.ground or self.ground):
            return "faint"
        return "raised" if shape.raised else "plain"


def shape_of(tree: WordTree, properties: etree._Element | None) -> Shape:
    """What properties of characters (17.3.2) say."""
    if properties is None:
        return _NOTHING
    struck = [tree.switch(properties, name) for name in ("strike", "dstrike")]
    line = properties.find(f"{tree.w}vertAlign")
    shift = properties.find(f"{tree.w}position")
    raised = None if line is None else tree.value(line) in ("superscript", "subscript")
    if not raised and shift is not None:
        raised = tree.value(shift) not in ("0", "")
    return Shape(
        tree.switch(properties, "vanish"),
        any(struck) if any(one is not None for one in struck) else None,
        raised,
        _is_tiny(tree, properties),
        None if (named := properties.find(f"{tree.w}color")) is None else parse_colour(tree.value(named)) or "any",
        ground_of(tree, properties),
    )


def ground_of(tree: WordTree, properties: etree._Element) -> Hue | None:
    """What characters, a paragraph or a cell stand on; None where nothing is said of it."""
    if properties.find(f"{tree.w}highlight") is not None:
        return "any"
    shading = properties.find(f"{tree.w}shd")
    if shading is None or tree.value(shading) == "nil":
        return None
    fill = shading.get(f"{tree.w}fill", "auto").lower()
    if tree.value(shading, "clear") != "clear":
        return "any"
    return None if fill in ("auto", "") else parse_colour(fill) or "any"


def _is_tiny(tree: WordTree, properties: etree._Element) -> bool | None:
    """Whether characters are too small for anybody to see."""
    size = properties.find(f"{tree.w}sz")
    if size is None:
        return None
    text = tree.value(size)
    return text.isdecimal() and int(text[:6]) <= _SMALLEST


def _exclusive(one: bool | None, other: bool | None) -> bool | None:
    return other if one is None else one if other is None else one != other


def _chosen(alternatives: etree._Element) -> etree._Element:
    """What is shown of several ways to write something (ECMA-376 part 3, 10.2): programs of today know the first."""
    first = alternatives.find(f"{_COMPATIBLE}Choice")
    return alternatives if first is None else first


class _Styles:
    """The named styles (17.7), as far as they say how characters look."""

    def __init__(self, data: bytes | None) -> None:
        self.usual = _NOTHING
        self._own: dict[str, tuple[Shape, str]] = {}
        self._known: dict[str, Shape] = {}
        self._default = ""
        if data is not None:
            self._read(WordTree(data))

    def _read(self, tree: WordTree) -> None:
        w = tree.w
        self.usual = shape_of(tree, tree.root.find(f"{w}docDefaults/{w}rPrDefault/{w}rPr"))
        for style in tree.root.iterfind(f"{w}style"):
            kind, key = style.get(f"{w}type", "paragraph"), style.get(f"{w}styleId", "")
            base = style.find(f"{w}basedOn")
            shape = shape_of(tree, style.find(f"{w}rPr"))
            self._own.setdefault(key, (shape, "" if base is None else tree.value(base)))
            if kind == "paragraph" and style.get(f"{w}default", "0").lower() not in ("0", "false", "off"):
                self._default = self._default or key

    def of(self, key: str, *, is_character: bool) -> Shape:
        """What a style says with those that it is based on; of none what the default style says."""
        if not key and not is_character:
            key = self._default
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._with_bases(key)
        return known

    def _with_bases(self, key: str) -> Shape:
        shape = _NOTHING
        for _ in range(_GENERATIONS):
            if key not in self._own:
                break
            own, key = self._own[key]
            shape = shape.over(own)
        return shape
