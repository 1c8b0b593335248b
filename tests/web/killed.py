"""A public server that is killed while systems and units hand in and the office sends letters, started again, and looked at.

What was acknowledged is there afterwards as it was sent, no letter leaves twice, none is missing, and no process is left.
``python -m tests.web.killed 50`` kills fifty times with each database.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx2

from tests import ROOT
from tests.making.command import PROGRAM
from tests.making.filling import COVER, clean_values, form
from tests.servers import postgres
from tests.servers.smtp import PASSWORD, USER, Running, running, wait_for
from tests.web.processes import are_over, below
from xlcheck.campaign.ledger.access import enter_user, grant_link, grant_token
from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.opening import NewCampaign, open_campaign
from xlcheck.campaign.sending import letters_on_campaign
from xlcheck.campaign.settings import SendSettings, load_settings, write_settings
from xlcheck.drawing.template import render
from xlcheck.roster.units import Unit
from xlcheck.web.folders import CampaignFolders
from xlcheck.web.passwords import hashed

UNITS = 4
"""That hand in: half of them by another system, half by their links."""
LETTERS = 12
"""That are sent when the server is killed."""
SAID = "said.txt"
"""What the server that was started last says on stderr."""
SECRET = "春眠不觉晓，处处闻啼鸟。"
"""The password of the office's user."""


class Acknowledged(NamedTuple):
    """What a server said it had taken in."""

    receipt: str
    sha256: str


class Killings(NamedTuple):
    """What killing a server came to."""

    kills: int = 0
    by_system: int = 0
    """Files whose taking in was acknowledged to another system."""
    by_link: int = 0
    """Files whose receipt a unit read."""
    lost: int = 0
    """Of these, what a new server does not know, or knows otherwise."""
    amid: int = 0
    """Kills after the first letter of those that were sent, and before the last."""
    once: int = 0
    """Letters that arrived once."""
    uncertain: int = 0
    """Letters that are told as uncertain; they arrived once or not at all."""
    not_got: int = 0
    """Of these, not at all."""
    twice: int = 0
    missing: int = 0
    """Letters that neither arrived nor are told as uncertain."""
    left: int = 0
    """Kills after which a process was left."""


class Stage(NamedTuple):
    """A ledger with a campaign whose letters leave over a real mail server, and all that it takes to get in."""

    folder: Path
    database: str
    files: tuple[bytes, ...]
    """Of each unit that hands in."""
    token: str
    links: tuple[str, ...]
    """The pages of those that hand in by them."""
    written_to: tuple[tuple[int, str], ...]
    """The units that get letters: number and address."""
    post: Running


@contextmanager
def staged(folder: Path, database: str, batches: int) -> Iterator[Stage]:
    """A campaign of a few units that hand in, and of so many batches of units that get letters.

    Args:
        folder: where the campaign's folder and the mail server's letters are.
        database: the ledger's address, without a password; empty for a file.
        batches: how many.
    """
    database = database or str(folder / "台账.sqlite")
    names = [f"市{number}局" for number in range(UNITS)]
    others = [Unit(f"市第{number:04}所", "", f"unit{number}@example.org") for number in range(batches * LETTERS)]
    files = tuple(render(form(), values=clean_values(), cover={**COVER, "unit": name}) for name in names)
    now = int(time.time())
    with open_ledger_database(database) as engine:
        campaigns = CampaignFolders(folder, database, engine)
        campaigns.make(NewCampaign(2025, (*map(Unit, names), *others), "市公开办", "010-1234"), "本机", now)
        with reading(engine) as connection:
            known = {one.unit.name: one.id for one in campaign_units(connection, 1)}
        with writing(engine) as connection:
            enter_user(connection, "张三", hashed(SECRET, ""), "经办", now, "本机", must_change=False)
            _, token = grant_token(connection, "报表系统", "经办", now, now + 100_000, "本机")
            links = tuple(f"/u/{grant_link(connection, known[name], now, '张三')[1]}" for name in names[1::2])
        campaigns.close()
    written_to = tuple((known[unit.name], unit.email) for unit in others)
    with running(folder / "post", "tls", "auth", "delay=0.05") as post:
        settings = load_settings(folder / "2025")
        write_settings(folder / "2025", settings._replace(send=SendSettings(f"smtps://{USER}@localhost:{post.port}")))
        yield Stage(folder, database, files, token, links, written_to, post)


