"""The progress bar (tqdm): on stderr, and only where that is a terminal."""

from __future__ import annotations

import shutil
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tqdm import tqdm

_FORMAT = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 个，每秒 {rate_noinv_fmt}，还要 {remaining}"


class Progress:
    """How far a batch is; use it in a ``with`` statement."""

    def __init__(self, total: int, done: int, quiet: bool) -> None:
        """Show a bar for `total` files, of which `done` need no work; none where `quiet`."""
        self._bar = None if quiet or total < 2 or not sys.stderr.isatty() else _bar(total, done)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def step(self) -> None:
        """One file more."""
        if self._bar is not None:
            self._bar.update()

    def aside(self) -> AbstractContextManager[None]:
        """Take the bar away while something else is printed."""
        return nullcontext() if self._bar is None else self._bar.external_write_mode(file=sys.stderr)


def _bar(total: int, done: int) -> tqdm[NoReturn]:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would keep us from forking
    size = shutil.get_terminal_size()  # tqdm shows nothing on a terminal that does not tell its own
    return tqdm(
        total=total,
        initial=done,
        unit="",
        bar_format=_FORMAT,
        file=sys.stderr,
        leave=False,
        ncols=size.columns - 1,
        nrows=size.lines,
    )
