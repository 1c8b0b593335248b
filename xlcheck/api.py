"""The public Python functions; ``xlcheck`` itself hands them out, each loaded when it is first asked for."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, ignore
from xlcheck.tasks.options import Options

if TYPE_CHECKING:
    from xlcheck.forms.rules import Rule
    from xlcheck.model.form import Form
    from xlcheck.model.submission import Submission
    from xlcheck.results.document import FileJson
    from xlcheck.results.record import Record
    from xlcheck.tasks.convert import Converted
    from xlcheck.tasks.fill import Filled
    from xlcheck.tasks.one import Verified
    from xlcheck.tasks.plan import Batch
    from xlcheck.tasks.total import Summed


def form(name: Path | str | None = None) -> Form:
    """A form, by its id or from a ``.toml`` file of your own; None is the usual one.

    >>> import xlcheck
    >>> form = xlcheck.form("disclosure-2021")
    >>> len(form.fields), len(form.relations)
    (200, 42)

    Raises:
        CannotDo: there is no such form, or its file has faults, all of which are told.
    """
    from xlcheck.tasks.given import form_of

    return form_of(name)


def rules(of: Form | Path | str | None = None) -> dict[str, Rule]:
    """All rules that a form is checked by, by their codes.

    >>> import xlcheck
    >>> xlcheck.rules()["C101"].title
    '未填写'

    Args:
        of: the form, its id or file; None is the usual one.

    Raises:
        CannotDo: there is no such form, or its file has faults.
    """
    from xlcheck.forms.rules import catalogue
    from xlcheck.tasks.given import form_of

    return catalogue(form_of(of))


def template(
    of: Form | Path | str | None = None,
    *,
    unit: str = "",
    code: str = "",
    email: str = "",
    year: int | None = None,
    last_year: Path | str | bytes | None = None,
    totals: bool = False,
    zeros: bool = False,
) -> bytes:
    """The locked table for one unit, as the bytes of an .xlsx file; the same arguments give the same bytes.

    >>> import xlcheck
    >>> xlcheck.read(xlcheck.template(unit="某某局", year=2025)).unit
    '某某局'
    >>> prefilled = xlcheck.read(xlcheck.template(last_year="好.xlsx", totals=True))
    >>> prefilled.year, prefilled.held["requests.carried_in.total"]
    (2022, 0.0)

    Args:
        of: the form, its id or file; None is the usual one.
        unit: 单位名称 on the cover.
        code: 统一社会信用代码 on the cover.
        email: 电子邮箱 on the cover.
        year: 报告年度 on the cover.
        last_year: the unit's submission of the year before: its bytes, its file, or a folder in which it is found. What is
            carried over from it is filled in and locked, and unit and year go on from it where they are not given.
        totals: whether sums are worked out by formulas, and locked.
        zeros: whether all other fields hold 0.

    Raises:
        CannotDo: there is no such form, its file has faults, or last year's submission is not there or cannot be read.
    """
    from xlcheck.roster.units import Unit
    from xlcheck.tasks.given import form_of
    from xlcheck.tasks.template import drawn_unit

    return drawn_unit(form_of(of), Unit(unit, code, email), year, last_year, totals=totals, zeros=zeros)


def read(workbook: Path | str | bytes, *, form: Form | Path | str | None = None) -> Submission:
    """What a department handed in: its cover, and what each field holds.

    >>> import xlcheck
    >>> submission = xlcheck.read("好.xlsx")
    >>> submission.unit, submission.year
    ('攀枝花市人民政府办公室', 2021)
    >>> xlcheck.read(b"no workbook")
    Traceback (most recent call last):
    xlcheck.model.errors.Refused: 这是文本（如 CSV），不是工作簿，请在下发的填报模板中填写后报送

    Args:
        workbook: a path, an address, or the file's bytes.
        form: the form it must be; None takes what the workbook says.

    Raises:
        Refused: it cannot be read; `message` says why, for a clerk.
        CannotDo: there is no such form, or its file has faults.
    """
    from xlcheck.tasks.one import open_given

    return open_given(workbook, form)[1].submission


def convert(document: Path | str | bytes, *, form: Path | str | None = None) -> Converted:
    """The official workbook of a report, filled with what the document says; nothing is mended.

    >>> import xlcheck
    >>> converted = xlcheck.convert("年报.html")
    >>> xlcheck.verify(converted.data).passed
    True

    Args:
        document: a path, an address, or the file's bytes.
        form: the form it must be, by its id or file; None takes the one whose labels it bears.

    Raises:
        Refused: it cannot be read, or is no report.
        CannotDo: there is no such form, or it is a workbook already.
    """
    from xlcheck.tasks.convert import convert_report

    return convert_report(document, form)


def fill(workbook: Path | str | bytes, *, into: Path | str | bytes, form: Path | str | None = None) -> Filled:
    """A workbook's numbers put into the office's own document by the form's labels; whatever else stands there stays.

    >>> import xlcheck
    >>> filled = xlcheck.fill("好.xlsx", into="空表.docx")
    >>> xlcheck.read(filled.data).held["requests.received.total"]
    6.0

    Args:
        workbook: a path, an address, or the file's bytes; it must be free of errors.
        into: the .docx likewise.
        form: the form that the workbook must be, by its id or file; None takes what it says.

    Raises:
        Refused: one of the two cannot be read.
        CannotDo: the workbook has errors, is another unit's or year's, or nobody can be sure where its numbers belong.
    """
    from xlcheck.tasks.fill import fill_report

    return fill_report(workbook, into, form)


def verify(
    workbook: Path | str | bytes,
    *,
    last_year: Path | str | bytes | None = None,
    form: Form | Path | str | None = None,
) -> Verified:
    """Check one workbook in this process; :func:`verify_all` gives files of strangers a process of their own.

    >>> import xlcheck
    >>> xlcheck.verify("好.xlsx").passed
    True
    >>> verified = xlcheck.verify("错.xlsx", last_year="好.xlsx")
    >>> verified.notices
    ('没有与上年比对：只找到“攀枝花市人民政府办公室”2021 年的报送表，没有 2020 年的',)
    >>> verified.annotated()[:2], verified.mended("all")[:2]
    (b'PK', b'PK')

    Args:
        workbook: a path, an address, or the file's bytes.
        last_year: last year's submission to compare with: its bytes, its file, or a folder in which it is found.
        form: the form it must be; None takes what the workbook says.

    Raises:
        Refused: it cannot be read; `message` says why, for a clerk.
        CannotDo: there is no such form, or nothing at `last_year`.
    """
    from xlcheck.tasks.one import verify_one

    return verify_one(workbook, last_year, form)


class FileReport(NamedTuple):
    """What checking one of many files came to.

    >>> import xlcheck
    >>> [report] = xlcheck.verify_all("错.xlsx")
    >>> report.path, report.status, report.errors
    ('错.xlsx', 'failed', 2)
    >>> report.record.lines[0].code
    'B102'
    """

    path: str
    """As it was given, or found in a folder that was given."""
    status: Literal["passed", "failed", "unreadable"]
    errors: int
    """How many findings must be mended."""
    warnings: int
    """How many findings are to be looked at, explained ones included."""
    explained: int
    """How many warnings the department has explained."""
    trouble: str
    """What went wrong with a copy, in a clerk's words; or empty."""
    text: str
    """All that a person reads of it, ending with a line end."""
    entry: str
    """Its entry of the JSON document."""

    @property
    def passed(self) -> bool:
        """Whether it can be read and nothing must be mended."""
        return self.status == "passed"

    @property
    def needs_review(self) -> bool:
        """Whether it passes, but with warnings that nobody explained."""
        return self.passed and self.warnings > self.explained

    @property
    def record(self) -> Record:
        """Who handed it in, its findings, and where its copy is, as values."""
        from xlcheck.results.record import of_entry

        return of_entry(self.entry)

    def document(self) -> FileJson:
        """What the JSON document says of it (docs/use/json.md)."""
        told: FileJson = json.loads(self.entry)
        return told


