"""Extras: libraries that xlcheck comes without."""

from __future__ import annotations

import sys


def how_to_get(extra: str) -> str:
    """How to get the libraries of an extra: the end of a clerk's sentence."""
    command = f"pip install 'xlcheck[{extra}]'"
    if getattr(sys, "frozen", False):  # nothing can be installed into what PyInstaller made
        return f"免安装版不带这一部分，请另用 Python 安装：{command}"
    return f"请先安装：{command}"
