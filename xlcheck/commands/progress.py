"""The progress bar (tqdm): on stderr, and only where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tqdm import tqdm

_FORMAT = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 个，每秒 {rate_noinv_fmt}，还要 {remaining}"


class Progress:
    """How far a batch is; use it in a ``with`` statement, or close it."""

    def __init__(self, total: int, done: int, quiet: bool) -> None:
        """Show a bar for `total` files, of which `done` need no work; none where `quiet`. It goes with the last file."""
        wanted = not quiet and total > max(1, done) and sys.stderr.isatty()
        self._bar = _bar(total, done) if wanted else None
        self._left = total - done

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def step(self) -> None:
        """One file more."""
        self._left -= 1
        if self._bar is not None:
            self._bar.update()
            if self._left == 0:
                self.close()

    def aside(self) -> AbstractContextManager[None]:
        """Take the bar away while something else is printed."""
        return nullcontext() if self._bar is None else self._bar.external_write_mode(file=sys.stderr)


def _bar(total: int, done: int) -> tqdm[NoReturn]:
    import shutil

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
