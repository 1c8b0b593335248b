"""The comments of a sheet (ECMA-376 part 1, 18.7): ours put in beside, or above, those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlcheck.copies import boxes, threads
from xlcheck.copies.boxes import Measures
from xlcheck.copies.package import COMMENTS_TYPE, VML_TYPE, Patch
from xlcheck.copies.richtext import Run, last, run_of, runs
from xlcheck.copies.sheet import Sheet
from xlcheck.copies.splice import (
    HEAD,
    Element,
    Splice,
    appended,
    escaped,
    prefix_of,
    prefixed,
    quoted,
    retagged,
    spliced,
)
from xlcheck.guard.parts import position
from xlcheck.model import marks
from xlcheck.model.cells import Cell, cell_name
from xlcheck.model.text import LONGEST_CELL, entered
from xlcheck.model.tuples import NamedTuple

_WANTED = ("comments", "authors", "author", "commentList", "comment", "text")


class StandingComment(NamedTuple):
    """A comment that is there."""

    element: Element
    text: Element | None


class Comments:
    """The comments part of a sheet, as it will be."""

    def __init__(self, patch: Patch, member: str) -> None:
        """Take the comments of the sheet in `member`; none is well, too."""
        self._patch, self._member = patch, member
        links = patch.links(member)
        self.name = next((link.target for link in links if link.kind == "comments" and link.target in patch), "")
        self._vml = {link.id: link.target for link in links if link.kind == "vmlDrawing" and link.target in patch}
        self.notes: dict[Cell, StandingComment] = {}
        self._authors: list[str] = []
        if self.name:
            self._look()

    def _look(self) -> None:
        self._data = data = self._patch[self.name]
        self._places: dict[str, Element] = {}
        last: Element | None = None
        for one in self._patch.elements(self.name, _WANTED, 4):
            if one.name == "comment":
                last = one
                self.notes.setdefault(
                    position(one.attributes.get("ref", "").replace("$", "")), StandingComment(one, None)
                )
            elif one.name == "text" and last is not None:
                cell = position(last.attributes["ref"].replace("$", ""))
                if self.notes[cell].element is last and self.notes[cell].text is None:
                    self.notes[cell] = StandingComment(last, one)
            elif one.name == "author":
                self._authors.append("".join(run.text for run in runs(data[one.start : one.end], "author")))
            else:
                self._places.setdefault(one.name, one)
        self._known = len(self._authors)
        self._prefix = prefix_of(data, self._places["comments"])

    def _raw(self, cell: Cell) -> bytes:
        """The text of a comment as it stands in the file."""
        text = self.notes[cell].text
        return self._data[text.start : text.end] if text else b""

    def add(self, texts: Mapping[Cell, str], sheet: Sheet) -> list[Splice]:
        """Put comments in; answers the edits that the sheet itself needs to show them.

        What stood in a comment stays below ours, in its own look.
        """
        if not texts:
            return []
        if not self.name:
            self._begin()
        discussed = threads.taken_out(self._patch, self._member, texts)
        edits: list[Splice] = []
        fresh: list[bytes] = []
        longer: dict[Cell, str] = {}
        for cell, text in sorted(texts.items()):
            if cell in self.notes:
                edits += self._above(cell, text, discussed.get(cell), longer)
            else:
                fresh.append(
                    b'<comment ref="%s" authorId="%d"><text>%s</text></comment>'
                    % (cell_name(cell).encode("ascii"), self._author(marks.COMMENT_AUTHOR), run_of(text))
                )
        edits += self._appended("commentList", fresh)
        edits += self._new_authors()
        self._patch[self.name] = spliced(self._data, edits)
        return self._show({cell: text for cell, text in texts.items() if cell not in self.notes}, longer, sheet)

    def _begin(self) -> None:
        self.name = self._patch.free("xl/comments{}.xml")
        self._patch[self.name] = HEAD + b'<comments xmlns="%s"><authors/><commentList/></comments>' % quoted(
            self._patch.main
        )
        self._patch.declare(self.name, COMMENTS_TYPE)
        self._patch.relate(self._member, "comments", self.name)
        self._look()

    def _above(self, cell: Cell, text: str, thread: threads.Thread | None, longer: dict[Cell, str]) -> list[Splice]:
        """Put ours above what stands in a comment."""
        note = self.notes[cell]
        old = _taken_over(runs(self._raw(cell))) if thread is None else [Run(b"", thread.text)]
        longer[cell] = f"{text}\n\n{marks.COMMENT_BELOW}\n" + "".join(run.text for run in old)
        new = run_of(f"{text}\n\n{marks.COMMENT_BELOW}\n") + b"".join(run_of(run.text, run.look) for run in old)
        return self._rewritten(note, new, None if thread is None else thread.author)

    def _rewritten(self, note: StandingComment, new: bytes, author: str | None = None) -> list[Splice]:
        """The edits that give a comment other runs, and perhaps another author."""
        data, prefix = self._data, self._prefix
        body = prefixed(b"<text>%s</text>" % new, prefix)
        edits = []
        if author is not None:
            tag = retagged(data[note.element.start : note.element.inner], authorId=self._author(author))
            edits.append(Splice(note.element.start, note.element.inner, tag))
        if note.text is None:
            return [*edits, *appended(data, note.element, body)]
        return [*edits, Splice(note.text.start, note.text.end, body)]

    def _author(self, name: str) -> int:
        if name not in self._authors:
            self._authors.append(name)
        return self._authors.index(name)

    def _new_authors(self) -> list[Splice]:
        new = self._authors[self._known :]
        return self._appended("authors", [b"<author>%s</author>" % escaped(name) for name in new])

    def _appended(self, parent: str, new: Iterable[bytes]) -> list[Splice]:
        xml = prefixed(b"".join(new), self._prefix)
        return appended(self._data, self._places[parent], xml) if xml else []

    def _show(self, fresh: Mapping[Cell, str], longer: Mapping[Cell, str], sheet: Sheet) -> list[Splice]:
        """Draw the boxes; answers the edits that lead the sheet to them."""
        if not fresh and not self._vml:
            return []
        measures = Measures.of_sheet(sheet)
        name, edits = self._drawing(sheet)
        vml = self._patch[name]
        if longer:
            vml = boxes.resized(vml, [measures.box(cell, text) for cell, text in longer.items()])
        self._patch[name] = boxes.with_boxes(vml, [measures.box(cell, text) for cell, text in sorted(fresh.items())])
        return edits

    def _drawing(self, sheet: Sheet) -> tuple[str, list[Splice]]:
        """The part with the boxes of the sheet."""
        legacy = sheet.first("legacyDrawing")
        at = next((key for key in legacy.attributes if key.rpartition(":")[2] == "id"), "id") if legacy else "id"
        known = self._vml.get(legacy.attributes.get(at, "") if legacy else "")
        if known is not None:
            return known, []
        number = 1 + sum(name.lower().endswith(".vml") for name in self._patch)
        name = self._patch.free("xl/drawings/vmlDrawing{}.vml")
        self._patch[name] = boxes.drawing(number)
        self._patch.declare(name, VML_TYPE)
        key = self._patch.relate(self._member, "vmlDrawing", name)
        if legacy:
            tag = retagged(sheet.data[legacy.start : legacy.inner], **{at: key})
            return name, [Splice(legacy.start, legacy.inner, tag)]
        xml = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (sheet.prefix, quoted(self._patch.relating), quoted(key))
        place = sheet.behind("legacyDrawing")
        return name, [Splice(place, place, xml)]

    def clean(self) -> dict[Cell, str]:
        """Take away what an earlier copy wrote; answers what is left of the comments that it wrote into, by cell."""
        left: dict[Cell, str] = {}
        edits: list[Splice] = []
        for cell, note in self.notes.items():
            old = runs(self._raw(cell))
            whole = "".join(run.text for run in old)
            kept = foreign_text(whole)
            if kept == whole:
                continue
            left[cell] = kept
            if kept:
                runs_kept = _taken_over(last(old, kept))
                edits += self._rewritten(note, b"".join(run_of(run.text, run.look) for run in runs_kept))
            else:
                edits.append(Splice(note.element.start, note.element.end, b""))
        self._patch[self.name] = spliced(self._data, edits)
        gone = {cell for cell, kept in left.items() if not kept}
        for name in self._vml.values():
            self._patch[name] = boxes.without_boxes(self._patch[name], gone)
        return left

    def fit(self, texts: Mapping[Cell, str], sheet: Sheet) -> None:
        """Give the boxes of comments the size of their texts."""
        measures = Measures.of_sheet(sheet)
        for name in self._vml.values():
            self._patch[name] = boxes.resized(self._patch[name], [measures.box(*each) for each in texts.items()])


def _taken_over(old: Iterable[Run]) -> list[Run]:
    """What somebody else wrote, as we write it; no comment is longer than a cell's text."""
    left = LONGEST_CELL
    taken: list[Run] = []
    for run in old:
        if left > 0:
            taken.append(run._replace(text=entered(run.text, left, lines=True)))
            left -= len(taken[-1].text)
    return taken


def foreign_text(text: str) -> str:
    """What somebody else wrote in a comment: above our lines, below them, or at the end of one."""
    before, _, after = text.partition(marks.COMMENT_HEAD)
    if not after.startswith("\n"):
        return text
    added: list[str] = []
    at = 1
    while after.startswith(marks.COMMENT_LINES, at):
        stop = after.find("\n", at)
        stop = len(after) if stop < 0 else stop
        end = after.find(marks.COMMENT_END, at, stop)
        if end >= 0 and after[end + 1 : stop].strip():
            added.append(after[end + 1 : stop])
        at = stop + 1
    rest = f"\n{after[at:]}\n".replace(f"\n{marks.COMMENT_BELOW}\n", "\n", 1)[1:-1]
    return "\n".join((before, *added, rest)).strip("\n")


def signed(text: str) -> str:
    """Our text as it stands in a comment: its head, and an end to each line that does not show."""
    return "\n".join((marks.COMMENT_HEAD, *(f"{line}{marks.COMMENT_END}" for line in text.split("\n"))))
