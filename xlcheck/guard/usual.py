"""The content of an .ods by the usual names, whatever prefixes it is spelt with, in one pass.

calamine goes by prefixes, not by namespaces, so each element comes by its namespace. What LibreOffice writes has the usual
prefixes, and hundreds of kilobytes of styles before the first table, of which a glance says that they do nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from xlcheck.guard.limits import Limits
from xlcheck.guard.markup import DEPTH, feed, xml_parser
from xlcheck.guard.memory import Ask, Long, afresh
from xlcheck.guard.ods_found import OdsContent
from xlcheck.guard.ods_plain import plain_tables
from xlcheck.guard.ods_styles import OdsStyles, hide_nothing, raise_nothing, strike_nothing
from xlcheck.guard.ods_tables import OdsTables
from xlcheck.guard.outline import open_after, root_of, tags_of
from xlcheck.guard.plain import WHITE_SPACE
from xlcheck.model.errors import damaged

_Start = Callable[[str, dict[str, str]], None]

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    f"{_ODF}office:1.0": "office",
    f"{_ODF}table:1.0": "table",
    f"{_ODF}text:1.0": "text",
    f"{_ODF}style:1.0": "style",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_USUAL = frozenset(_PREFIXES.values())
_SAID = frozenset(("office", "table", "text"))
"""What a content cannot do without: where one of these is not declared, a parser of namespaces has to look."""
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?\s*<office:document-(?:content|styles)\s[^<>&]*>")
_DECLARED = re.compile(r"""\sxmlns(?::([\w.-]+))?=["']([^"']*)["']""")
_DECLARES = re.compile(r"\sxmlns")
_BODY, _PAGES = b"<office:body>", b"<office:automatic-styles>"
_HEAD = 1 << 20
"""Longer styles are looked at tag by tag: expat keeps all that are open."""
_WHAT, _STYLES = "表格部分", "单元格格式"
_BEFORE_BODY = 1
"""Elements around the body: the root."""


def look_through(data: bytes, styles: bytes, limits: Limits, ask: Ask = afresh, *, writes: bool = False) -> OdsContent:
    """What the tables of a content hold, with these styles of the document besides its own.

    With `writes` what calamine is given is written, whatever was told without it. `ask` may know what was found out about parts
    of other documents.

    Raises:
        Refused: F101 not well-formed, a document type, or tables in strange places; F104 beyond the limits.
    """
    found = OdsStyles()
    body = data.find(_BODY)
    raises = body < 0 or data.find(b"text:style-name", body) >= 0
    if styles and not _are_quiet(styles, raises, ask):
        _Pass(_STYLES, found, None, spaces=not _is_spelt_so(styles)).run(styles, 0)
    head = Long(data[: max(body, 0)])
    unlike = ask(_quiet, head, raises, False)
    if unlike is not None and not writes and not found.how:
        hides = frozenset(found.hides)
        told = plain_tables(data[body:], b"office:document-content", limits, hides, (head, unlike), ask)
        if told is not None:
            return told
    silent = 0 if unlike is None else body
    tables = OdsTables(limits, found)
    is_usual = body > 0 and _is_spelt_so(data)
    _Pass(_WHAT, found, tables, spaces=not is_usual).run(data, silent if is_usual else 0)
    return tables.told()


def _is_spelt_so(data: bytes) -> bool:
    """Whether every namespace that matters has its usual prefix, and no other one has it, so that names are what they seem."""
    root = _usual_root(data)
    return root > 0 and data.find(b"xmlns", root) < 0


def _usual_root(data: bytes) -> int:
    """Where the root ends that gives these namespaces their usual prefixes, and no other one; 0 where it does not."""
    root = _ROOT.match(data)
    if not root:
        return 0
    return root.end() if _is_usual(root[0]) else 0


@lru_cache(maxsize=16)
def _is_usual(root: bytes) -> bool:
    """Whether a root's tag, of which programs have one each, gives these namespaces their usual prefixes, and no other one."""
    said = root.decode("utf-8", "replace")
    declared = _DECLARED.findall(said)
    if not {prefix for prefix, _ in declared} >= _SAID or len(declared) != len(_DECLARES.findall(said)):
        return False
    return all(_PREFIXES.get(namespace) == (prefix if prefix in _USUAL else None) for prefix, namespace in declared)


