"""A server that runs, and ends: whatever ends it, no process of it is left."""

from __future__ import annotations

import signal
import socket
import ssl
import time
from pathlib import Path

import pytest

from tests.web.processes import Running, are_over, running_server
from tests.web.window import TINY_ROUTES, client
from xlcheck.tasks.given import CannotDo
from xlcheck.web.running import Listening, serve_application


def busy_children(server: Running) -> set[int]:
    """Its processes, once two of them check what never ends."""
    server.ask("/busy")
    server.ask("/busy")
    for _ in range(600):
        found = server.children()
        if len(found) >= 2:
            time.sleep(0.5)  # until they are at it
            return found
        time.sleep(0.05)
    raise AssertionError("nothing was started")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP])
def test_no_process_is_left(number: int) -> None:
    with running_server() as server:
        children = busy_children(server)
        server.process.send_signal(number)
        if number in (signal.SIGTERM, signal.SIGINT):
            time.sleep(0.3)
            server.process.send_signal(
                signal.SIGINT
            )  # whoever is in a hurry says so again, and no request is waited for
        server.process.wait(60)
        assert are_over(children)
        if number in (signal.SIGTERM, signal.SIGINT):
            assert server.process.returncode == 0


def test_it_ends_by_itself_when_nothing_is_under_way() -> None:
    with running_server() as server:
        line = server.ask("/quick")
        assert b"200 OK" in line.recv(1000)
        children = server.children()
        assert len(children) == 1
        server.process.terminate()
        assert server.process.wait(60) == 0
        assert are_over(children)


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotDo, match=f"端口 {port} 上启动"):
            serve_application(client(TINY_ROUTES).app, Listening(port=port, may_move=False), lambda _: None)  # type: ignore[arg-type]


def test_a_certificate_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    poor = tmp_path / "cert.pem"
    poor.write_text("none")
    app = client(TINY_ROUTES, secure=True).app
    for certificate in (poor, tmp_path / "missing.pem"):
        with pytest.raises(CannotDo, match="无法使用证书"):
            serve_application(app, Listening(port=0, certificate=certificate, key=certificate), lambda _: None)  # type: ignore[arg-type]
    assert ssl.OPENSSL_VERSION
