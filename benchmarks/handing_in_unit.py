"""What one unit's browser asks, for Locust; `benchmarks.handing_in` starts it."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
from pathlib import Path

import gevent
from locust import HttpUser, task

_PLAN = json.loads(Path(os.environ["XLCHECK_UNITS"]).read_text())
_NEXT = itertools.count()
_DONE = itertools.count(1)
_CHANCE = random.Random(20260120)
_TOKEN = re.compile(r'name="token" value="(\w+)"')


class UnitBrowser(HttpUser):
    """One unit, which comes once, at a moment of its own."""

    def on_start(self) -> None:
        """Wait for the moment."""
        self.link, self.path = _PLAN["units"][next(_NEXT)]
        self.client.verify = os.environ["XLCHECK_TRUSTED"]
        gevent.sleep(_CHANCE.uniform(0, _PLAN["seconds"]))

    @task
    def hand_in(self) -> None:
        """From the link to the receipt."""
        here = f"/u/{self.link}"
        page = self.client.get(here, name="page")
        token = _TOKEN.search(page.text)
        assert token is not None
        self.client.get(f"{here}/template", name="template")
        for act in ("look", "hand-in"):
            files = {"file": ("填报表.xlsx", Path(self.path).read_bytes())}
            answer = self.client.post(
                f"{here}/{act}", data={"token": token[1]}, files=files, name=act, allow_redirects=False
            )
        self.client.get(answer.headers["location"], name="receipt")
        if next(_DONE) == len(_PLAN["units"]) and self.environment.runner is not None:
            gevent.spawn_later(3, self.environment.runner.quit)
        gevent.sleep(1e6)  # until the runner ends