def verify_all(
    paths: Iterable[Path | str] | Path | str,
    options: Options | None = None,
    *,
    executor: Executor | None = None,
    listen: Listener = ignore,
) -> Iterator[FileReport]:
    """Check files and folders, each file in a process that it alone can bring down; never raises for a file.

    Results come in the order of the files. When the last one was taken, and a folder was given or a list of units, the
    summary, ``results.json`` and ``results.csv`` are written into the folder of `options`.

    >>> import xlcheck
    >>> for report in xlcheck.verify_all(["好.xlsx", "错.xlsx"]):
    ...     print(report.path, report.passed)
    好.xlsx True
    错.xlsx False
    >>> [report.record.annotated for report in xlcheck.verify_all("错.xlsx", xlcheck.Options(out="审核结果"))]
    ['审核结果/错.审核.xlsx']

    Args:
        paths: files, folders and addresses.
        options: how; None checks and writes nothing.
        executor: does the work instead of this machine's processors, with `workers` of the options at a time. It may be of
            threads, processes, or a cluster: each worker keeps a child process until it ends.
        listen: is told what happens, such as what cannot be compared.

    Raises:
        CannotDo: the options do not go together, what they name cannot be used, there are no files, results cannot be
            written, or the workers are lost.
    """
    from xlcheck.tasks.plan import plan_batch

    given = [str(paths)] if isinstance(paths, Path | str) else [str(path) for path in paths]
    batch = plan_batch(given, options if options is not None else Options(annotate=False), listen)
    return _reports(batch, executor, listen)


