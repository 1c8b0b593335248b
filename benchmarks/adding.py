"""How long taking in files takes with short and long lists of units, and with one child that checks and with two.

Run ``python -m benchmarks.adding [FILES]`` (60 unless told otherwise) with the extras ``dev`` installed. Every file is of another unit,
which handed in the same last year; every third has errors. Each figure is of a campaign of its own.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.making.filling import clean_values, form
from xlcheck.campaign.adding import add_files
from xlcheck.campaign.former import keep_last_year
from xlcheck.campaign.opening import NewCampaign, OpenCampaign, new_campaign, open_campaign
from xlcheck.campaign.settings import CampaignSettings
from xlcheck.drawing.template import render
from xlcheck.roster.units import Unit

LISTS = (300, 10_000)
AT = 1_768_800_000


def files_of(folder: Path, year: int, count: int) -> Path:
    """A folder with the files of the first units."""
    folder.mkdir()
    for number in range(count):
        values = clean_values(requests__received__person=6 if number % 3 else 60 + number)
        (folder / f"{number:04}.xlsx").write_bytes(render(form(), {"unit": _name(number), "year": str(year)}, values))
    return folder


def _name(number: int) -> str:
    return f"某某市第{number:05}局"


@contextmanager
def campaign_of(folder: Path, units: int) -> Iterator[OpenCampaign]:
    """A campaign with so many units."""
    listed = tuple(Unit(_name(number)) for number in range(units))
    new_campaign(folder, NewCampaign(2025, listed), "benchmark", AT, CampaignSettings(1))
    with open_campaign(folder) as opened:
        yield opened


def taken(folder: Path, given: Path, last_year: Path, units: int, workers: int) -> tuple[float, float]:
    """Milliseconds a file by the clock, and of processor time of all processes."""
    with campaign_of(folder, units) as opened:
        list(keep_last_year(opened, [str(last_year)], "benchmark", AT, workers=workers))
    with open_campaign(folder) as opened:
        start, before = time.perf_counter(), _cpu()
        added = list(add_files(opened, [str(given)], "benchmark", AT, workers=workers))
        spent = time.perf_counter() - start
        count = len(added)
        assert all(one.taken is not None and one.taken.unit is not None for one in added)
    return spent / count * 1000, (_cpu() - before) / count * 1000


def _cpu() -> float:
    """Of this process and of those of its children that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"| {count} files, units in the list | children | a file | of this, processor time here |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        given, last_year = files_of(here / "2025", 2025, count), files_of(here / "2024", 2024, count)
        for units in LISTS:
            for workers in (1, 2):
                wall, cpu = taken(here / f"{units}-{workers}", given, last_year, units, workers)
                print(f"| {units:,} | {workers} | {wall:.0f} ms | {cpu:.0f} ms |", flush=True)


if __name__ == "__main__":
    main()
