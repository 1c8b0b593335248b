"""What the documentation puts around a public server: nginx in front of it, and systemd's unit."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from tests.making.command import xlcheck
from tests.servers.certificates import certify
from tests.servers.nginx import NAME, documented, proxying
from tests.servers.ports import free_ports
from tests.servers.smtp import wait_for
from tests.web.window import PASSWORD, PublicServer, public_server
from xlcheck.campaign.ledger.audit import audit_lines
from xlcheck.campaign.ledger.database import reading
from xlcheck.tasks.events import Listener, Started
from xlcheck.web.app import application
from xlcheck.web.bounds import WebBounds
from xlcheck.web.running import Listening, serve_application
from xlcheck.web.visitor import Visitor


@contextmanager
def listening(app: Starlette) -> Iterator[int]:
    """The port of a server that runs as ``xlcheck serve`` does."""
    ports: list[int] = []
    thread = threading.Thread(target=serve_application, args=(app, Listening(port=0), ports.append))
    thread.start()
    try:
        wait_for(lambda: ports)
        yield ports[0]
    finally:
        app.state.end()
        thread.join()


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[tuple[PublicServer, Starlette, int, Path]]:
    """A server, its application, and the port and the log of the nginx in front of it."""
    (port,) = free_ports(1)
    trusted, own = certify(tmp_path, NAME, "localhost")
    (tmp_path / "office").mkdir()
    bounds = WebBounds(login_tries=2)
    with (
        public_server(tmp_path / "office", hosts={NAME}, address=f"https://{NAME}", bounds=bounds) as server,
        ExitStack() as stack,
    ):
        app = application(server.site)
        inside = stack.enter_context(listening(app))
        try:
            log = stack.enter_context(proxying(tmp_path / "nginx", port, inside, own, own))
        except LookupError as error:
            if os.environ.get("XLCHECK_REQUIRE_NGINX") == "1":
                pytest.fail(str(error))
            pytest.skip(str(error))
        assert trusted.exists()
        yield server, app, port, log


def browser(port: int, trusted: Path, source: str) -> httpx2.Client:
    """One on a computer of that address."""
    context = ssl.create_default_context(cafile=str(trusted))
    transport = httpx2.HTTPTransport(verify=context, local_address=source)
    return httpx2.Client(base_url=f"https://localhost:{port}", headers={"host": NAME}, transport=transport, timeout=60)


def token(page: httpx2.Response) -> str:
    found: list[str] = re.findall(r'name="token" value="(\w+)"', page.text)
    return found[0]


def test_through_the_documented_nginx_everything_arrives(
    behind: tuple[PublicServer, Starlette, int, Path], tmp_path: Path
) -> None:
    server, app, port, log = behind
    server.user("张三")
    link = server.link("市水利局")
    with (
        browser(port, tmp_path / "ca.pem", "127.0.0.2") as office,
        browser(port, tmp_path / "ca.pem", "127.0.0.3") as stranger,
    ):
        guess = {"token": token(stranger.get("/login")), "password": "错" * 12}
        codes = [
            # Who says that others ask through him is not believed.
            stranger.post(
                "/login", data={**guess, "name": f"甲{n}"}, headers={"x-forwarded-for": f"6.6.6.{n}"}
            ).status_code
            for n in range(3)
        ]
        assert codes == [403, 403, 429]
        login = {"token": token(office.get("/login")), "name": "张三", "password": PASSWORD}
        assert office.post("/login", data=login).status_code == 303
        assert office.get("/").headers["strict-transport-security"]
        _unit(stranger, link)
        _progress(office, app)
    with reading(server.engine) as connection:
        noted = {line.what: line.about for line in audit_lines(connection)}
    assert noted["登录"] == "来自 127.0.0.2"
    assert noted["登录失败"] == "来自 127.0.0.3"
    said = log.read_text()
    assert '"POST /login HTTP/1.1" 303' in said
    assert "/u/" not in said


def _unit(unit: httpx2.Client, link: str) -> None:
    """A file of nearly 20 MB is taken whole."""
    sent = {"token": token(unit.get(link))}
    answer = unit.post(f"{link}/look", data=sent, files={"file": ("大.xlsx", b"\0" * 19_000_000)})
    assert answer.status_code == 200
    assert "大.xlsx" in answer.text
    answer = unit.post(f"{link}/look", data=sent, files={"file": ("大.xlsx", b"\0" * 23_000_000)})
    assert (answer.status_code, "20 MB" in answer.text) == (413, True)


def _progress(office: httpx2.Client, app: Starlette) -> None:
    """Each event comes when it happens, not when all is over."""
    go = threading.Event()

    def work(listen: Listener) -> str:
        listen(Started(7))
        go.wait(60)
        return "/"

    begun = app.state.live.undertakings.start("核对", Visitor("user", "张三", "经办"), work)
    with office.stream("GET", f"/progress/{begun.key}/events") as answer:
        events = (json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: "))
        first = next(event for event in events if event["total"])
        assert (first["total"], first["is_over"]) == (7, False)
        go.set()
        assert list(events)[-1]["is_over"]


def test_the_documented_unit_of_systemd_is_one(tmp_path: Path) -> None:
    unit = documented("ini")
    (command,) = re.findall("^ExecStart=(.*)$", unit, re.MULTILINE)
    program, *arguments = command.split()
    assert program.endswith("/xlcheck")
    helped = xlcheck("serve", "start", "--help").out
    assert {one for one in arguments if one.startswith("--")} <= set(re.findall(r"--[\w-]+", helped))
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    path = tmp_path / "xlcheck.service"
    path.write_text(unit.replace(program, "/bin/true"), encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
    assert "xlcheck.service" not in told.stderr, told.stderr
