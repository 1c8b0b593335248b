"""Coverage-guided fuzzing of what every file goes through: guard, read, verify.

Run ``python -m fuzz.guard_read FOLDER -max_total_time=600`` (extra ``fuzz``); docs/hostile.md says more. The fuzzer
stops at the first input at which anything but :class:`Refused` is raised, native code panics or aborts, or the limits
of time and memory are passed, and leaves it as a file ``crash-…``, ``oom-…`` or ``timeout-…``.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import atheris

from fuzz.mutate import cross, mutate

with atheris.instrument_imports(include=["xlcheck"]):
    # Those that are imported late, too: what is imported outside of this block is not seen.
    from xlcheck import (
        annotate,
        cached,
        diagnose,
        guard,
        guard_biff,
        guard_ods,
        guard_ole,
        locate,
        losses,
        misplaced,
        peek,
        peek_ods,
        peek_xls,
        search,
        suspects,
        typos,
    )
    from xlcheck import verify as verifying
    from xlcheck.check import choose_form
    from xlcheck.read import read
    from xlcheck.rules import catalogue

from fuzz.seeds import seeds

ADDRESS_SPACE = 4 << 30
"""Bytes. Native code that asks for more aborts, which the fuzzer sees; without a bound it would get what it asks for."""

OPTIONS = ("-max_len=200000", "-timeout=10", "-rss_limit_mb=2000", "-len_control=0", "-print_final_stats=1")
"""libFuzzer's, unless told otherwise."""


def one_input(data: bytes, copies: bool = False) -> str:
    """Guard, read and verify; also make a copy if `copies`. Answers what became of it: a code, or ``read``."""
    try:
        package = guard.admit(data)
    except guard.Refused as refused:
        return _sound(refused)
    peek.custom_properties(package)
    form = choose_form(package)
    try:
        submission = read(package, data, form)
    except guard.Refused as refused:
        cause = refused.__cause__
        # calamine's own errors are a file that cannot be read; a panic is a file that should not have been admitted.
        if type(cause).__name__ == "PanicException":
            raise AssertionError("admitted, and calamine panics") from cause
        return _sound(refused)
    verification = verifying.verify(submission)
    for finding in verification.findings:
        assert finding.message
        assert "\n" not in finding.message
    if copies and verification.findings:
        try:
            annotate.annotate(annotate.Source(data, package, "a.xlsx"), verification, catalogue(submission.form))
        except annotate.CannotAnnotate:
            return "no copy"
    return "read"


def _sound(refused: guard.Refused) -> str:
    """The code of a refusal that was meant; one by accident is a hole in the guard."""
    cause = refused.__cause__
    if cause is not None and "内容无法识别" in refused.reason:
        raise AssertionError("refused by accident") from cause
    assert refused.reason
    assert "\n" not in refused.reason
    return refused.code


def main() -> None:
    """Fuzz; see the module."""
    arguments = [argument for argument in sys.argv if argument != "--copies"]
    copies = len(arguments) < len(sys.argv)
    given = [argument for argument in arguments[1:] if not argument.startswith("-")]
    for place in map(Path, given[:1]):
        if not place.exists():
            place.mkdir(parents=True)
            for name, data in seeds():
                (place / name).write_bytes(data)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        return mutate(data, most, seed, atheris.Mutate)

    def target(data: bytes) -> None:
        one_input(data, copies)

    atheris.Setup([arguments[0], *OPTIONS, *arguments[1:]], target, custom_mutator=mutated, custom_crossover=cross)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
