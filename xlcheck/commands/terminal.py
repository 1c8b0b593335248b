"""What the commands share: how they speak, how they fail, and the form they work on."""

from __future__ import annotations

import datetime
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from xlcheck.files.content import why
from xlcheck.model.text import clean

if TYPE_CHECKING:
    from xlcheck.model.form import Form
    from xlcheck.roster.units import Unit

FORMATS = ("text", "json", "csv")

form_option = click.option("--form", "form_name", metavar="ID", help="表的编号，或自备的 .toml 文件。")


class _Place(click.ParamType[Path]):
    """A path, or an address such as ``s3://bucket/folder``."""

    name = "place"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The place that was named."""
        return place(value)


PLACE = _Place()


class _Day(click.ParamType[datetime.date]):
    """``2026-01-20``."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """The day that was named."""
        try:
            return datetime.datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError as error:
            raise click.BadParameter("要写成 2026-01-20 这样的日期。", ctx, param) from error


DAY = _Day()


def place(address: str | Path) -> Path:
    """The file or folder behind a path or an address."""
    from xlcheck.files import paths
    from xlcheck.files.remote import NoRemote

    try:
        return paths.place(str(address))
    except NoRemote as error:
        raise fail(str(error)) from error


def fail(message: str) -> click.ClickException:
    """The job cannot be done: one sentence, exit code 2."""
    return click.ClickException(message)


def load(form_name: str | None) -> Form:
    """The form that a command works on."""
    from xlcheck.forms.file import DEFAULT, InvalidForm, form_ids, load_form

    name = form_name or DEFAULT
    try:
        return load_form(name)
    except InvalidForm as error:
        raise fail(f"表格定义文件“{name}”有 {len(error.faults)} 处错误：\n" + "\n".join(error.faults)) from error
    except OSError as error:
        raise fail(f"没有编号为“{name}”的表；现有：{'、'.join(form_ids())}") from error


def read_units(path: Path) -> tuple[Unit, ...]:
    """The list of units that a command works with."""
    from xlcheck.roster.units import InvalidUnits, parse_units

    try:
        return parse_units(path.read_bytes())
    except OSError as error:
        raise fail(f"无法读取单位名单“{path}”（{why(error)}）") from error
    except InvalidUnits as error:
        raise fail(f"单位名单“{path}”：{error}") from error


def paint() -> Callable[[str, str], str]:
    """Colours on a terminal, none in a pipe or where NO_COLOR is set (no-color.org)."""
    from xlcheck.results.text import painted, plain

    return plain if os.environ.get("NO_COLOR") or not sys.stdout.isatty() else painted


def say(text: str) -> None:
    """Print a report, in the colours that it already has."""
    click.echo(text, nl=False, color=True)


def tell(text: str) -> None:
    """Print one line to stderr; nothing in it steers the terminal."""
    click.echo(clean(text), err=True)


def say_bytes(text: str) -> None:
    """Print a document for programs: always UTF-8."""
    with say_stream() as stream:
        stream.write(text)


@contextmanager
def say_stream(marked: bool = False) -> Iterator[TextIO]:
    """A stream that prints a document for programs piece by piece: always UTF-8, lines ending as they are written.

    Args:
        marked: whether it begins with a mark, without which Excel and WPS do not take a CSV file for UTF-8.
    """
    sys.stdout.flush()
    if marked:
        sys.stdout.buffer.write(b"\xef\xbb\xbf")
    stream = io.TextIOWrapper(sys.stdout.buffer, "utf-8", "backslashreplace", newline="")
    try:
        yield stream
        stream.flush()
    finally:
        stream.detach()
