"""What the commands share: how they speak, how they fail, and the kinds of what they are given."""

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

from xlcheck.model.text import clean, hung
from xlcheck.tasks.given import place_of

if TYPE_CHECKING:
    from xlcheck.tasks.events import Event

FORMATS = ("text", "json", "csv")

form_option = click.option("--form", metavar="编号", help="表的编号，或自备的 .toml 文件。")


class _Place(click.ParamType[Path]):
    """A path, or an address such as ``s3://bucket/folder``."""

    name = "place"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The place that was named."""
        return place_of(value)


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


def fail(message: str) -> click.ClickException:
    """The job cannot be done: one sentence, exit code 2."""
    return click.ClickException(message)


def paint() -> Callable[[str, str], str]:
    """Colours on a terminal, none in a pipe or where NO_COLOR is set (no-color.org)."""
    from xlcheck.results.text import painted, plain

    return plain if os.environ.get("NO_COLOR") or not sys.stdout.isatty() else painted


def say(text: str) -> None:
    """Print a report, in the colours that it already has; on a terminal broken to its width."""
    if sys.stdout.isatty():
        import shutil

        text = hung(text, shutil.get_terminal_size().columns)
    click.echo(text, nl=False, color=True)


def tell(text: str) -> None:
    """Print one line to stderr; nothing in it steers the terminal."""
    click.echo(clean(text), err=True)


def notice(event: Event) -> None:
    """Print what a task has to say, as its listener."""
    from xlcheck.tasks.events import Notice

    if isinstance(event, Notice):
        tell(event.text)


def asking() -> Callable[[str], str] | None:
    """Asks for a password, which is not shown while it is typed; None where nobody sits at a terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    return lambda text: str(
        click.prompt(text, hide_input=True, err=True, prompt_suffix="：", default="", show_default=False)
    )


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
