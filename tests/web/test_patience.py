"""Connections that send or read drop by drop: they are shut, and nobody else waits for them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.servers.smtp import wait_for
from tests.web.processes import Running, running_server

HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


def is_shut(line: socket.socket, send: bytes) -> bool:
    """Whether the other side ends it while drops are sent."""
    line.settimeout(0.05)
    for _ in range(600):
        with suppress(TimeoutError):
            try:
                line.sendall(send)
                if not line.recv(1000):
                    return True
            except ConnectionError:
                return True
    return False


def test_an_honest_visitor_is_answered_while_many_hang() -> None:
    with running_server(connections=100) as server:
        slow = [server.connect() for _ in range(200)]
        for line in slow:
            with suppress(ConnectionError):  # those that were shut out for the later ones
                line.sendall(HEAD)
        for _ in range(3):
            assert server.ask("/health").recv(1000).startswith(b"HTTP/1.1 200 OK")
        quick = server.ask("/quick")
        wait_for(server.children)  # it is being answered, and keeps its place
        for _ in range(150):
            server.connect()
        assert quick.recv(1000).startswith(b"HTTP/1.1 200 OK")


def _silent(server: Running) -> tuple[socket.socket, bytes]:
    return server.connect(), b""


def _head_by_drops(server: Running) -> tuple[socket.socket, bytes]:
    line = server.connect()
    line.sendall(HEAD)
    return line, b"x"


def _second_head_by_drops(server: Running) -> tuple[socket.socket, bytes]:
    line = server.ask("/health")
    assert line.recv(1000).startswith(b"HTTP/1.1 200 OK")
    line.sendall(HEAD)
    return line, b"x"


def _body_that_nobody_asked_for(server: Running) -> tuple[socket.socket, bytes]:
    line = server.connect()
    line.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
    return line, b"x"


@pytest.mark.parametrize(
    "begin", [_silent, _head_by_drops, _second_head_by_drops, _body_that_nobody_asked_for], ids=lambda one: one.__name__
)
def test_drop_by_drop_is_not_waited_for(
    impatient: Running, begin: Callable[[Running], tuple[socket.socket, bytes]]
) -> None:
    assert is_shut(*begin(impatient))


def test_who_does_not_read_is_not_waited_for(impatient: Running) -> None:
    line = impatient.ask("/long")
    time.sleep(2)
    read = 0
    with suppress(ConnectionError):
        while piece := line.recv(1 << 20):
            read += len(piece)
    assert read < 30_000_000


def test_who_reads_slowly_gets_all_of_it(impatient: Running) -> None:
    line = impatient.ask("/long")
    read = 0
    while read < 30_000_000:
        piece = line.recv(1 << 20)
        assert piece
        read += len(piece)
        time.sleep(0.03)


@pytest.fixture(scope="module")
def impatient() -> Iterator[Running]:
    """One that waits half a second for a head."""
    with running_server(head_seconds=0.5) as server:
        yield server
