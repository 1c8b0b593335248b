"""What tasks are given (forms, lists of units, places, files to work on), or one sentence why it cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xlcheck.files import paths
from xlcheck.files.content import why
from xlcheck.files.names import STDIN, SUPPORTED, is_workbook
from xlcheck.model.errors import Error, Refused
from xlcheck.model.text import clean
from xlcheck.tasks.events import Listener, Notice, ignore

if TYPE_CHECKING:
    from xlcheck.batch.earlier import Shelf, Stocking
    from xlcheck.batch.plan import Job
    from xlcheck.model.form import Form
    from xlcheck.reading.listings import SheetTexts
    from xlcheck.roster.units import Unit, UnitList

Blame = Literal["form", "units", "input", "output", "options", "workers", "letters", "copy", "interrupted"]

_DOUBTS = 5
"""Of more doubtful lines of a list only the first are told."""


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


def units_of(given: Path | str | bytes, listen: Listener) -> tuple[Unit, ...]:
    """The list of units in a CSV file or a workbook, or in its bytes; doubtful codes are told.

    Raises:
        CannotDo: it cannot be read, or used.
    """
    from xlcheck.roster.units import InvalidUnits

    named = "" if isinstance(given, bytes) else f"“{given}”"
    try:
        found = _unit_list(given if isinstance(given, bytes) else place_of(given).read_bytes())
    except OSError as error:
        raise CannotDo("units", f"无法读取单位名单{named}（{why(error)}）") from error
    except (InvalidUnits, Refused) as error:
        raise CannotDo("units", f"单位名单{named}：{error.message}") from error
    for doubt in found.doubts[:_DOUBTS]:
        listen(Notice(f"单位名单{named}：{doubt}"))
    if len(found.doubts) > _DOUBTS:
        listen(Notice(f"单位名单{named}：还有 {len(found.doubts) - _DOUBTS} 行的统一社会信用代码要核对"))
    return found.units


def _unit_list(data: bytes) -> UnitList:
    from xlcheck.reading.listings import begins_like_workbook
    from xlcheck.roster.units import Listing, list_units, parse_units

    if not begins_like_workbook(data):
        return parse_units(data)
    return list_units([Listing(*sheet) for sheet in _sheets_of(data)])


def _sheets_of(data: bytes) -> Sequence[SheetTexts]:
    """The sheets of a workbook, read in a process of its own like any stranger's."""
    from xlcheck.reading.listings import sheet_texts
    from xlcheck.workers.calls import Bounds, Lost
    from xlcheck.workers.child import Child

    child = Child(sheet_texts, Bounds())
    try:
        answer: tuple[SheetTexts, ...] | Refused | Lost = child.call(data)
    finally:
        child.close()
    if isinstance(answer, Refused):
        raise answer
    if isinstance(answer, Lost):
        raise Refused("F105", "读取时出了意外，请用 Excel 或 WPS 另存为新的 .xlsx，或者另存为 CSV 后再用")
    return answer


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


def shelf_at(given: Path | str, reading: Stocking, listed: Sequence[Unit] = (), listen: Listener = ignore) -> Shelf:
    """The submissions of another year or round in a file or folder; what is none is told.

    Raises:
        CannotDo: there is nothing, or it cannot be read.
    """
    from xlcheck.batch.earlier import stock
    from xlcheck.workers.spread import WorkersLost

    try:
        shelf = stock(place_of(given), reading, listed)
    except WorkersLost as error:
        raise CannotDo("workers", f"读取“{given}”的进程异常中断（{error}）；请重新运行") from error
    except OSError as error:
        raise CannotDo("input", f"无法读取“{given}”（{why(error)}）") from error
    for path in shelf.unreadable:
        listen(Notice(f"“{path}”不是可以读取的报送表，没有用于比对"))
    return shelf


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
        if absent := _absent(given):
            raise CannotDo(
                "input",
                f"没有找到“{'”、“'.join(map(clean, absent))}”，请检查名称和位置（{SUPPORTED}，或者放着它们的文件夹）",
            )
        jobs, skipped = plan_jobs(given, output)
    except NoRemote as error:
        raise CannotDo("input", str(error)) from error
    except OSError as error:
        raise CannotDo("input", f"无法列出“{'、'.join(given)}”中的文件（{why(error)}）") from error
    if skipped:
        said = (
            f"跳过 {skipped} 个副本（没有人改过的“.审核.”副本，以及“.建议.”稿）；要{verb}其中某一份，请直接指定该文件"
        )
        listen(Notice(said))
    return jobs


def _absent(given: Sequence[str]) -> list[str]:
    """What was given, if nothing of it is there and nothing is called like a workbook: folders are mistyped, too."""
    absent = [path for path in given if path != STDIN and not is_workbook(path) and not paths.exists(place_of(path))]
    return absent if len(absent) == len(given) else []


def no_workbooks(given: Sequence[str]) -> CannotDo:
    """There is nothing to work on."""
    return CannotDo("input", f"没有找到工作簿：{'、'.join(given)}（{SUPPORTED}）")
