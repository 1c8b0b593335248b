"""Killing a run at a random moment and going on: who got how many letters, and who is listed as uncertain."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests import ROOT
from tests.making.campaigns import made_campaign
from tests.making.command import PROGRAM
from tests.servers.letters import clones, listed
from tests.servers.smtp import PASSWORD, USER, Running, running
from xlcheck.campaign.opening import open_campaign
from xlcheck.campaign.sending import letters_on_campaign
from xlcheck.campaign.settings import SendSettings, load_settings, write_settings
from xlcheck.mail.sending.entries import LetterState
from xlcheck.mail.sending.ledger import open_letter_ledger
from xlcheck.roster.units import Unit


class Killed(NamedTuple):
    """What one killed and continued run came to, in letters."""

    before: int
    """Taken by the server when the process was killed."""
    once: int
    uncertain: int
    """Listed as uncertain; the department got it once or not at all."""
    lost: int
    """Of these, not at all."""
    twice: int
    missing: int
    """Neither got nor listed."""


class Stage(NamedTuple):
    """A folder from which letters to many units leave, that is copied for each run."""

    model: Path
    units: tuple[Unit, ...]
    work: Path
    arguments: Callable[[Path, Running], Sequence[object]]
    """What sends all letters of a folder over a server; it may write into the folder."""
    states: Callable[[Path], Mapping[str, LetterState]]
    """How the record of a folder has each unit's letter."""

    def kills(self, times: int, seed: int = 0) -> Iterator[Killed]:
        """Kill so many runs, each in a fresh folder, at moments spread over the time in which letters leave."""
        chance = random.Random(seed)
        span = self._measured()
        done = attempt = 0
        while done < times:
            attempt += 1
            killed = self._kill(chance.uniform(0, span), attempt)
            if killed is not None:  # else it had ended before
                done += 1
                yield killed

    def _measured(self) -> float:
        """The seconds from the first letter to the end, of a run that nobody disturbs."""
        out = self._fresh()
        with running(self.work / "server0", "tls", "auth") as server:
            process = self._start(out, server)
            first = self._first(server, process)
            assert process.wait() == 0
            return time.monotonic() - first

    @staticmethod
    def _first(server: Running, process: subprocess.Popen[bytes]) -> float:
        """When the server took the first letter."""
        while not (server.folder / "1.json").exists():
            assert process.poll() is None
            time.sleep(0.002)
        return time.monotonic()

    def _kill(self, moment: float, attempt: int) -> Killed | None:
        """Kill a run so many seconds after its first letter and go on; None if it ended before."""
        out = self._fresh()
        with running(self.work / f"server{attempt}", "tls", "auth") as server:
            process = self._start(out, server)
            self._first(server, process)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            if process.wait() != -signal.SIGKILL:
                return None
            time.sleep(0.05)  # what is under way in the server arrives
            before = len(server.letters)
            code = self._start(out, server).wait()
            states = self.states(out)
            got = server.received
        uncertain = {name for name, state in states.items() if state == "uncertain"}
        assert code == (1 if uncertain else 0)
        counts = {unit.name: got[unit.email] for unit in self.units}
        return Killed(
            before=before,
            once=sum(count == 1 and name not in uncertain for name, count in counts.items()),
            uncertain=len(uncertain),
            lost=sum(counts[name] == 0 for name in uncertain),
            twice=sum(count > 1 for count in counts.values()),
            missing=sum(count == 0 and name not in uncertain for name, count in counts.items()),
        )

    def _fresh(self) -> Path:
        out = self.work / "out"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(self.model, out)
        return out

    def _start(self, out: Path, server: Running) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*PROGRAM, *map(str, self.arguments(out, server))],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, "SSL_CERT_FILE": str(server.ca), "XLCHECK_SMTP_PASSWORD": PASSWORD},
        )


def _url(server: Running) -> str:
    return f"smtps://{USER}@localhost:{server.port}"


def _many(folder: Path, letters: int) -> tuple[tuple[Unit, ...], Path, Path]:
    """So many units, and where the model lies and copies of it are worked on."""
    model, work = folder / "model", folder / "work"
    model.mkdir()
    work.mkdir()
    units = tuple(Unit(f"市第{number:03}局", "", f"unit{number}@example.org") for number in range(letters))
    return units, model, work


def stage(folder: Path, letters: int) -> Stage:
    """Results of so many failed units."""
    units, model, work = _many(folder, letters)
    given = listed(work, units)

    def states(out: Path) -> Mapping[str, LetterState]:
        with open_letter_ledger(out, rehearse=True) as ledger:
            return {letter.name: letter.state for letter in ledger.letters()}

    return Stage(
        clones(model, [unit.name for unit in units]),
        units,
        work,
        lambda out, server: ("mail", out, "--units", given, "--smtp", _url(server)),
        states,
    )


def campaign_stage(folder: Path, letters: int) -> Stage:
    """A campaign in which so many units get their templates."""
    units, model, work = _many(folder, letters)

    def arguments(out: Path, server: Running) -> Sequence[object]:
        write_settings(out, load_settings(out)._replace(send=SendSettings(_url(server))))
        return "campaign", "send", "templates", "--folder", out

    def states(out: Path) -> Mapping[str, LetterState]:
        with open_campaign(out) as opened:
            return {letter.name: letter.state for letter in letters_on_campaign(opened)}

    return Stage(made_campaign(model / "2025", units=units), units, work, arguments, states)