@contextmanager
def served(stage: Stage) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The server, and its address."""
    command = [*PROGRAM, "serve", str(stage.folder), "--public", "--database", stage.database, "--port", "0"]
    command += ["--address", "http://127.0.0.1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env |= {"SSL_CERT_FILE": str(stage.post.ca), "XLCHECK_SMTP_PASSWORD": PASSWORD, "PGPASSWORD": postgres.PASSWORD}
    said = stage.folder / SAID
    with said.open("wb") as stderr, subprocess.Popen(command, stderr=stderr, env=env) as process:
        try:
            wait_for(lambda: process.poll() is not None or _port(said), 60)
            yield process, f"http://127.0.0.1:{_port(said)}"
        finally:
            process.kill()


def _port(said: Path) -> str:
    found = re.search(r"127\.0\.0\.1:(\d+) ", said.read_text(encoding="utf-8"))
    return found[1] if found else ""


# --- who does something ----------------------------------------------------------------------------------------------


def _token(page: httpx2.Response) -> str:
    found: list[str] = re.findall(r'name="token" value="(\w+)"', page.text)
    return found[0]


@contextmanager
def office_at(stage: Stage, address: str) -> Iterator[Office]:
    """A browser in which a user of the office has logged in."""
    with httpx2.Client(base_url=address, timeout=120, trust_env=False) as browser:
        sent = {"token": _token(browser.get("/login")), "name": "张三", "password": SECRET}
        assert browser.post("/login", data=sent).status_code == 303
        yield Office(stage, browser)


class Office:
    """What a user of the office does in a browser."""

    def __init__(self, stage: Stage, browser: httpx2.Client) -> None:
        self._stage, self._browser = stage, browser

    def send(self, batch: int) -> str:
        """Press the button that sends the letters to a batch of units; the address of the progress."""
        units = [str(number) for number, _ in self._stage.written_to[batch * LETTERS : (batch + 1) * LETTERS]]
        page = self._browser.get("/account")  # the token is the same in every form
        sent = {"token": _token(page), "kind": "templates", "round": "", "unit": units}
        answer = self._browser.post("/c/2025/letters", data=sent)
        assert answer.status_code == 303, answer.text
        progress: str = answer.headers["location"]
        return progress

    def ended(self, progress: str) -> dict[str, object]:
        """How the sending ended, as the page follows it."""
        told = self._browser.get(f"{progress}/events").text
        last: dict[str, object] = json.loads(told.rstrip().rpartition("data: ")[2])
        return last


def _by_system(stage: Stage, address: str, number: int, data: bytes) -> Acknowledged:
    headers = {"authorization": f"Bearer {stage.token}"}
    files = {"file": ("报送表.xlsx", data)}
    where = f"{address}/api/v1/campaigns/2025/arrivals"
    answer = httpx2.post(where, headers=headers, data={"unit": f"市{number}局"}, files=files, timeout=60)
    assert answer.is_success, answer.text
    return Acknowledged(answer.json()["receipt"], hashlib.sha256(data).hexdigest())


def _by_link(stage: Stage, address: str, number: int, data: bytes) -> Acknowledged:
    """As a browser does it: the page, the form piece by piece, and the receipt that it is led to."""
    with httpx2.Client(base_url=address, timeout=60, follow_redirects=True, trust_env=False) as browser:
        link = stage.links[number // 2]
        sent = {"token": _token(browser.get(link))}
        answer = browser.post(f"{link}/hand-in", data=sent, files={"file": ("报送表.xlsx", data)})
    assert answer.is_success, answer.text
    (receipt,) = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", answer.text)
    (digest,) = re.findall(r"\b[0-9a-f]{64}\b", answer.text.partition("SHA-256")[2])
    return Acknowledged(receipt, digest)


class Handing:
    """Units that hand in one time after the other until nobody answers; what was acknowledged."""

    def __init__(self, stage: Stage, address: str) -> None:
        self.by_system: list[Acknowledged] = []
        self.by_link: list[Acknowledged] = []
        self.refused: list[str] = []
        self._stage, self._address = stage, address
        self._threads = [threading.Thread(target=self._unit, args=(number,)) for number in range(UNITS)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until all have noticed that nobody answers."""
        for thread in self._threads:
            thread.join()

    def _unit(self, number: int) -> None:
        hand_in, taken = (_by_link, self.by_link) if number % 2 else (_by_system, self.by_system)
        turn = 0
        while True:
            turn += 1
            # Each time another content, so that it is always a new arrival.
            data = self._stage.files[number] + b"\n" * (turn % 2)
            try:
                told = hand_in(self._stage, self._address, number, data)
            except httpx2.TransportError:
                return
            except AssertionError as error:
                self.refused.append(str(error))
                return
            assert told.sha256 == hashlib.sha256(data).hexdigest()
            taken.append(told)


