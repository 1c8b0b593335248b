"""The process: ``xlcheck``, and ``python -m xlcheck``."""

from __future__ import annotations

import gc

_YOUNG = 50_000
"""So many objects are made before the collector looks for cycles among them. Starting makes fewer and drops next to none; to
look after each 700 takes a tenth of a short run."""


def start() -> None:
    """The console script; it ends the process."""
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    from xlcheck.commands.cli import main

    try:
        main()
    finally:
        # What is left goes with the process; to look for cycles among it takes another tenth.
        gc.freeze()


if __name__ == "__main__":
    start()
