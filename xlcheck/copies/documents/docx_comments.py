"""The comments of a .docx (ECMA-376 part 1, 17.13.4): ours put in beside those that are there."""

from __future__ import annotations

from collections.abc import Callable

from xlcheck.copies.package import Patch
from xlcheck.copies.splice import HEAD, Element, Splice, elements, escaped, in_root, quoted, spliced
from xlcheck.model import marks
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.model.tuples import NamedTuple

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_INITIALS = "审"

CommentXml = Callable[[bytes], tuple[bytes, bytes]]
"""What stands before and behind what a comment is about, for the prefix of the elements beside."""


class StandingWordComment(NamedTuple):
    """A comment that is there."""

    key: str
    is_ours: bool
    element: Element


class WordComments:
    """The comments part of a document, as it will be."""

    def __init__(self, patch: Patch) -> None:
        self._patch = patch
        links = patch.links(patch.book)
        self.name = next((link.target for link in links if link.kind == "comments" and link.target in patch), "")
        self._new: list[bytes] = []
        known = (one.key for one in self.standing())
        self._next = 1 + max(
            (int(key) for key in known if key.isascii() and key.isdigit() and len(key) < 10), default=0
        )

    def standing(self) -> list[StandingWordComment]:
        """The comments that are there."""
        if not self.name:
            return []
        data = self._patch[self.name]
        found = []
        for one in elements(data, ("comment",), 2):
            said = {key.rpartition(":")[2]: value for key, value in one.attributes.items()}
            head = marks.COMMENT_HEAD.encode("utf-8")
            is_ours = said.get("author") == marks.COMMENT_AUTHOR and head in data[one.start : one.end]
            found.append(StandingWordComment(said.get("id", ""), is_ours, one))
        return found

    def add(self, text: str) -> CommentXml:
        """Put in a comment; answers what stands in the text for it."""
        key = self._next
        self._next += 1
        space = self._patch.main.encode("ascii")
        lines = [entered(line, LONGEST_CELL) for line in (marks.COMMENT_HEAD, *text.split("\n"))]
        told = b"".join(
            b'<w:p><w:r>%s<w:t xml:space="preserve">%s</w:t></w:r></w:p>'
            % (b"" if number else b"<w:annotationRef/>", escaped(line))
            for number, line in enumerate(lines)
        )
        said = (space, key, quoted(marks.COMMENT_AUTHOR), _INITIALS.encode("utf-8"), told)
        self._new.append(b'<w:comment xmlns:w="%s" w:id="%d" w:author="%s" w:initials="%s">%s</w:comment>' % said)
        return lambda prefix: _reference(prefix, key)

    def drop(self, gone: list[StandingWordComment]) -> None:
        """Take comments away that are there."""
        if gone:
            edits = [Splice(one.element.start, one.element.end, b"") for one in gone]
            self._patch[self.name] = spliced(self._patch[self.name], edits)

    def write(self) -> None:
        """Put them into the package."""
        patch = self._patch
        if not self.name:
            self.name = "word/comments.xml" if "word/comments.xml" not in patch else patch.free("word/comments{}.xml")
            patch[self.name] = HEAD + b'<w:comments xmlns:w="%s"></w:comments>' % patch.main.encode("ascii")
            patch.relate(patch.book, "comments", self.name)
            patch.declare(self.name, _TYPE)
        data = patch[self.name]
        root = elements(data, ("comments",), 0)[0]
        if root.inner == root.end:
            patch[self.name] = in_root(data, "comments", b"".join(self._new))
        else:
            patch[self.name] = spliced(data, [Splice(root.close, root.close, b"".join(self._new))])


def _reference(prefix: bytes, key: int) -> tuple[bytes, bytes]:
    begin = b'<%scommentRangeStart %sid="%d"/>' % (prefix, prefix, key)
    end = b'<%scommentRangeEnd %sid="%d"/><%sr><%scommentReference %sid="%d"/></%sr>'
    return begin, end % (prefix, prefix, key, prefix, prefix, prefix, key, prefix)
