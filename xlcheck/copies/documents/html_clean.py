"""A web page that only shows: nothing in it runs, loads, sends or leads elsewhere.

What is not known to be harmless goes. Elements are turned into harmless ones where what is in them is to be seen.
"""

from __future__ import annotations

import re

from lxml import etree

_KEPT = frozenset({
    "html", "body", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th", "p", "div", "span",
    "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "b", "i", "u", "s", "strike", "del",
    "ins", "strong", "em", "sub", "sup", "font", "center", "a", "pre", "blockquote", "small", "big", "ruby", "rt", "rp",
    "section", "article", "header", "footer", "main", "nav", "aside", "figure", "figcaption", "address", "label", "wbr",
    "bdo", "bdi", "code", "tt", "nobr", "details", "summary",
})  # fmt: skip
_DROPPED = frozenset({
    "script", "style", "head", "title", "meta", "link", "base", "iframe", "frame", "frameset", "object", "embed", "applet",
    "input", "button", "select", "textarea", "option", "datalist", "img", "picture", "video", "audio", "source", "track",
    "canvas", "svg", "math", "template", "noscript", "noembed", "noframes", "xmp", "plaintext", "listing", "map", "area",
    "param", "portal", "fencedframe",
})  # fmt: skip
"""Elements that go with all that is in them; others that are not kept become plain ones."""
_ATTRIBUTES = frozenset({
    "colspan", "rowspan", "align", "valign", "width", "height", "border", "cellpadding", "cellspacing", "bgcolor", "class",
    "lang", "dir", "color", "size", "face", "hidden", "nowrap", "span", "start", "open", "rules", "frame",
})  # fmt: skip
_PLAIN = re.compile(r"[^<>\x00-\x08\x0b\x0c\x0e-\x1f]{0,500}\Z")
_SPEAKING = re.compile(r"url|import|expression|behavior|binding|javascript|attr\(|image|content|cursor", re.IGNORECASE)
"""What a declaration needs to load or to run something, also in old browsers, or to say something of its own."""
_PLACED = re.compile(r"position|z-index|animation|transition|transform|opacity|clip|mask|filter", re.IGNORECASE)
"""What could lay something above our marks, or hide them."""
_STYLES = 200_000
"""Characters of styles that go into a copy."""


def clean_tree(root: etree._Element) -> None:
    """Make a page harmless."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            _take_out(element)
    for element in root.iter():
        if element.tag not in _KEPT:
            element.tag = "div" if element.tag in ("form", "fieldset", "dir", "menu") else "span"
        for name, value in list(element.attrib.items()):
            new = _attribute(str(name), str(value))
            if new is None:
                del element.attrib[name]
            else:
                element.attrib[name] = new


def clean_styles(text: str) -> str:
    """Rules of a style sheet without those that load, run, say or place something; rules within rules go."""
    kept = []
    bare = re.sub(r"/\*.*?(?:\*/|\Z)|<!--|-->", " ", text[:_STYLES], flags=re.DOTALL)
    for rule in bare.split("}"):
        selectors, opened, declarations = rule.partition("{")
        if not opened or "{" in declarations:
            continue
        told = clean_declarations(declarations)
        if told and not re.search(r"[@<>\\&]|xlcheck", selectors.replace(" > ", " ")) and len(selectors) < 500:
            kept.append(f"{' '.join(selectors.split())} {{{told}}}")
    return "\n".join(kept)


def clean_declarations(text: str) -> str:
    """Declarations without those that load, run, say or place something."""
    kept = (one.strip() for one in text.split(";"))
    return "; ".join(one for one in kept if one and _is_harmless(one))


def _is_harmless(declaration: str) -> bool:
    if "\\" in declaration or not _PLAIN.match(declaration) or "{" in declaration or "@" in declaration:
        return False
    return not _SPEAKING.search(declaration) and not _PLACED.search(declaration)


def _attribute(name: str, value: str) -> str | None:
    """What an attribute says in the copy; None for one that goes."""
    if name == "style":
        return clean_declarations(value) or None
    return value if name in _ATTRIBUTES and _PLAIN.match(value) else None


def _take_out(element: etree._Element) -> None:
    """Take an element out with all that is in it; what stands behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
