"""What tasks are given (forms, lists of units, places, files to work on), or one sentence why it cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlcheck.files import paths
from xlcheck.files.content import why
from xlcheck.files.names import SUPPORTED
from xlcheck.model.errors import Error
from xlcheck.tasks.events import Listener, Notice

if TYPE_CHECKING:
    from xlcheck.batch.plan import Job
    from xlcheck.model.form import Form
    from xlcheck.roster.units import Unit

Blame = Literal["form", "units", "input", "output", "options", "workers", "letters", "copy", "interrupted"]


class CannotDo(Error):
    """A task cannot be done, or not be finished.

    `code` says what is to blame: the form, the list of units, what is to be read (`input`) or written (`output`), how the
    options go together, the workers, the letters or their server, a copy that cannot be made, or somebody's Ctrl-C.
    """

    def __init__(self, code: Blame, message: str) -> None:
        super().__init__(code, message)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[1])


def form_of(given: Form | Path | str | None) -> Form:
    """The form of that id or file; None is the usual one.

    Raises:
        CannotDo: there is no such form, or its file has faults, all of which are told.
    """
    from xlcheck.forms.file import DEFAULT, InvalidForm, form_ids, load_form

    if given is not None and not isinstance(given, str | Path):
        return given
    name = str(given or DEFAULT)
    try:
        return load_form(name)
    except InvalidForm as error:
        raise CannotDo("form", error.message) from error
    except OSError as error:
        raise CannotDo("form", f"没有编号为“{name}”的表；现有：{'、'.join(form_ids())}") from error


def units_of(given: Path | str | bytes) -> tuple[Unit, ...]:
    """The list of units in a CSV file, or in its bytes.

    Raises:
        CannotDo: it cannot be read, or used.
    """
    from xlcheck.roster.units import InvalidUnits, parse_units

    named = "" if isinstance(given, bytes) else f"“{given}”"
    try:
        return parse_units(given if isinstance(given, bytes) else place_of(given).read_bytes())
    except OSError as error:
        raise CannotDo("units", f"无法读取单位名单{named}（{why(error)}）") from error
    except InvalidUnits as error:
        raise CannotDo("units", f"单位名单{named}：{error}") from error


def place_of(address: Path | str) -> Path:
    """The file or folder behind a path or an address.

    Raises:
        CannotDo: the library for such addresses is not installed.
    """
    from xlcheck.files.remote import NoRemote

    try:
        return paths.path_of(str(address))
    except NoRemote as error:
        raise CannotDo("input", str(error)) from error


def workbooks_in(given: Sequence[str], output: Path | None, listen: Listener, verb: str) -> list[Job]:
    """The workbooks of some files and folders, each once; that copies of ours are passed over is told.

    Args:
        given: paths and addresses as the user gave them.
        output: where copies will go; None for beside their originals.
        listen: is told.
        verb: what is done with them, in a clerk's words.

    Raises:
        CannotDo: they cannot be listed.
    """
    from xlcheck.batch.plan import plan_jobs
    from xlcheck.files.remote import NoRemote

    try:
        jobs, skipped = plan_jobs(given, output)
    except NoRemote as error:
        raise CannotDo("input", str(error)) from error
    except OSError as error:
        raise CannotDo("input", f"无法列出“{'、'.join(given)}”中的文件（{why(error)}）") from error
    if skipped:
        said = f"跳过 {skipped} 个副本（文件名带“.审核.”或“.建议.”）；要{verb}改正后发回的副本，请直接指定该文件"
        listen(Notice(said))
    return jobs


def no_workbooks(given: Sequence[str]) -> CannotDo:
    """There is nothing to work on."""
    return CannotDo("input", f"没有找到工作簿：{'、'.join(given)}（{SUPPORTED}）")