# --- killing ---------------------------------------------------------------------------------------------------------


def killings(stage: Stage, kills: int, seed: int = 0, wait: Callable[[Handing], object] = id) -> Killings:
    """Kill a server so often at random moments, start it again each time, and look what is there at the end.

    Args:
        stage: where; it has as many batches of letters.
        kills: how often.
        seed: of the moments.
        wait: is called before each kill, and may wait for what must have happened.
    """
    chance = random.Random(seed)
    by_system: list[Acknowledged] = []
    by_link: list[Acknowledged] = []
    amid = left = 0
    for number in range(kills):
        with served(stage) as (process, address), office_at(stage, address) as office:
            if number:
                _goes_on(office, number - 1)
            handing = Handing(stage, address)
            office.send(number)
            wait(handing)
            _wait_for_letters(stage, number, chance)
            children = below(process.pid)
            process.kill()
            process.wait()
            handing.join()
            assert not handing.refused, handing.refused[0]
            left += not are_over(children)
        amid += 0 < _arrived(stage, number) < LETTERS
        by_system += handing.by_system
        by_link += handing.by_link
    with served(stage) as (_, address), office_at(stage, address) as office:
        _goes_on(office, kills - 1)
        lost = _lost(stage, address, [*by_system, *by_link])
    return _counted(stage, Killings(kills, len(by_system), len(by_link), lost, amid, left=left))


def _wait_for_letters(stage: Stage, batch: int, chance: random.Random) -> None:
    """Until a moment at random while letters leave; now and then one before the first."""
    if chance.random() < 0.2:
        time.sleep(chance.uniform(0, 1))
        return
    wait_for(lambda: _arrived(stage, batch), 300)
    time.sleep(chance.uniform(0, LETTERS * 0.08))


def _goes_on(office: Office, batch: int) -> None:
    ended = office.ended(office.send(batch))
    assert (ended["is_over"], ended["failed"]) == (True, ""), ended


def _arrived(stage: Stage, batch: int) -> int:
    received = stage.post.received
    return sum(received[mail] for _, mail in stage.written_to[batch * LETTERS : (batch + 1) * LETTERS])


def _lost(stage: Stage, address: str, taken: list[Acknowledged]) -> int:
    lost = 0
    with httpx2.Client(base_url=address, headers={"authorization": f"Bearer {stage.token}"}, timeout=60) as system:
        for one in taken:
            answer = system.get(f"/api/v1/arrivals/{one.receipt}")
            lost += answer.status_code != 200 or answer.json()["sha256"] != one.sha256
    return lost


def _counted(stage: Stage, killed: Killings) -> Killings:
    """With what became of the letters."""
    with open_campaign(stage.folder / "2025") as opened:
        uncertain = {letter.name for letter in letters_on_campaign(opened) if letter.state == "uncertain"}
        with reading(opened.engine) as connection:
            names = {one.id: one.unit.name for one in campaign_units(connection, opened.campaign.id)}
    got = stage.post.received
    letters = [(names[number] in uncertain, got[mail]) for number, mail in stage.written_to[: killed.kills * LETTERS]]
    return killed._replace(
        once=sum(not is_uncertain and count == 1 for is_uncertain, count in letters),
        uncertain=sum(is_uncertain for is_uncertain, _ in letters),
        not_got=sum(is_uncertain and count == 0 for is_uncertain, count in letters),
        twice=sum(count > 1 for _, count in letters),
        missing=sum(not is_uncertain and count == 0 for is_uncertain, count in letters),
    )


def main(kills: int) -> None:
    """Print what killing a server so often comes to, with each database."""
    print(f"| database | {' | '.join(Killings._fields)} |")
    print(f"|---|{'---:|' * len(Killings._fields)}")
    os.environ["PGPASSWORD"] = postgres.PASSWORD
    with postgres.running() as server:
        server.make("killed")
        for name, database in (
            ("SQLite", ""),
            ("PostgreSQL", f"postgresql://{postgres.USER}@127.0.0.1:{server.port}/killed"),
        ):
            with tempfile.TemporaryDirectory() as folder, staged(Path(folder), database, kills) as stage:
                print(f"| {name} | {' | '.join(map(str, killings(stage, kills)))} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
