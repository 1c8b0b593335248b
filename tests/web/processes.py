"""A server in a process of its own, for tests that end it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests import ROOT

_CODE = """
import sys
from xlcheck.__main__ import start
import xlcheck.commands.cli as cli
from tests.web.processes import busy
cli.main = busy
start()
"""


_BOUNDS = "XLCHECK_TEST_BOUNDS"
"""The environment variable with bounds that differ from the usual."""


class Running(NamedTuple):
    """A server."""

    process: subprocess.Popen[bytes]
    port: int
    lines: ExitStack

    def ask(self, text: str) -> socket.socket:
        """Send a request and do not wait for its answer."""
        line = self.connect()
        line.sendall(f"GET {text} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return line

    def connect(self) -> socket.socket:
        """A connection on which nothing was sent yet."""
        return self.lines.enter_context(socket.create_connection(("127.0.0.1", self.port), 60))

    def children(self) -> set[int]:
        """The processes that it started, and those that they did."""
        return below(self.process.pid)


def below(pid: int) -> set[int]:
    """All processes that come of one."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | below(child)
    return found


@contextmanager
def running_server(**bounds: float) -> Iterator[Running]:
    """One that checks what never ends at /busy, in two processes, and has a long answer at /long; with bounds of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), _BOUNDS: json.dumps(bounds)}
    command = [sys.executable, "-c", _CODE]
    with (
        ExitStack() as lines,
        subprocess.Popen(command, stderr=subprocess.PIPE, cwd=ROOT, env=env) as process,
    ):
        try:
            assert process.stderr is not None
            port = int(re.findall(rb"port (\d+)", process.stderr.readline())[0])
            yield Running(process, port, lines)
        finally:
            process.kill()


def busy() -> int:
    """What the process runs."""
    from starlette.responses import PlainTextResponse, Response

    from xlcheck.web.access import LocalAccess
    from xlcheck.web.app import application
    from xlcheck.web.bounds import WebBounds
    from xlcheck.web.door import Door
    from xlcheck.web.folders import CampaignFolders
    from xlcheck.web.health import HEALTH_ROUTES
    from xlcheck.web.routing import Asked, get
    from xlcheck.web.running import Listening, serve_application
    from xlcheck.web.site import Site
    from xlcheck.workers.spread import Task, do_many

    def wait(asked: Asked) -> Response:
        answer = asked.live.checks.crew.submit(do_many, ["sleep"], Task(_ask, _lost, None)).result()
        return PlainTextResponse(str(answer))

    def quick(asked: Asked) -> Response:
        return PlainTextResponse(str(asked.live.checks.crew.submit(do_many, ["pid"], Task(_ask, _lost, None)).result()))

    def long(asked: Asked) -> Response:
        return PlainTextResponse("甲" * 10_000_000)

    site = Site("local", LocalAccess(Door("甲")), CampaignFolders(Path("/nowhere")), logs_requests=False)
    site = site._replace(bounds=WebBounds(**json.loads(os.environ[_BOUNDS])))
    routes = (get("/busy", wait, "anybody"), get("/quick", quick, "anybody"), get("/long", long, "anybody"))
    app = application(site, (*HEALTH_ROUTES, *routes))
    serve_application(app, Listening(port=0), lambda port: print(f"port {port}", file=sys.stderr, flush=True))
    return 0


def _ask(what: object, shared: object) -> object:
    from tests.making.readers import do

    return do(what)


def _lost(what: object, reason: str, shared: object) -> str:
    return reason


def are_over(pids: set[int]) -> bool:
    """Whether all of these processes end before long."""
    for _ in range(1200):
        if not any(is_alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
