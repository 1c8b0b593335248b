"""xlcheck for those who use no command line: files dropped on the program, and the window that Windows opens for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

_RESULTS = "-审核结果"
"""What the folder of the results is called, behind the name of the folder that was dropped."""

GREETING = f"""\
xlcheck 核对政府信息公开工作年度报告的统计表。不用输入命令：

  1. 关闭本窗口；
  2. 把收回的工作簿拖到 xlcheck 的图标上，松开。可以选中几个一起拖，也可以拖一个文件夹；
  3. 窗口里逐个列出结论。有问题的，原文件旁边多出一份“原名.审核.xlsx”，发回报送单位改正；拖的是文件夹的，
     副本和“审核汇总.xlsx”都在旁边的“文件夹名{_RESULTS}”里。

原文件不会改动。下发模板、汇总、收发邮件要输入命令：在本文件夹的地址栏里输入 cmd，按回车键，
再输入 xlcheck --help 查看用法，或者看“使用说明.txt”。
"""
"""What is shown when the program is started by a double click, with nothing to do."""

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


def keep_open() -> None:
    """Let whoever opened the window read it."""
    with suppress(EOFError, KeyboardInterrupt, OSError, ValueError):
        sys.stdout.write(_WAIT)
        sys.stdout.flush()
        sys.stdin.readline()
