"""Many units hand in at a public server with PostgreSQL, as browsers do: how long they wait, and whether anything is lost or wrong.

Run ``python -m benchmarks.handing_in [--units 300] [--minutes 10]`` with the extras ``dev`` and ``load``, and Debian's
PostgreSQL. Locust is what asks: each unit opens its page by its link, takes its template, has its workbook checked, hands it in and
reads the receipt, at a moment of its own within the time. Server, database and Locust share the machine.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.served import Served, made, running, workbooks
from tests.servers import postgres
from xlcheck.campaign.ledger.arrivals import arrivals_of
from xlcheck.campaign.ledger.checks import check_of
from xlcheck.campaign.ledger.database import open_ledger_database, reading
from xlcheck.campaign.ledger.units import campaign_units

UNITS_FILE, TRUSTED = "XLCHECK_UNITS", "XLCHECK_TRUSTED"
"""The environment variables that tell the process of Locust what there is to do, and what certificate to trust."""


def main() -> None:
    """Print the waiting times, and what is lost or wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as kept, postgres.running() as database:
        folder = Path(kept)
        database.make("load")
        # Addresses hold no password, and the server's process takes it from here, too.
        os.environ["PGPASSWORD"] = postgres.PASSWORD
        served = made(folder, f"postgresql://{postgres.USER}@127.0.0.1:{database.port}/load", given.units)
        books = workbooks(list(served.links))
        wanted = {}
        for number, (unit, (data, status)) in enumerate(books.items()):
            (folder / f"{number}.xlsx").write_bytes(data)
            wanted[unit] = hashlib.sha256(data).hexdigest(), status
        plan = [[served.links[unit], str(folder / f"{number}.xlsx")] for number, unit in enumerate(books)]
        (folder / "plan.json").write_text(json.dumps({"seconds": given.minutes * 60, "units": plan}))
        with running(served):
            _ask(served, given.units)
        _print_times(folder / "out_stats.csv")
        lost, wrong = _kept(served, wanted)
        print(f"{given.units} units, lost {lost}, wrong {wrong}")
    sys.exit(bool(lost or wrong))


def _ask(served: Served, units: int) -> None:
    command = [
        sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("handing_in_unit.py")), "--headless", "--host", served.address,
        "-u", str(units), "-r", str(units), "--csv", str(served.folder / "out"), "--only-summary", "--loglevel", "WARNING",
    ]  # fmt: skip
    environment = {
        **os.environ,
        UNITS_FILE: str(served.folder / "plan.json"),
        TRUSTED: str(served.trusted),
    }
    subprocess.run(command, env=environment, check=False, capture_output=True)


def _print_times(path: Path) -> None:
    print("| request | times | failed | median | p95 | longest |")
    print("|---|---:|---:|---:|---:|---:|")
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            times = " | ".join(f"{float(row[key]):.0f} ms" for key in ("50%", "95%", "100%"))
            print(f"| {row['Name']} | {row['Request Count']} | {row['Failure Count']} | {times} |")


def _kept(served: Served, wanted: dict[str, tuple[str, str]]) -> tuple[int, int]:
    """How many units' workbooks the ledger does not hold, or not once, and of how many it says something else than is true."""
    lost = wrong = 0
    with open_ledger_database(served.database) as engine, reading(engine) as connection:
        for unit in campaign_units(connection, served.number):
            digest, status = wanted[unit.unit.name]
            arrivals = arrivals_of(connection, unit.id)
            lost += [one.digest for one in arrivals] != [digest]
            checks = [check_of(connection, one.id) for one in arrivals]
            wrong += any(check is None or check.status != status for check in checks)
    return lost, wrong


if __name__ == "__main__":
    main()
