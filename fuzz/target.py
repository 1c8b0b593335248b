"""What is fuzzed: guard, read, verify, and on demand the annotated copy."""

from __future__ import annotations

from xlcheck.checking.verify import verify_submission
from xlcheck.guard.admit import admit
from xlcheck.model.errors import Refused
from xlcheck.model.text import clean
from xlcheck.reading.odd import custom_properties, odd_cells
from xlcheck.reading.open import Forms, Opened, open_submission
from xlcheck.reading.sheets import Sheets


def one_input(data: bytes, forms: Forms, copies: bool = False) -> str:
    """Put the bytes of a file through all that every file goes through; answers its code, or ``read``.

    Raises:
        AssertionError: it was refused by accident, or admitted although native code panics at it.
        Exception: anything else that a file must never provoke.
    """
    try:
        opened = open_submission(data, forms)
    except Refused as refused:
        return _code(refused)
    verification = verify_submission(opened.submission)
    for finding in verification.findings:
        assert clean(finding.message) == finding.message, finding.message
    if copies and verification.findings and isinstance(opened, Opened):
        from xlcheck.copies.annotate import Source, annotate
        from xlcheck.forms.rules import catalogue

        annotate(Source(data, opened.package, "a.xlsx"), verification, catalogue(opened.submission.form))
    return "read"


def at_the_door(data: bytes) -> str:
    """Put the bytes of a file through the guard and the readers alone; answers and raises as :func:`one_input`."""
    try:
        package = admit(data)
        sheets = Sheets(package)
        for name in sheets.names:
            sheets.rows(name)
            odd_cells(package, name, data)
    except Refused as refused:
        return _code(refused)
    custom_properties(package)
    return "read"


def _code(refused: Refused) -> str:
    """The code of a refusal that was meant."""
    cause = refused.__cause__
    if cause is not None and "内容无法识别" in refused.message:
        raise AssertionError("refused by accident") from cause
    # calamine's own errors are a file that cannot be read; a panic is a file that should not have been admitted.
    if type(cause).__name__ == "PanicException":
        raise AssertionError("admitted, and native code panics") from cause
    assert refused.message
    assert "\n" not in refused.message
    return refused.code
