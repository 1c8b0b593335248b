"""Chromium as a printer of web pages: started once, and told over a pipe what to print (Chrome DevTools Protocol)."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

_PIPED = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
"""The protocol's pipes are file descriptors 3 and 4."""
_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe")

_LOADED = "new Promise(done => document.readyState == 'complete' ? done() : addEventListener('load', done))"


class Browser:
    """A browser that runs, with one page open."""

    def __init__(self, told: IO[bytes], says: IO[bytes]) -> None:
        self._told, self._said = told, _messages(says)
        self._asked = 0
        self._session: dict[str, str] = {}
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}

    def pdf(self, page: Path) -> bytes:
        """A web page as it is printed."""
        self._ask("Page.navigate", url=page.as_uri())
        self._ask("Runtime.evaluate", expression=_LOADED, awaitPromise=True)
        return base64.b64decode(self._ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def _ask(self, method: str, **params: object) -> Any:
        self._asked += 1
        message = {"id": self._asked, "method": method, "params": params, **self._session}
        self._told.write(json.dumps(message).encode() + b"\0")
        self._told.flush()
        return next(said["result"] for said in self._said if said.get("id") == self._asked)


def _messages(says: IO[bytes]) -> Iterator[dict[str, Any]]:
    """What it says, as it says it."""
    left = b""
    while piece := says.read(1 << 16):
        *whole, left = (left + piece).split(b"\0")
        yield from map(json.loads, whole)


@contextmanager
def started(program: str, folder: Path) -> Iterator[Browser]:
    """A browser while it is needed; what it keeps is kept in `folder`."""
    command = ["sh", "-c", _PIPED, program, *_OPTIONS, f"--user-data-dir={folder}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Browser(process.stdin, process.stdout)
        finally:
            process.terminate()
