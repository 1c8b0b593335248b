"""A total as a file: drawn, read back, verified, and written where nothing of somebody else's stands."""

from __future__ import annotations

from pathlib import Path

from xlcheck.checking.verify import verify_submission
from xlcheck.copies.seal import TOTAL_SEAL, is_sealed, with_seal
from xlcheck.files.content import tidy, write_bytes
from xlcheck.files.paths import exists, make_folder
from xlcheck.model.errors import Error, Refused
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import open_submission
from xlcheck.results.checked import Checked, concluded, unreadable
from xlcheck.totals.sums import Difference, Total, differences


class Published(NamedTuple):
    """What became of a total."""

    total: Total
    unit: str
    """单位名称 on its cover."""
    code: str
    """统一社会信用代码 on its cover, or empty."""
    path: str | None = None
    """Its workbook; None where none was asked for."""
    apart: str | None = None
    """The workbook with the units' numbers, where they stand apart."""
    checked: Checked | None = None
    """What checking the workbook came to."""
    altered: tuple[Difference, ...] = ()
    """The sums that the workbook does not hold exactly."""
    differences: tuple[Difference, ...] | None = None
    """How the published total differs; None where there was none to compare with."""
    other_unit: str = ""
    """Whose the published total is, where it is not this unit's; or empty."""

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong with it."""
        errors = self.checked.tally.errors if self.checked else 0
        return not (errors or self.altered or self.differences or self.other_unit)


class Occupied(Error):
    """Something stands where a total should go that we did not write, or that somebody saved since."""

    code = "occupied"

    def __init__(self, path: Path, unit: str) -> None:
        super().__init__(path, unit)

    def __str__(self) -> str:
        path, unit = self.args
        return f"已有“{path}”，它不是 xlcheck 写的“{unit}”的汇总表，或者写出后改动过，没有覆盖；请先移走，或用 -o 换一个名称"


def is_free(path: Path, unit: str) -> bool:
    """Whether a total of `unit` may be written to `path`: nothing is there, or another total of it, just as we wrote it."""
    return not exists(path) or is_sealed(path, unit, TOTAL_SEAL)


def details_path(path: Path) -> Path:
    """Where the units' numbers go if they stand apart."""
    return path.with_name(f"{path.stem}.明细.xlsx")


def publish(total: Total, unit: str, code: str, path: Path) -> Published:
    """Write the workbook of a total, and say what checking it came to.

    Raises:
        Occupied: what stands there must not be lost.
        TooManyUnits: one workbook cannot name them all.
        OSError: it cannot be written.
    """
    from xlcheck.totals.book import book, numbers_book
    from xlcheck.totals.room import check_room, is_small

    check_room(total)
    small = is_small(total)
    apart = details_path(path)
    for place in (path,) if small else (path, apart):
        if not is_free(place, unit):
            raise Occupied(place, unit)
    data = book(total, unit, code, "" if small else apart.name)
    checked, altered = _verified(data, total, str(path))
    make_folder(path.parent)
    tidy([path.parent])
    if not small:
        write_bytes(apart, with_seal(numbers_book(total, unit), unit, TOTAL_SEAL))
    write_bytes(path, with_seal(data, unit, TOTAL_SEAL))
    return Published(total, unit, code, str(path), None if small else str(apart), checked, altered)


def _verified(data: bytes, total: Total, shown: str) -> tuple[Checked, tuple[Difference, ...]]:
    try:
        submission = open_submission(data, total.form).submission
    except Refused as refused:
        return unreadable(shown, refused), ()
    return concluded(shown, verify_submission(submission)), differences(total, submission)
