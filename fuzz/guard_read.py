"""Coverage-guided fuzzing (atheris) of what every file goes through.

Run ``python -m fuzz.guard_read FOLDER -max_total_time=600`` (extra ``fuzz``); docs/inside/hostile.md says more. A folder that is
not there yet is filled with what fuzzing starts from. The fuzzer stops at the first input that raises what it must not,
at which native code aborts, or that passes the limits of time and memory, and leaves it as ``crash-…``, ``oom-…`` or
``timeout-…``. With ``--copies`` an annotated copy is made of each file, too, which is much slower; with ``--door`` small
workbooks go through the guard and the readers alone, which is ten times quicker.
"""

from __future__ import annotations

import importlib
import pkgutil
import resource
import sys
from pathlib import Path

import atheris

import xlcheck

_DOOR = "--door" in sys.argv
FOLDERS = ("guard", "reading") if _DOOR else ("guard", "reading", "checking", "locating", "copies")
"""Much there is imported when it is needed: only what is imported here is seen by the fuzzer."""

with atheris.instrument_imports(include=["xlcheck"]):
    # What of the package is imported before is not seen, by whomever.
    from fuzz.mutate import cross, mutate
    from fuzz.seeds import seeds, small_seeds
    from fuzz.target import at_the_door, one_input
    from xlcheck.reading.open import Forms

    for _folder in FOLDERS:
        for _module in pkgutil.iter_modules([str(Path(xlcheck.__file__).parent / _folder)]):
            importlib.import_module(f"xlcheck.{_folder}.{_module.name}")

ADDRESS_SPACE = 4 << 30
"""Bytes. Native code that asks for more aborts, which the fuzzer sees; without a bound it would get what it asks for."""

OPTIONS = ("-max_len=200000", "-timeout=60", "-rss_limit_mb=2000", "-len_control=0", "-print_final_stats=1")
"""libFuzzer's, unless told otherwise; the time is that of the clock, and other work on the machine counts."""


def main() -> None:
    """Fuzz; see the module."""
    arguments = [argument for argument in sys.argv if argument not in ("--copies", "--door")]
    copies = "--copies" in sys.argv
    for place in [Path(argument) for argument in arguments[1:] if not argument.startswith("-")][:1]:
        if not place.exists():
            place.mkdir(parents=True)
            for name, data in small_seeds() if _DOOR else seeds():
                (place / name).write_bytes(data)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        return mutate(data, most, seed, atheris.Mutate)

    forms = Forms()

    def target(data: bytes) -> None:
        if _DOOR:
            at_the_door(data)
        else:
            one_input(data, forms, copies)

    atheris.Setup([arguments[0], *OPTIONS, *arguments[1:]], target, custom_mutator=mutated, custom_crossover=cross)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
