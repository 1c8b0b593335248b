"""xlcheck for those who use no command line: files dropped on the program, and the window that Windows opens for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

_RESULTS = "-审核结果"
"""What the folder of the results is called, behind the name of the folder that was dropped."""

WINDOW = ("serve", "--documents")
"""The command line of a double click."""

GREETING = """\
xlcheck 收集、核对政府信息公开工作年度报告的统计表。

正在浏览器里打开窗口，请稍候。用的时候不要关闭这里；用完后关闭这里，就结束了。要再用时，再双击一次。
各年的报送工作都在“文档”里的“报送工作”文件夹中，删除、更换本程序不影响它。

只核对几份表的，不用打开窗口：把工作簿或者文件夹拖到 xlcheck 的图标上，松开。详见“使用说明.txt”。
"""
"""What is shown above a window that a double click opens."""

_WAIT = "\n按回车键关闭本窗口。"


def dropped(arguments: Sequence[str]) -> list[str] | None:
    """The command line for files that were dropped on the program: to check them. None where it is an ordinary one.

    Files are dropped as whole paths, with no command before them. What comes of a folder goes into one beside it.
    """
    if not arguments or not all(map(_is_whole_path, arguments)):
        return None
    first = arguments[0].rstrip("/\\")
    out = ["-o", first + _RESULTS] if len(arguments) == 1 and os.path.isdir(first) and os.path.basename(first) else []
    return ["verify", *arguments, *out]


def _is_whole_path(argument: str) -> bool:
    return os.path.isabs(argument) and os.path.exists(argument)


def has_own_window(kernel: Any = None) -> bool:
    """Whether Windows opened a console for this process alone, as for a double click: it closes as soon as we end.

    Args:
        kernel: ``kernel32`` of Windows; else the system's own, where there is one.
    """
    import ctypes

    kernel = kernel or getattr(getattr(ctypes, "windll", None), "kernel32", None)
    # How many processes share the console; as many of their numbers as there is room for are written.
    return kernel is not None and bool(kernel.GetConsoleProcessList((ctypes.c_uint32 * 2)(), 2) == 1)


def is_from_desktop() -> bool:
    """Whether a build was started from a desktop that opened no terminal for it, as those of Linux do for a double click."""
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(getattr(sys, "frozen", False) and has_screen and not any(map(os.isatty, range(3))))


def keep_open() -> None:
    """Let whoever opened the window read it."""
    with suppress(EOFError, KeyboardInterrupt, OSError, ValueError):
        sys.stdout.write(_WAIT)
        sys.stdout.flush()
        sys.stdin.readline()
