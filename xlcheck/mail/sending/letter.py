"""The words of a letter: Chinese, as text and as HTML, from templates that an office can replace (Jinja2)."""

from __future__ import annotations

import datetime
import re
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from xlcheck.mail.sending.handling import filling, handling
from xlcheck.mail.sending.plan import Draft
from xlcheck.model.errors import Error
from xlcheck.model.finding import POSSIBLE
from xlcheck.model.office import Office
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.record import Line, Record

if TYPE_CHECKING:
    from jinja2 import Environment

FILES = ("subject.txt", "letter.txt", "letter.html")
"""The templates. Those that an office does not replace stay as they are."""

OURS = Path(__file__).parent / "templates"
"""Where ours lie."""

SHOWN = 5
"""How many findings a letter tells."""

_LONGEST_SUBJECT = 200

_FETCHED = re.compile(r"^(?:请)?(?:到|去|在)?(.+?)(?:处)?(?:领取|下载|查收)?[。．.]?$")


_IN_TABLE = re.compile(r"(第 \d+ 个表格)(第 .*)")


class InvalidTemplate(Error):
    """A template that cannot be used; the message names file and line, for a clerk."""

    code = "template"


class Words(NamedTuple):
    """A letter as it is read."""

    subject: str
    text: str
    html: str


class ToldFinding(NamedTuple):
    """One finding as a letter tells it."""

    where: str
    """``“依申请公开”表 J28 等 22 格``, or empty."""
    message: str
    code: str
    """Of its rule: what an explanation names."""
    fix: str
    """What a cell should probably hold, where there is one answer only; or empty."""
    must: bool
    """Whether it must be mended."""


class Templates(NamedTuple):
    """Where the words come from."""

    environment: Environment


def templates(folder: Path | None) -> Templates:
    """The templates of the office, and ours for those that it has not.

    Raises:
        InvalidTemplate: there is none in `folder`, or one cannot be read.
    """
    from jinja2 import TemplateError

    if folder is not None and not any((folder / name).is_file() for name in FILES):
        raise InvalidTemplate(f"文件夹“{folder}”里没有信件模板（{'、'.join(FILES)}）")
    found = environment(*(() if folder is None else (folder,)), OURS)
    for name in FILES:
        try:
            found.get_template(name)
        except (TemplateError, OSError, UnicodeError) as error:
            raise _invalid(name, error) from error
    return Templates(found)


