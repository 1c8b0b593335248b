"""The progress bar (tqdm): on stderr, and only where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager

from tqdm import tqdm

_FORMAT = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 个，每秒 {rate_noinv_fmt}，还要 {remaining}"


class Progress:
    """How far a batch is; use it in a ``with`` statement."""

    def __init__(self, total: int, done: int, quiet: bool) -> None:
        """Show a bar for `total` files, of which `done` need no work; none where `quiet`."""
        tqdm.monitor_interval = 0  # its thread would keep us from forking
        self._bar = tqdm(
            total=total,
            initial=done,
            unit="",
            bar_format=_FORMAT,
            file=sys.stderr,
            disable=quiet or total < 2 or not sys.stderr.isatty(),
            leave=False,
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.close()

    def step(self) -> None:
        """One file more."""
        self._bar.update()

    def aside(self) -> AbstractContextManager[None]:
        """Take the bar away while something else is printed."""
        return self._bar.external_write_mode(file=sys.stderr)
