"""How elements of a web page look: what nobody sees, what is raised, and what is struck through (CSS 2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from xlcheck.reading.documents.looks import Look

_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?\Z", re.IGNORECASE)
_REMARK = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_MOST = 200_000
"""Characters of styles that are looked at."""
_TAGS: Mapping[str, Look] = {"sup": "raised", "sub": "raised", "s": "struck", "strike": "struck", "del": "struck"}
_ALIGNED = ("td", "th", "tr", "table", "tbody", "thead", "tfoot", "img")
"""Elements of which ``vertical-align`` says where their content stands."""


class Manner(NamedTuple):
    """How an element looks; None where nothing is said of it."""

    gone: bool | None = None
    """It takes no room."""
    unseen: bool | None = None
    """It takes room, and nobody sees it."""
    look: Look | None = None
    turned: bool = False
    """What is in it runs from the right to the left, numbers included."""


_NOTHING = Manner()


class Stylesheet:
    """The styles of a page, as far as simple selectors name an element, a class or an id."""

    def __init__(self, text: str) -> None:
        self._rules: dict[str, Manner] = {}
        for selectors, declarations in _rules(_REMARK.sub(" ", text[:_MOST])):
            manner = manner_of(declarations)
            if manner == _NOTHING:
                continue
            for selector in selectors.split(","):
                if _SELECTOR.match(selector.strip()):
                    known = self._rules.get(selector.strip(), _NOTHING)
                    self._rules[selector.strip()] = _over(manner, known)

    def manner(self, element: etree._Element, tag: str) -> Manner:
        """How an element looks by itself, what it is in aside."""
        manner = Manner(look=_TAGS[tag]) if tag in _TAGS else _NOTHING
        if self._rules:
            manner = self._styled(element, tag, manner)
        if not element.attrib:
            return manner
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
        return manner


def manner_of(style: str) -> Manner:
    """What declarations say."""
    manner = _NOTHING
    for name, text in _DECLARATION.findall(style.lower()[:_MOST]):
        value = text.replace("!important", "").strip()
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
    return manner


def _over(one: Manner, base: Manner) -> Manner:
    return Manner(
        base.gone if one.gone is None else one.gone,
        base.unseen if one.unseen is None else one.unseen,
        one.look or base.look,
        one.turned or base.turned,
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