def environment(*folders: Path) -> Environment:
    """The templates in these folders, the first one first: sandboxed, HTML escaped, and nothing undefined passed over."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=lambda name: (name or "").endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_words(templates: Templates, draft: Draft, about: Mapping[str, Any]) -> Words:
    """The letter of a draft.

    Args:
        templates: where the words come from.
        draft: which letter.
        about: what :func:`context` gives.

    Raises:
        InvalidTemplate: a template uses what is not there, or fails in another way.
    """
    texts = []
    for name in FILES:
        try:
            texts.append(templates.environment.get_template(name).render(about))
        except Exception as error:  # whatever somebody's template provokes
            raise _invalid(name, error) from error
    subject, text, html = texts
    subject = clean(" ".join(subject.split()))[:_LONGEST_SUBJECT]
    text = "\n".join(clean(line).rstrip() for line in text.splitlines()).strip() + "\n"
    html = "\n".join(clean(line) for line in html.splitlines())
    for name, content in zip(FILES, (subject, text, html), strict=True):
        if not content.strip():
            raise InvalidTemplate(f"信件模板“{name}”给“{clean(draft.unit.name)}”写出的内容是空的")
    return Words(subject, text, html)


def context(
    draft: Draft,
    office: Office,
    where: str,
    attachment: str,
    year: int | None,
    day: datetime.date,
    number: int,
    link: str = "",
) -> dict[str, Any]:
    """What templates may use (docs/use/commands/mail.md). A notice has no figures: using one there is an error.

    Args:
        draft: which letter.
        office: who writes.
        where: where the file can be fetched; for a notice.
        attachment: its file name, or empty.
        year: the year that the tables are about, if it is known.
        day: the date of the letter.
        number: which reminder it is, or how often templates went out.
        link: where the unit can hand in on a page, or empty.
    """
    record = draft.record
    deadline = office.deadline
    about: dict[str, Any] = {
        "unit": clean(draft.unit.name),
        "contact": clean(draft.unit.contact),
        "kind": draft.kind,
        "verdict": draft.verdict,
        "remarks": [clean(remark) for remark in draft.remarks],
        "document": record.document if record else "",
        "year": (record.year if record else None) or year,
        "deadline": _date(deadline) if deadline else "",
        "overdue": bool(deadline and deadline < day),
        "attachment": attachment,
        "where": _place(clean(where)),
        "link": link,
        "office": clean(office.name),
        "phone": clean(office.phone),
        "reply_to": office.reply_to,
        "date": _date(day),
        "round": number,
    }
    about["by"] = f"于{about['deadline']}前" if deadline and not about["overdue"] else "尽快"
    if draft.kind == "template":
        about["steps"] = filling(attachment, about["by"], about["reply_to"])
    if record is not None:
        asked = handling(record.document, record.tally, attachment, about["by"], about["reply_to"])
        about |= {"explain": asked.explain, "lists": asked.lists, "steps": asked.steps}
    if record is not None and draft.kind != "notice":
        told = _told(record)
        about |= {"errors": record.tally.errors, "warnings": record.tally.warnings, "findings": told[:SHOWN]}
        about["file"] = clean(PurePath(record.path).name)
        about["reason"] = clean(record.lines[0].message).partition("”：")[2] if record.status == "unreadable" else ""
        about["more"] = max(0, len(told) - SHOWN)
        about["unexplained"] = record.tally.warnings - record.tally.explained
    return about


def _place(where: str) -> str:
    """Where something can be fetched, without the words that the letter says itself: 到…领取."""
    return _FETCHED.sub(r"\1", where.strip())


def _date(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _told(record: Record) -> list[ToldFinding]:
    lines = sorted(record.lines, key=lambda line: (line.severity != "error", bool(line.explanation)))
    told: list[ToldFinding] = []
    fixes: set[str] = set()
    for line in lines:
        # Findings of one cause share their answer, which is told with the first of them.
        fix = _fix(line)
        told.append(
            ToldFinding(
                _where(line.cells),
                clean(line.message),
                line.code,
                "" if fix in fixes else fix,
                line.severity == "error",
            )
        )
        fixes.add(fix)
    return told


def _where(cells: Sequence[str]) -> str:
    """Cells in words: those of one sheet, or of one table of a document, together."""
    if not cells:
        return ""
    parted = [_parted(clean(cell)) for cell in cells]
    on, first = parted[0]
    if len(cells) > 4 or any(other != on for other, _ in parted):
        return f"{on}{first} 等 {len(cells)} 格" if len(cells) > 1 else f"{on}{first}"
    return on + "、".join(cell for _, cell in parted)


def _parted(cell: str) -> tuple[str, str]:
    """Where a cell lies, and which one it is there: ``“依申请公开”表`` and ``J28``, ``第 2 个表格`` and ``第 5 行第 4 列``."""
    if found := _IN_TABLE.match(cell):
        return found[1], found[2]
    sheet, _, name = cell.rpartition("!")
    return f"“{sheet}”表 " if sheet else "", name


def _fix(line: Line) -> str:
    if len(line.suggestions) != 1:
        return ""
    cell, value = line.suggestions[0]
    reason = line.reasons[0] if line.reasons else ""
    sure = "可能：" if reason.startswith(POSSIBLE) else "疑为：" if reason.startswith("疑为") else ""
    return f"{sure}{_where((cell,))} 应为 {clean(value)}"


def _invalid(name: str, error: Exception) -> InvalidTemplate:
    """Where in which template, and what."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError

    if isinstance(error, UnicodeError):
        return InvalidTemplate(f"信件模板“{name}”不是 UTF-8 编码的文本，请另存为 UTF-8")
    if isinstance(error, TemplateNotFound):
        return InvalidTemplate(f"信件模板“{name}”要用的文件“{clean(str(error.name))}”不在模板文件夹里")
    if isinstance(error, TemplateSyntaxError):
        return InvalidTemplate(
            f"信件模板“{error.name or name}”第 {error.lineno} 行写法不对：{clean(str(error.message))}"
        )
    inside = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).name in FILES]
    place = f"“{Path(inside[-1].filename).name}”第 {inside[-1].lineno} 行" if inside else f"“{name}”"
    said = clean(str(error)) or type(error).__name__
    if isinstance(error, UndefinedError):
        return InvalidTemplate(f"信件模板{place}用了没有的内容：{said}")
    if isinstance(error, SecurityError):
        return InvalidTemplate(f"信件模板{place}做了不允许的事：{said}")
    return InvalidTemplate(f"信件模板{place}出错：{said}")
