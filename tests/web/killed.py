"""A public server that is killed while systems hand in: what was acknowledged is there afterwards, as it was sent.

``python -m tests.web.killed 50`` does so fifty times.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests import ROOT
from tests.making.command import PROGRAM
from tests.making.filling import COVER, clean_values, form
from xlcheck.campaign.ledger.access import grant_token
from xlcheck.campaign.ledger.database import open_ledger_database, writing
from xlcheck.campaign.opening import NewCampaign
from xlcheck.drawing.template import render
from xlcheck.roster.units import Unit
from xlcheck.web.folders import CampaignFolders

UNITS = 4


class Acknowledged(NamedTuple):
    """What a server said it had taken in."""

    receipt: str
    sha256: str


class Stage(NamedTuple):
    """A ledger with a campaign, and a token to hand in with."""

    folder: Path
    headers: dict[str, str]
    files: tuple[bytes, ...]

    @property
    def database(self) -> str:
        """Where the ledger is."""
        return str(self.folder / "台账.sqlite")


def staged(folder: Path) -> Stage:
    """A campaign of a few units."""
    stage = Stage(folder, {}, tuple(_filled(number) for number in range(UNITS)))
    with open_ledger_database(stage.database) as engine:
        campaigns = CampaignFolders(folder, stage.database, engine)
        campaigns.make(
            NewCampaign(2025, tuple(Unit(f"市{number}局") for number in range(UNITS))), "本机", int(time.time())
        )
        with writing(engine) as connection:
            now = int(time.time())
            _, secret = grant_token(connection, "报表系统", "经办", now, now + 100_000, "本机")
        campaigns.close()
    stage.headers["authorization"] = f"Bearer {secret}"
    return stage


def _filled(number: int) -> bytes:
    return render(form(), values=clean_values(), cover={**COVER, "unit": f"市{number}局"})


@contextmanager
def served(stage: Stage) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The server, and its address."""
    command = [*PROGRAM, "serve", str(stage.folder), "--public", "--database", stage.database, "--port", "0"]
    command += ["--address", "http://127.0.0.1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=env) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if found := re.search(rb"127\.0\.0\.1:(\d+) ", line):
                    threading.Thread(target=process.stderr.read, daemon=True).start()
                    yield process, f"http://127.0.0.1:{int(found[1])}"
                    return
            raise AssertionError("it did not start")
        finally:
            process.kill()


def asked(stage: Stage, address: str, form: bytes | None = None) -> Any:
    """What the interface answers.

    Raises:
        OSError: it refuses, or is gone.
        HTTPException: it is gone in the middle of its answer.
    """
    headers = {**stage.headers, "content-type": "multipart/form-data; boundary=xlcheck"}
    with urlopen(Request(address, form, headers), timeout=60) as answer:
        return json.load(answer)


def _form(unit: str, data: bytes) -> bytes:
    field = f'--xlcheck\r\nContent-Disposition: form-data; name="unit"\r\n\r\n{unit}\r\n'
    file = '--xlcheck\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    return b"".join((field.encode(), file.encode(), data, b"\r\n--xlcheck--\r\n"))


def hand_in_until_killed(stage: Stage, seconds: float) -> list[Acknowledged]:
    """Hand in from several threads until the server is killed; what it acknowledged."""
    taken: list[Acknowledged] = []
    with served(stage) as (process, address):

        def hand_in(number: int) -> None:
            turn = 0
            while process.poll() is None:
                turn += 1
                # Each time another content, so that it is always a new arrival.
                data = stage.files[number] + b"\n" * (turn % 2)
                try:
                    told = asked(stage, f"{address}/api/v1/campaigns/2025/arrivals", _form(f"市{number}局", data))
                except (OSError, HTTPException):
                    return
                taken.append(Acknowledged(told["receipt"], hashlib.sha256(data).hexdigest()))

        threads = [threading.Thread(target=hand_in, args=(number,)) for number in range(UNITS)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        process.kill()
        for thread in threads:
            thread.join()
    return taken


def lost(stage: Stage, taken: list[Acknowledged]) -> list[Acknowledged]:
    """Of what was acknowledged, what a new server does not know, or knows otherwise."""
    with served(stage) as (_, address):
        found = {}
        for one in taken:
            try:
                found[one] = asked(stage, f"{address}/api/v1/arrivals/{one.receipt}")["sha256"]
            except HTTPError:
                found[one] = None
    return [one for one, digest in found.items() if digest != one.sha256]


def main() -> None:
    """Kill a server so often, at random moments."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        stage = staged(Path(folder))
        every: list[Acknowledged] = []
        for _ in range(int(sys.argv[1])):
            every += hand_in_until_killed(stage, chance.uniform(0.2, 2.5))
        print(f"{len(every)} acknowledged, {len(lost(stage, every))} lost")


if __name__ == "__main__":
    main()