def _are_quiet(styles: bytes, raises: bool, ask: Ask) -> bool:
    """Whether a look says that all styles of a document are well-formed and do nothing.

    What they say of pages LibreOffice writes in another order each time, so that it is looked at by itself.
    """
    root, pages = _usual_root(styles), styles.find(_PAGES)
    if not 0 < root < pages:
        return _quiet(styles, raises, True) is not None
    is_quiet = ask(_quiet, styles[:pages], raises, False) is not None
    return is_quiet and ask(_quiet, styles[:root] + styles[pages:], raises, True) is not None


def _quiet(styles: bytes, raises: bool, is_whole: bool) -> bytes | None:
    """What is unlike in styles if a look says that they are well-formed and do nothing; None if not.

    They hide nothing, and strike no text through. `raises` says whether texts name styles at all. If they are no whole member,
    their root is open behind them, and nothing else.
    """
    begin = _usual_root(styles) if len(styles) <= _HEAD else 0
    root = root_of(styles[styles.rfind(b"<", 0, begin) + 1 : begin]) if begin else None
    text, *pieces = styles[begin:].split(b"<")
    tags = None if not root or text.strip(WHITE_SPACE) else tags_of(set(pieces))
    if not root or tags is None:
        return None
    if is_whole and not styles.rstrip(WHITE_SPACE).endswith(b"</%b>" % root):
        return None
    if open_after(pieces, tags, root, DEPTH) != ([] if is_whole else [root]):
        return None
    unlike = b"<".join((b"", *tags))
    return unlike if hide_nothing(unlike) and strike_nothing(unlike) and (not raises or raise_nothing(unlike)) else None


class _Pass:
    """One pass over a member: styles first, then the body with the tables."""

    def __init__(self, what: str, styles: OdsStyles, tables: OdsTables | None, *, spaces: bool) -> None:
        self._what, self._styles, self._tables = what, styles, tables
        self._spaces = spaces
        self._parser = xml_parser(what, spaces=spaces)
        self._depth = 0
        self._is_silent = False

    def run(self, data: bytes, silent: int) -> None:
        """Parse it; what stands in the first `silent` bytes is proved to do nothing."""
        if silent:
            feed(self._parser, self._what, data[:silent], is_last=silent == len(data))
        if silent < len(data):
            self._depth = _BEFORE_BODY if silent else 0
            self._is_silent = silent > 0
            self._listen(self._opened, self._closed)
            feed(self._parser, self._what, data[silent:] if silent else data)
        if self._tables is not None and self._tables.depth:
            raise damaged(f"{self._what}的层次不合规")

    def _listen(self, start: _Start, end: Callable[[str], None]) -> None:
        if self._spaces:
            start, end = _by_namespace(start), _end_by_namespace(end)
        self._parser.StartElementHandler, self._parser.EndElementHandler = start, end

    def _opened(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._tables is not None and (name == "office:body" or self._is_silent):
            # What was not listened to may only be what stands before the body, with nothing open but the root.
            if self._depth != _BEFORE_BODY or name != "office:body":
                raise damaged(f"{self._what}的层次不合规")
            self._listen(self._tables.opened, self._tables.closed)
            self._parser.buffer_text = True
            self._parser.CharacterDataHandler = self._tables.said
            self._tables.depth = self._depth
            self._tables.opened(name, attributes)
            return
        self._depth += 1
        if self._depth > DEPTH:
            raise damaged(f"{self._what}嵌套过深")
        self._styles.opened(name, attributes)

    def _closed(self, _: str) -> None:
        self._depth -= 1


def _by_namespace(start: _Start) -> _Start:
    """A handler of elements by their usual names, for a parser that tells their namespaces."""
    return lambda tag, attributes: start(
        _usual_name(tag), {_usual_name(key): value for key, value in attributes.items()}
    )


def _end_by_namespace(end: Callable[[str], None]) -> Callable[[str], None]:
    return lambda tag: end(_usual_name(tag))


@lru_cache(maxsize=1024)
def _usual_name(name: str) -> str:
    """``namespace local prefix`` as a name with the usual prefix; without a prefix of its own it is of two words."""
    words = name.split(" ")
    if len(words) == 1:
        return name
    local, prefix = words[1], words[2] if len(words) > 2 else ""
    prefix = _PREFIXES.get(words[0]) or (f"{prefix}-of-another" if prefix in _USUAL else prefix)
    return f"{prefix}:{local}" if prefix else local