def _reports(batch: Batch, executor: Executor | None, listen: Listener) -> Generator[FileReport, None, None]:
    from xlcheck.results.writing import entry_below
    from xlcheck.tasks.verify import each_file

    for job, told in each_file(batch, listen, executor):
        entry = told.entry if batch.folder is None else entry_below(batch.folder, told.entry)
        yield FileReport(job.shown, *told.tally, told.trouble, told.text, entry)


def total(
    paths: Iterable[Path | str] | Path | str,
    *,
    out: Path | str | None = None,
    unit: str | None = None,
    year: int | None = None,
    include_failed: bool = False,
    units: Path | str | bytes | None = None,
    by_parent: bool = False,
    published: Path | str | None = None,
    form: Path | str | None = None,
    listen: Listener = ignore,
) -> Summed:
    """Add submissions up: one a unit, all of one year, as a rule only those that passed.

    >>> import xlcheck
    >>> summed = xlcheck.total("好.xlsx", year=2021)
    >>> [one.unit for one in summed.selection.contributions]
    ['攀枝花市人民政府办公室']
    >>> summed.results[0].total.values["requests.received.total"]
    6

    Args:
        paths: files, folders and addresses.
        out: the workbook that is written, or with `by_parent` the folder; None writes nothing.
        unit: 单位名称 on the total's cover.
        year: the only year that counts; None for the one that all have.
        include_failed: whether submissions with errors count, as far as their numbers can be right.
        units: a list of units (CSV or a workbook): only theirs count.
        by_parent: whether there is a total for each unit that others name as theirs above; wants `out` and `units`.
        published: a total that was published, to compare with.
        form: the form that all must be, by its id or file.
        listen: is told what happens.

    Raises:
        CannotDo: something named cannot be used, submissions are of several years, or a total cannot be written.
    """
    from xlcheck.tasks.given import place_of
    from xlcheck.tasks.total import TotalOptions, total_up

    given = [str(paths)] if isinstance(paths, Path | str) else [str(path) for path in paths]
    wanted = TotalOptions(
        place_of(out) if out is not None else None,
        unit,
        year,
        include_failed,
        units if units is None or isinstance(units, bytes) else place_of(units),
        by_parent,
        place_of(published) if published is not None else None,
        str(form) if form is not None else None,
    )
    return total_up(given, wanted, listen)
