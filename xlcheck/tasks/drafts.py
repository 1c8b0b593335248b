"""Form files of one's own: drafted from a workbook, and looked through for faults."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

from xlcheck.files.content import read_bytes, why, write_bytes
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.extras import how_to_get
from xlcheck.model.form import Form
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, place_of

_LOST = "起草时出了意外；请用 Excel 或 WPS 另存为新的 .xlsx，只留要填的表，再试一次"


class FormFault(NamedTuple):
    """Something wrong in a form file."""

    line: int | None
    """Where it stands; None where it is on no line."""
    message: str
    """Its place, and what is wrong; for the author of the file."""


class CheckedForm(NamedTuple):
    """What a form file came to."""

    form: Form | None
    """None where it has faults."""
    faults: tuple[FormFault, ...]


def drafted(given: Path | str | bytes, name: str = "") -> str:
    """The text of a form file for the tables of a workbook, read in a process of its own like any stranger's.

    Args:
        given: the workbook's path or address, or its bytes.
        name: what the form is called where the workbook does not say; else its file's name.

    Raises:
        Refused: it cannot be read, no parser may see it, or nothing in it is to be filled in.
        CannotDo: openpyxl is not installed.
    """
    from importlib.util import find_spec

    if find_spec("openpyxl") is None:
        raise CannotDo("form", f"要起草表格定义，{how_to_get('forms')}")
    from xlcheck.reading.drawings import draft_of
    from xlcheck.workers.calls import Bounds, Lost
    from xlcheck.workers.child import Child

    if isinstance(given, bytes):
        data = given
    else:
        path = place_of(given)
        data = read_bytes(path, LIMITS.file_bytes)
        name = name or path.stem
    child = Child(draft_of, Bounds())
    try:
        answer: str | Refused | Lost = child.call((name or "my-form", data))
    finally:
        child.close()
    if isinstance(answer, Lost):
        raise Refused("F105", _LOST)
    if isinstance(answer, Refused):
        raise answer
    return answer


def write_draft(given: Path | str, out: Path | None, listen: Listener = ignore) -> Path:
    """Draft a form file beside us; one that is there already is never replaced.

    Args:
        given: the workbook.
        out: the file to write; None for the workbook's name with ``.toml`` in the folder we are in.
        listen: is told.

    Raises:
        CannotDo: the workbook cannot be used, or something is in the way.
    """
    path = out or Path(f"{place_of(given).stem}.toml")
    if path.suffix.lower() != ".toml":
        raise CannotDo("output", f"“{path}”要以 .toml 结尾，这样 --form 才认得出它是文件")
    if os.path.lexists(path):
        raise CannotDo("output", f"已有“{path}”，没有覆盖；请先移走，或用 -o 换一个名称")
    try:
        text = drafted(given, path.stem)
    except Refused as refused:
        raise CannotDo("input", f"“{given}”：{refused.message}") from refused
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, text.encode())
    except (OSError, UnicodeError) as error:
        raise CannotDo("output", f"无法写入“{path}”（{why(error)}）") from error
    listen(Notice(f"已起草“{path}”，请逐项核对后运行：xlcheck form check {path}"))
    return path


def check_form(path: Path | str) -> CheckedForm:
    """Look through a form file: all faults at once, and whether its balances' examples are true.

    Raises:
        CannotDo: the file cannot be read.
    """
    from xlcheck.forms.file import InvalidForm, parse_form
    from xlcheck.forms.lines import line_at, toml_lines

    try:
        text = place_of(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return CheckedForm(None, (FormFault(None, f"byte {error.start}: not UTF-8"),))
    except OSError as error:
        raise CannotDo("input", f"无法读取“{path}”（{why(error)}）") from error
    try:
        form = parse_form(text, str(path))
    except InvalidForm as error:
        found = error.faults
        if len(found) == 1 and (match := re.search(r"at line (\d+)", found[0])):
            return CheckedForm(None, (FormFault(int(match[1]), found[0]),))
        lines = toml_lines(text)
        faults = [FormFault(line_at(lines, fault.partition(": ")[0]), fault) for fault in found]
        return CheckedForm(None, tuple(sorted(faults, key=lambda fault: fault.line or 0)))
    wrong = _untrue(form)
    return CheckedForm(None if wrong else form, tuple(wrong))


def _untrue(form: Form) -> list[FormFault]:
    """The examples of rules that do not show what they say."""
    from xlcheck.checking.verify import LastYear, verify_submission
    from xlcheck.model.submission import Submission

    places = {key: place for table in form.tables for key, place in table.places.items()}
    zeros = dict.fromkeys(form.by_key, 0)
    faults: list[FormFault] = []
    for text in form.rule_texts:
        for says, example, told in (("wrong", text.wrong, True), ("right", text.right, False)):
            submission = Submission(form, {}, {**zeros, **example.values}, places, ())
            before = {key: Decimal(str(value)) for key, value in example.last_year.items()}
            last_year = LastYear({**zeros, **before})
            codes = {finding.code for finding in verify_submission(submission, last_year).findings}
            if (text.code in codes) is not told:
                what = "is not found by it" if told else "is found by it"
                faults.append(FormFault(None, f"{text.code}.{says}: {text.code} {what}"))
    return faults
