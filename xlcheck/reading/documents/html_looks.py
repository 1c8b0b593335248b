"""How elements of a web page look: what nobody sees, what is raised, and what is struck through (CSS 2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.documents.hues import Hue, css_ground, css_hue
from xlcheck.reading.documents.looks import Look

_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?\Z", re.IGNORECASE)
_JOINT = re.compile(r"([a-z][a-z0-9]*)?((?:[.#][\w-]+){2,5})\Z", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_JOINED = 20
"""Rules for several names at once that are looked at for one of them."""
_REMARK = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_MOST = 200_000
"""Characters of styles that are looked at."""
_TAGS: Mapping[str, Look] = {"sup": "raised", "sub": "raised", "s": "struck", "strike": "struck", "del": "struck"}
_ALIGNED = ("td", "th", "tr", "table", "tbody", "thead", "tfoot", "img")
"""Elements of which ``vertical-align`` says where their content stands."""
_SIZE = re.compile(r"(?<![\w.-])(\d{0,6}\.?\d{1,6})(px|pt|em|rem|%)?(?![\w.])")
_SMALLEST = {"px": 2.5, "pt": 2.0, "em": 0.15, "rem": 0.15, "%": 15.0, "": 0.0}
"""Of a letter that nobody sees, by the unit."""
_AWAY = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|em|rem)")
"""A place that is beyond every page."""
_CUT = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%.*"
)
_NOTHING_LEFT = re.compile(r"0(?:\.0+)?(?:px|pt|em|rem|%)?")


class Manner(NamedTuple):
    """How an element looks; None where nothing is said of it."""

    gone: bool | None = None
    """It takes no room."""
    unseen: bool | None = None
    """It takes room, and nobody sees it."""
    look: Look | None = None
    turned: bool = False
    """What is in it runs from the right to the left, numbers included."""
    letters: Hue | None = None
    ground: Hue | None = None
    tiny: bool | None = None
    """Its letters are too small for anybody to see."""


_NOTHING = Manner()


class Stylesheet:
    """The styles of a page, as far as selectors name an element, classes and an id, and nothing that it is in."""

    def __init__(self, text: str) -> None:
        self._rules: dict[str, Manner] = {}
        self._joint: dict[str, list[tuple[str, frozenset[str], Manner]]] = {}
        """By the first of several names that an element must have: its tag, or none, and the other names."""
        for selectors, declarations in _rules(_REMARK.sub(" ", text[:_MOST])):
            manner = manner_of(declarations)
            if manner == _NOTHING:
                continue
            for selector in map(str.strip, selectors.split(",")):
                if _SELECTOR.match(selector):
                    self._rules[selector] = _over(manner, self._rules.get(selector, _NOTHING))
                elif match := _JOINT.match(selector):
                    first, *others = _NAME.findall(match[2])
                    rules = self._joint.setdefault(first, [])
                    if len(rules) < _JOINED:
                        rules.append((match[1] or "", frozenset(others), manner))

    def manner(self, element: etree._Element, tag: str) -> Manner:
        """How an element looks by itself, what it is in aside."""
        manner = Manner(look=_TAGS[tag]) if tag in _TAGS else _NOTHING
        if self._rules or self._joint:
            manner = self._styled(element, tag, manner)
        if not element.attrib:
            return manner
        manner = _attributed(element, tag, manner)
        style = element.get("style")
        if style:
            manner = _over(manner_of(style), manner)
        if element.get("hidden") is not None:
            manner = manner._replace(gone=True)
        if tag in _ALIGNED and manner.look == "raised":
            manner = manner._replace(look=None)
        return manner._replace(turned=True) if tag == "bdo" and element.get("dir", "").lower() == "rtl" else manner

    def _styled(self, element: etree._Element, tag: str, manner: Manner) -> Manner:
        names = [f".{name}" for name in element.get("class", "").split()]
        if element.get("id"):
            names.append(f"#{element.get('id')}")
        for name in (tag, *names, *(tag + name for name in names)):
            if name in self._rules:
                manner = _over(self._rules[name], manner)
        for name in names if self._joint and len(names) > 1 else ():
            for of, others, joint in self._joint.get(name, ()):
                if of in ("", tag) and others.issubset(names):
                    manner = _over(joint, manner)
        return manner


def _attributed(element: etree._Element, tag: str, manner: Manner) -> Manner:
    """What old pages say in attributes (HTML, 15.3)."""
    ground = css_hue(element.get("bgcolor", ""))
    letters = css_hue(element.get("color" if tag == "font" else "text", "")) if tag in ("font", "body") else None
    return _over(Manner(letters=letters, ground=ground), manner) if letters or ground else manner


def manner_of(style: str) -> Manner:
    """What declarations say."""
    manner = _NOTHING
    said = {name: text.replace("!important", "").strip() for name, text in _DECLARATION.findall(style.lower()[:_MOST])}
    for name, value in said.items():
        if name == "display":
            manner = manner._replace(gone=value == "none")
        elif name == "visibility":
            manner = manner._replace(unseen=value in ("hidden", "collapse"))
        elif name in ("text-decoration", "text-decoration-line") and "line-through" in value:
            manner = manner._replace(look="struck")
        elif name == "vertical-align" and value in ("super", "sub"):
            manner = manner._replace(look="raised")
        elif name == "unicode-bidi" and "override" in value:
            manner = manner._replace(turned="rtl" in style.lower())
        elif name in ("color", "-webkit-text-fill-color"):
            manner = manner._replace(letters=css_hue(value) or "any")
        elif name in ("background", "background-color", "background-image"):
            manner = manner._replace(ground=css_ground(value) or manner.ground)
        elif name in ("font-size", "font"):
            manner = manner._replace(tiny=_is_tiny(value))
    return manner._replace(unseen=True) if _is_away(said) else manner


def _is_tiny(value: str) -> bool | None:
    """Whether letters of a size are seen by nobody; None where their size is not said."""
    size = _SIZE.search(value)
    return None if size is None else float(size[1]) <= _SMALLEST[size[2] or ""]


def _is_away(said: Mapping[str, str]) -> bool:
    """Whether something takes room where nobody sees it, or none of what it needs."""
    if _NOTHING_LEFT.fullmatch(said.get("opacity", "1")) or "opacity=0)" in said.get("filter", ""):
        return True
    if _AWAY.fullmatch(said.get("text-indent", "")) or "scale(0" in said.get("transform", "").replace("scale(0.", ""):
        return True
    if said.get("position") in ("absolute", "fixed"):
        if any(_AWAY.fullmatch(said.get(side, "")) for side in ("left", "top")):
            return True
        if any(_CUT.fullmatch(said.get(name, "")) for name in ("clip", "clip-path")):
            return True
    sides = ("height", "width", "max-height", "max-width")
    return said.get("overflow") == "hidden" and any(_NOTHING_LEFT.fullmatch(said.get(side, "")) for side in sides)


def _over(one: Manner, base: Manner) -> Manner:
    return Manner(
        base.gone if one.gone is None else one.gone,
        base.unseen if one.unseen is None else one.unseen,
        one.look or base.look,
        one.turned or base.turned,
        one.letters or base.letters,
        one.ground or base.ground,
        base.tiny if one.tiny is None else one.tiny,
    )


def _rules(text: str) -> list[tuple[str, str]]:
    """Selectors and declarations of the rules that always hold: not those for printing, or for narrow screens."""
    found: list[tuple[str, str]] = []
    depth = 0
    selectors = ""
    at = 0
    for brace in re.finditer(r"[{}]", text):
        piece, at = text[at : brace.start()], brace.end()
        if brace[0] == "{":
            if depth == 0:
                selectors = piece.rpartition(";")[2].strip()
            depth += 1
        else:
            if depth == 1 and not selectors.startswith("@"):
                found.append((selectors, piece))
            depth = max(0, depth - 1)
    return found
