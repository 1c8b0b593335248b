"""A server that runs, and ends: whatever ends it, no process of it is left."""

from __future__ import annotations

import datetime
import signal
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import trustme

from tests.making.command import xlcheck
from tests.servers.smtp import wait_for
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


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with certificates and keys: right, another key, one with a password, one that is over."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("good", "other"):
        openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem",
        )  # fmt: skip
    openssl("ec", "-in", folder / "good.key", "-aes256", "-passout", "pass:geheim", "-out", folder / "locked.key")
    yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    over = trustme.CA().issue_cert("localhost", not_after=yesterday)
    for kind in ("pem", "key"):
        over.private_key_and_cert_chain_pem.write_to_path(folder / f"over.{kind}")
    (folder / "none.pem").write_text("none")
    return folder


@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        ("good.pem", "other.key", "证书与私钥不相配"),
        ("good.pem", "locked.key", "私钥有密码保护"),
        ("over.pem", "over.key", "已经过期"),
        ("none.pem", "good.key", "不是 PEM 文件"),
        ("good.pem", "none.pem", "不是 PEM 文件"),
        ("missing.pem", "good.key", "找不到"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_one_sentence(made: Path, certificate: str, key: str, said: str) -> None:
    ran = xlcheck(
        "serve", made / "office", "--public", "--database", made / "台账.sqlite", "--address", "https://localhost",
        "--port", "0", "--cert", made / certificate, "--key", made / key,
    )  # fmt: skip
    assert ran.code == 2
    last = ran.err.splitlines()[-1]
    assert said in last
    assert certificate in last
    assert "Traceback" not in ran.err


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_browsers_reach_it_by_tls_and_by_nothing_older_than_1_2(made: Path) -> None:
    app = client(TINY_ROUTES, secure=True).app
    listening = Listening(port=0, certificate=made / "good.pem", key=made / "good.key")
    ports: list[int] = []
    thread = threading.Thread(target=serve_application, args=(app, listening, ports.append))
    thread.start()
    try:
        wait_for(lambda: ports)
        context = ssl.create_default_context(cafile=str(made / "good.pem"))
        with urlopen(f"https://localhost:{ports[0]}/health", context=context, timeout=60) as answer:
            assert answer.headers["strict-transport-security"]
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.raises(URLError, match="SSL"):
            urlopen(f"https://localhost:{ports[0]}/health", context=context, timeout=60)
    finally:
        app.state.end()  # type: ignore[attr-defined]
        thread.join()
