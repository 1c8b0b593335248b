"""The one way in: from a file's bytes to a submission. The guard, the form and the reader, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlcheck.forms.file import DEFAULT, form_ids, form_text, is_own, load_form, parse_form
from xlcheck.guard.admit import Package, admit
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.memory import Memory, afresh
from xlcheck.model.errors import OTHER_KIND, LibraryMissing, Refused
from xlcheck.model.form import Form
from xlcheck.model.marks import PROPERTY_FORM
from xlcheck.model.submission import Submission
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.odd import custom_properties
from xlcheck.reading.read import read_submission

if TYPE_CHECKING:
    from xlcheck.reading.documents.grid import Document


class Opened(NamedTuple):
    """A workbook that was admitted and read."""

    data: bytes
    """The file's bytes, decrypted if it was locked with the default password."""
    package: Package
    submission: Submission


class OpenedReport(NamedTuple):
    """A report that is no workbook but a document, admitted and read."""

    data: bytes
    """The file's bytes, or those of the .docx that LibreOffice made of it: what a copy is made of."""
    document: Document
    submission: Submission


class Forms:
    """Which form a workbook is read as: the one that is asked for, or else the one that it names itself.

    Each form is loaded once, a file of the user's own as long as it stays the same, and what was found out about members
    that workbooks share is found out once. None of this is part of the value: it is neither compared nor pickled.
    """

    def __init__(self, wanted: str | None = None, usual: Form | None = None) -> None:
        """Ask for a form by its id or ``.toml`` file; None leaves it to each workbook.

        Args:
            wanted: the form's id or file.
            usual: what a workbook is read as that names none of ours; None for the usual one.
        """
        self.wanted, self.usual = wanted, usual
        self.memory = Memory()
        self._parsed: dict[str, Form] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Forms) and (other.wanted, other.usual) == (self.wanted, self.usual)

    def __hash__(self) -> int:
        return hash(self.wanted)

    def __reduce__(self) -> tuple[type[Forms], tuple[str | None, Form | None]]:
        return Forms, (self.wanted, self.usual)

    def of(self, package: Package) -> Form:
        """The form that the workbook is read as; the usual one where none is asked for and it names none of ours.

        Raises:
            InvalidForm: the form file that is asked for has faults.
            OSError: it is not there.
        """
        name = self.wanted
        if name is None:
            named = self._named(package)
            if not named and self.usual is not None:
                return self.usual
            name = named or DEFAULT
        return self._load(name)

    def others(self, package: Package) -> Sequence[Form]:
        """What else the workbook may be, where none is asked for and it names none of ours: its labels must tell."""
        if self.wanted is not None or self._named(package):
            return ()
        return [form for form in map(self._load, form_ids()) if form != self.of(package)]

    def all(self) -> Sequence[Form]:
        """What a document may be, whose labels must tell: the one that is asked for, or else the usual one and the others."""
        if self.wanted is not None:
            return [self._load(self.wanted)]
        usual = self.usual if self.usual is not None else self._load(DEFAULT)
        return [usual, *(form for form in map(self._load, form_ids()) if form != usual)]

    def _named(self, package: Package) -> str:
        """The one of ours that the workbook names."""
        named = custom_properties(package, self.memory.ask).get(PROPERTY_FORM, "")
        return named if named in self._parsed or named in form_ids() else ""

    def _load(self, name: str) -> Form:
        text = form_text(name) if is_own(name) else name
        if text not in self._parsed:
            self._parsed[text] = parse_form(text, name) if is_own(name) else load_form(name)
        return self._parsed[text]


def open_submission(data: bytes, form: Form | Forms, limits: Limits = LIMITS) -> Opened | OpenedReport:
    """Open a workbook or a report as a document, whichever the bytes are, and read what was handed in.

    Args:
        data: the file's bytes.
        form: the form that it must be, or what finds the form for it.
        limits: what it may hold.

    Raises:
        Refused: no parser may see it, it turns out to be unreadable, or it is a document without any table of a form.
        MemoryError: there is not enough for what it holds.
    """
    if _may_be_report(data):
        from xlcheck.reading.documents.kinds import document_kind

        if document_kind(data) is not None:
            return _report(data, form, limits)
    try:
        return _workbook(data, form, limits)
    except Refused as refused:
        if refused.code != OTHER_KIND:
            raise
        return _report(data, form, limits, refused)


_DIRECTORY = 1 << 16
"""Bytes at the end of a zip container among which its members are named."""
_BEGIN = 8_192
"""Bytes at the begin of one whose end is cut off in which one of its first members is named."""


def _may_be_report(data: bytes) -> bool:
    """Whether a file may be a zip container with a text in it: nearly all are workbooks, and a glance says so."""
    if not data.startswith(b"PK\3\4"):
        return False
    return (
        b"opendocument.text" in data[:128]
        or data.find(b"word/", max(0, len(data) - _DIRECTORY)) >= 0
        or data.find(b"word/", 0, _BEGIN) >= 0
    )


def _workbook(data: bytes, form: Form | Forms, limits: Limits) -> Opened:
    ask = afresh if isinstance(form, Form) else form.memory.ask
    package = admit(data, limits, ask)
    if isinstance(form, Form):
        return Opened(package.data, package, read_submission(package, package.data, form, ask))
    return Opened(
        package.data,
        package,
        read_submission(package, package.data, form.of(package), ask, lambda: form.others(package)),
    )


def _report(data: bytes, form: Form | Forms, limits: Limits, refused: Refused | None = None) -> OpenedReport:
    """Read a report; `refused` says why it is no workbook, which is what is said of pages and texts that are no report either."""
    from xlcheck.reading.documents.kinds import document_kind
    from xlcheck.reading.documents.loose import is_loose
    from xlcheck.reading.documents.parse import native, parse_document
    from xlcheck.reading.documents.read import read_document

    kind = document_kind(data)
    if kind is None:
        raise refused or Refused("F103", "认不出是什么文件，不是工作簿，也不是可以读取的文档")
    document = None
    try:
        forms = [form] if isinstance(form, Form) else form.all()
        data, kind = native(data, kind, limits)
        document = parse_document(data, kind, forms, limits)
        submission = read_document(document, forms)
    except LibraryMissing:
        raise
    except Refused as error:
        if refused is None or kind not in ("html", "text") or error.code != OTHER_KIND:
            raise
        if document is not None and is_loose(document, [table for one in forms for table in one.tables]):
            raise  # it is a report: what to make of it is worth more than that it is no workbook
        raise (refused.of_no_report() if error.is_of_no_report else refused) from error
    return OpenedReport(data, document, submission)
