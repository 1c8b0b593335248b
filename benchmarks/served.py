"""A public server in a process of its own, with a campaign of many units: for what is measured from outside."""

from __future__ import annotations

import datetime
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.making.filling import form
from tests.servers.certificates import certify
from tests.servers.ports import free_ports
from xlcheck.campaign.ledger.access import enter_user, grant_link
from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.opening import NewCampaign
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.roster.units import Unit
from xlcheck.web.folders import CampaignFolders
from xlcheck.web.passwords import hashed

YEAR = 2025


class Served(NamedTuple):
    """What a server was made with."""

    folder: Path
    database: str
    number: int
    """Of the campaign in the ledger."""
    links: dict[str, str]
    """The secret of each unit's link, by the unit's name."""
    port: int

    @property
    def address(self) -> str:
        """Where it is."""
        return f"https://localhost:{self.port}"

    @property
    def trusted(self) -> Path:
        """What a client must trust."""
        return self.folder / "ca.pem"


def made(folder: Path, database: str, units: int) -> Served:
    """A campaign of so many units in an empty database; each has a link."""
    certify(folder, "localhost")
    now = int(time.time())
    listed = tuple(Unit(f"市第{number:04}局", email=f"unit{number}@example.org") for number in range(1, units + 1))
    with open_ledger_database(database) as engine:
        campaigns = CampaignFolders(folder / "office", database, engine)
        deadline = datetime.date.today() + datetime.timedelta(days=30)
        new = NewCampaign(YEAR, listed, "市政务公开办", "010-1234", "gk@example.org", deadline)
        key = campaigns.make(new, "benchmark", now)
        number = campaigns.opened(key).campaign.id
        with reading(engine) as connection:
            known = campaign_units(connection, number)
        with writing(engine) as connection:
            kept = hashed("correct horse battery staple", "clerk")
            enter_user(connection, "clerk", kept, "经办", now, "benchmark", must_change=False)
            links = {one.unit.name: grant_link(connection, one.id, now, "benchmark")[1] for one in known}
        campaigns.close()
    return Served(folder, database, number, links, *free_ports(1))


@contextmanager
def running(served: Served) -> Iterator[subprocess.Popen[bytes]]:
    """The server, once it answers; killed in the end."""
    command = [
        sys.executable, "-m", "xlcheck", "serve", str(served.folder / "office"), "--public", "--database", served.database,
        "--address", served.address, "--port", str(served.port), "--cert", str(served.folder / "server.pem"), "--key", str(served.folder / "server.pem"),
    ]  # fmt: skip
    with (served.folder / "log").open("ab") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            _wait(served, process)
            yield process
        finally:
            process.kill()


def _wait(served: Served, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", served.port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {(served.folder / 'log').read_text()}")


def workbooks(units: Sequence[str]) -> dict[str, tuple[bytes, str]]:
    """A filled workbook of each unit with numbers of its own, and what checking it must come to; each fourth does not balance."""
    return {unit: _workbook(unit, number) for number, unit in enumerate(units)}


def _workbook(unit: str, number: int) -> tuple[bytes, str]:
    values: dict[str, FieldValue] = {field.key: 0 for field in form().fields}
    values["disclosure.regulations.in_force"] = number % 7 + 1
    count = number % 90 + 3
    for row in ("received", "granted", "handled"):
        values[f"requests.{row}.person"] = values[f"requests.{row}.total"] = count
    if number % 4 == 3:
        values["requests.handled.total"] = count + 1
    cover = {"unit": unit, "year": str(YEAR)}
    return render(form(), cover, values), "failed" if number % 4 == 3 else "passed"
