"""click in Chinese: its headings, its help texts and its complaints."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from xlcheck.model.errors import Error
from xlcheck.model.text import across, clean, cut_to

_HEADINGS = {"Options": "选项", "Commands": "命令"}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …").replace("...", " …")
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """As click does it, for characters that take two columns."""
        rows = [(term, _said(said)) for term, said in rows]
        first = min(max(across(term) for term, _ in rows), col_max) + col_spacing
        room, left = max(self.width - first - 2, 10), " " * (self.current_indent + first)
        for term, said in rows:
            lines = cut_to(said, room, room)
            begins = f"{'':{self.current_indent}}{term}"
            if across(term) > first - col_spacing:
                self.write(f"{begins}\n")
                begins = left
            self.write(f"{begins}{'':{len(left) - across(begins)}}{lines[0]}".rstrip() + "\n")
            self.write("".join(f"{left}{line}\n" for line in lines[1:]))


_BOTH, _LEAST = re.compile(r"\[(\d+)<=x<=(\d+)\]"), re.compile(r"\[x>=(\d+)(?:\.0)?\]")


def _said(said: str) -> str:
    """What click adds to the help of an option, in Chinese."""
    said = _LEAST.sub(r"（不小于 \1）", _BOTH.sub(r"（\1 到 \2）", said))
    said = re.sub(r"。? *(（(?:不小于|\d+ 到)[^）]*）)", r"\1。", said).replace("）（", "，")
    return said.replace("[required]", "[必填]")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is Chinese; `example` is shown below it."""

    context_class = _Context

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line; a complaint knows of which command it is."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本帮助。"
        return option

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the example."""
        if self.example:
            formatter.write_paragraph()
            formatter.write(f"例：\n  {self.example}\n")


class Group(Command, click.Group):
    """A group of such commands. The module of one is imported when it is called, so that none waits for the others."""

    command_class = Command

    def __init__(self, *args: Any, modules: Mapping[str, str], prefix: str = "", **kwargs: Any) -> None:
        """Make a group.

        Args:
            args: of the command.
            modules: in which module each command stands, called ``NAME_command``, as click takes it for NAME.
            prefix: what stands before that name, where another group has such a command, too.
            kwargs: of the command.
        """
        super().__init__(*args, **kwargs)
        self._modules, self._prefix = modules, prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in order."""
        return sorted(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name.

        Raises:
            click.UsageError: there is none.
        """
        if cmd_name in self._modules:
            command: click.Command = getattr(
                import_module(self._modules[cmd_name]), f"{self._prefix}{cmd_name}_command"
            )
            return command
        if not ctx.resilient_parsing:
            ctx.fail(f"没有命令“{cmd_name}”。")
        return None

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the group's text."""
        click.Group.format_help_text(self, ctx, formatter)


def run_command(command: click.Command, name: str, arguments: Sequence[str] | None = None) -> int:
    """Run a command line; answers the exit code. Complaints go to stderr, in Chinese, never as a traceback."""
    try:
        code = command.main(arguments, prog_name=name, standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        click.echo("已中断。", err=True)
        return 2
    except click.UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError" and error.ctx is not None:  # click 8.2 and later
            click.echo(error.ctx.get_help(), err=True)
            return 2
        click.echo(f"{clean(_complaint(error))}\n用“{_path(error, name)} --help”查看用法。", err=True)
        return 2
    except (click.ClickException, Error) as error:
        click.echo("\n".join(map(clean, error.message.split("\n"))), err=True)
        return 2
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; there is nobody left to tell.
        with contextlib.suppress(OSError):
            sys.stdout.close()
        return 2
    return code if isinstance(code, int) else 0


def _path(error: click.UsageError, name: str) -> str:
    return error.ctx.command_path if error.ctx is not None else name


def _complaint(error: click.UsageError) -> str:
    told: dict[type[click.UsageError], Callable[[Any], str]] = {
        click.NoSuchOption: lambda e: f"没有选项“{e.option_name}”。",
        click.BadOptionUsage: lambda e: f"选项“{e.option_name}”用法不对，可能缺少它的值。",
        click.MissingParameter: lambda e: f"缺少{_parameter(e.param)}。",
        click.BadParameter: _bad_parameter,
        click.BadArgumentUsage: lambda e: f"参数不对：{e.message}",
    }
    for kind, say in told.items():
        if isinstance(error, kind):
            return say(error)
    if "unexpected extra argument" in error.message:
        return f"参数太多：{error.message.partition('(')[2].rstrip(')')}。"
    return error.message


def _parameter(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return f"选项“{parameter.opts[-1]}”"
    named = parameter.make_metavar(click.Context(click.Command(""))) if parameter is not None else ""
    return f"参数“{named.removesuffix('...')}”" if named else "参数"


def _bad_parameter(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"{_parameter(error.param)}只能是：{'、'.join(map(str, kind.choices))}。"
    if isinstance(kind, click.IntRange):
        return (
            f"{_parameter(error.param)}要填 {kind.min} 到 {kind.max} 的整数。"
            if kind.max is not None
            else (f"{_parameter(error.param)}要填不小于 {kind.min} 的整数。")
        )
    if isinstance(kind, click.FloatRange):
        return f"{_parameter(error.param)}要填不小于 {kind.min or 0:g} 的数。"
    if isinstance(kind, click.Path):
        return f"{_parameter(error.param)}用不了：{next((to for of, to in _PLACES.items() if of in error.message), error.message)}。"
    return f"{_parameter(error.param)}不对：{error.message}"


_PLACES = {
    "is not readable": "没有权限读取",
    "does not exist": "找不到，请检查名称和位置",
    "is a file": "要的是文件夹，这是一个文件",
    "is a directory": "要的是文件，这是一个文件夹",
}
"""What click says of a file or folder."""
