"""What the commands share: how they speak, how they fail, and the form they work on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from xlcheck.wording import clean

if TYPE_CHECKING:
    from xlcheck.form import Form

FORMATS = ("text", "json", "csv")

form_option = click.option("--form", "form_name", metavar="ID", help="表的编号，或自备的 .toml 文件。")


def fail(message: str) -> click.ClickException:
    """The job cannot be done: one sentence, exit code 2."""
    return click.ClickException(message)


def load(form_name: str | None) -> Form:
    """The form that a command works on."""
    from xlcheck.formfile import DEFAULT, InvalidForm, form_ids, load_form

    name = form_name or DEFAULT
    try:
        return load_form(name)
    except InvalidForm as error:
        raise fail(f"表格定义文件“{name}”有 {len(error.faults)} 处错误：\n" + "\n".join(error.faults)) from error
    except OSError as error:
        raise fail(f"没有编号为“{name}”的表；现有：{'、'.join(form_ids())}") from error


def paint() -> Callable[[str, str], str]:
    """Colours on a terminal, none in a pipe or where NO_COLOR is set (no-color.org)."""
    from xlcheck.report import plain

    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return plain
    return lambda text, colour: click.style(text, fg=colour, bold=True)


def say(text: str) -> None:
    """Print a report, in the colours that it already has."""
    click.echo(text, nl=False, color=True)


def tell(text: str) -> None:
    """Print one line to stderr; nothing in it steers the terminal."""
    click.echo(clean(text), err=True)


def say_bytes(text: str, mark: bytes = b"") -> None:
    """Print a document for programs: always UTF-8."""
    sys.stdout.flush()
    sys.stdout.buffer.write(mark + text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
