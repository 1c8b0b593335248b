"""What is fuzzed: guard, read, verify, and on demand the annotated copy."""

from __future__ import annotations

from xlcheck import guard, peek
from xlcheck.check import choose_form
from xlcheck.read import read
from xlcheck.verify import verify
from xlcheck.wording import clean


def one_input(data: bytes, copies: bool = False) -> str:
    """Put the bytes of a file through all that every file goes through; answers its code, or ``read``.

    Raises:
        AssertionError: it was refused by accident, or admitted although native code panics at it.
        Exception: anything else that a file must never provoke.
    """
    try:
        package = guard.admit(data)
    except guard.Refused as refused:
        return _code(refused)
    peek.custom_properties(package)
    form = choose_form(package)
    try:
        submission = read(package, data, form)
    except guard.Refused as refused:
        return _code(refused)
    verification = verify(submission)
    for finding in verification.findings:
        assert clean(finding.message) == finding.message, finding.message
    if copies and verification.findings:
        from xlcheck.copies.annotate import Source, annotate
        from xlcheck.rules import catalogue

        annotate(Source(data, package, "a.xlsx"), verification, catalogue(submission.form))
    return "read"


def _code(refused: guard.Refused) -> str:
    """The code of a refusal that was meant."""
    cause = refused.__cause__
    if cause is not None and "内容无法识别" in refused.reason:
        raise AssertionError("refused by accident") from cause
    # calamine's own errors are a file that cannot be read; a panic is a file that should not have been admitted.
    if type(cause).__name__ == "PanicException":
        raise AssertionError("admitted, and native code panics") from cause
    assert refused.reason
    assert "\n" not in refused.reason
    return refused.code
