"""All that can be asked for when files are checked: one value for the command, the Python API and the web."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from xlcheck.model.numbers import MIB
from xlcheck.model.office import NO_OFFICE, Office
from xlcheck.model.tuples import NamedTuple


class Options(NamedTuple):
    """How files are checked. Places are paths, or addresses such as ``s3://bucket/folder``.

    >>> import xlcheck
    >>> options = xlcheck.Options(out="审核结果", workers=2)
    >>> options._replace(seconds=10).seconds
    10
    """

    out: Path | str | None = None
    """The folder that copies go to, and results where a folder is checked or there are `units`; None leaves copies beside
    their originals and writes no results."""
    form: Path | str | None = None
    """The form that all must be, by its id or ``.toml`` file; None takes what each workbook says."""
    units: Path | str | bytes | None = None
    """The list of units (CSV or a workbook) to compare with; wants `out`."""
    year: int | None = None
    """The year that is collected; a file of another one has an error. None for any."""
    last_year: Path | str | None = None
    """A file or folder of last year's submissions to compare with."""
    last_round: Path | str | None = None
    """A file or folder of what was handed in before, for the same year."""
    copied_from: Path | str | None = None
    """The workbook that the numbers of one report were copied from: fields that differ are told."""
    mend: Literal["text", "all"] | None = None
    """Which mends a further copy suggests: texts that mean numbers, or unique explanations of broken balances, too."""
    annotate: bool = True
    """Whether annotated copies are written; without them, those with mends are not either."""
    resume: bool = False
    """Whether files are passed over whose results lie in `out` and whose content is the same; wants `out`."""
    workers: int | None = None
    """How many files at a time; None for what the machine has."""
    scheduler: str | None = None
    """The address of a Dask cluster that does the work; None for this machine."""
    seconds: float = 60
    """How long one file may take."""
    memory: int = 1024 * MIB
    """Bytes that one file may take beyond what the process has."""
    file_bytes: int = 20 * MIB
    """Bytes of the largest file that is read."""
    painted: bool = False
    """Whether the text told of each file has the colours of a terminal."""
    office: Office = NO_OFFICE
    """What copies say of where they go back to."""
