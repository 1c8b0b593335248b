"""A word processor's document in the OOXML format (ECMA-376 part 1, 11), before a parser makes a tree of it.

Of the package only the text and its styles are read. No relationship that leads outside is followed, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlcheck.guard.budget import Budget
from xlcheck.guard.container import inflate
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.linked import linked
from xlcheck.guard.markup import local_name, scan
from xlcheck.guard.parts import TYPES, TYPES_SAID, main_part, relations
from xlcheck.model.errors import DAMAGED, Refused, damaged, too_much
from xlcheck.model.tuples import NamedTuple

WORD_TYPE = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.(?:document|template)"
    rb"|ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"
)
"""What the main part of such a document is."""
_TEXT_SAID, _STYLES_SAID = "正文", "样式"
_PER_TAG = 4.5
"""Microseconds for a tag of the text beside what any XML costs: it is scanned, made into a tree, and walked through."""
_TREE = 130
"""Bytes of memory that a tag takes in a tree."""


_ATTRIBUTE = 260
"""Bytes of memory for an attribute, where it costs a microsecond more: in the tree, and once more for a copy."""


class WordPackage(NamedTuple):
    """Such a document that harms no parser."""

    parts: Mapping[str, bytes]
    """Every member by its name, inflated."""
    main: str
    """Where the text stands."""
    text: bytes
    """The part that holds the text, in UTF-8."""
    styles: bytes | None
    """The part that holds the styles, in UTF-8; None for none."""


def check_word(data: bytes, limits: Limits = LIMITS) -> WordPackage:
    """Open such a document.

    Args:
        data: the file's bytes.
        limits: what it may hold.

    Raises:
        Refused: F101 damaged, F102 encrypted, F103 something else, F104 beyond `limits`.
    """
    try:
        return _open_word(data, limits)
    except MemoryError:
        raise
    except Exception as error:  # whatever else a hostile file provokes is a damaged file, too
        refused = error if isinstance(error, Refused) else damaged("内容无法识别")
        if refused.code != DAMAGED:
            raise
        raise _of_documents(refused) from error


def _of_documents(refused: Refused) -> Refused:
    """What is said of workbooks, said of a document: the container is the same."""
    said = refused.message.replace("用 Excel 或 WPS", "用 Word 或 WPS").replace("工作簿部分", "正文")
    return Refused("F101", said)


def is_word(types: bytes) -> bool:
    """Whether a package with this list of content types is such a document."""
    return bool(WORD_TYPE.search(types))


def _open_word(data: bytes, limits: Limits) -> WordPackage:
    if len(data) > limits.file_bytes:
        raise too_much(f"文件超过 {limits.file_bytes >> 20} MB")
    contents = inflate(data, limits)
    budget = Budget(data, limits)
    budget.charge_parts(contents.parts)
    package = linked(contents, limits)
    if not is_word(package.part(TYPES, TYPES_SAID, limits)):
        raise Refused("F103", "不是 Word 文档（.docx），请用 Word 或 WPS 另存为 .docx 后报送")
    main = main_part(package.parts)
    text = package.part(main, _TEXT_SAID, limits)
    named = [target for _, kind, target in relations(package.parts, main) if kind.endswith("/styles")]
    found = [name for name in named if name in package.parts]
    styles = package.part(found[0], _STYLES_SAID, limits) if found else None
    tags = text.count(b"<") + (styles or b"").count(b"<")
    attributes = text.count(b"=")
    budget.charge(work=_PER_TAG * tags + attributes, room=_TREE * tags + _ATTRIBUTE * attributes + 2 * len(text))
    _check_text(text, limits)
    if styles is not None:
        scan(_STYLES_SAID, styles, lambda *_: None)
    return WordPackage(package.parts, main, text, styles)


def _check_text(text: bytes, limits: Limits) -> None:
    """Bound the cells of all tables, and whatever is nested; a document type is refused."""
    count = {"tc": 0, "tbl": 0}
    root = ""

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal root
        name = local_name(tag)
        root = root or name
        if name in count:
            count[name] += 1

    scan(_TEXT_SAID, text, start)
    if root != "document":
        raise damaged("正文的内容无法识别")
    if count["tbl"] > limits.document_tables:
        raise too_much(f"文档有 {count['tbl']:,} 个表格")
    if count["tc"] > limits.document_cells:
        raise too_much(f"表格有 {count['tc']:,} 个单元格")
