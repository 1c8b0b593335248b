"""How long a connection may take: who sends or reads drop by drop keeps no place that others need (slowloris).

uvicorn waits for the head of a request as long as somebody likes, and for a reader of its answer, too.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

from xlcheck.web.bounds import WebBounds

_READ = 4096
"""Bytes of an answer that are read at least in the time that a head may take; nobody's line is slower."""


def patient_protocol(bounds: WebBounds) -> type[asyncio.Protocol]:
    """uvicorn's protocol with as much patience as that."""
    return type("Bounded", (_Patient,), {"bounds": bounds})


class _Patient(H11Protocol):
    """uvicorn's protocol, whose patience ends."""

    bounds = WebBounds()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._since = self.loop.time()
        self._head: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing was asked for yet, or all that was is answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._make_room()
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.is_idle:
            _stop(self._head)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.is_idle:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        _stop(self._head)
        _stop(self._reader)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        _stop(self._reader)
        super().resume_writing()

    def _make_room(self) -> None:
        """Of those that ask nothing, who does so for longest goes where there are too many connections."""
        idle = [one for one in cast("set[_Patient]", self.connections) if one.is_idle and one is not self]
        if len(self.connections) >= self.bounds.connections and idle:
            longest = min(idle, key=lambda one: one._since)
            self.connections.discard(longest)
            longest.transport.abort()

    def _wait_for_head(self) -> None:
        _stop(self._head)
        self._since = self.loop.time()
        self._head = self.loop.call_later(self.bounds.head_seconds, self.timeout_keep_alive_handler)

    def _wait_for_reader(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._reader = self.loop.call_later(self.bounds.head_seconds, self._look_at_reader, left)

    def _look_at_reader(self, before: int) -> None:
        if self.transport.get_write_buffer_size() > before - _READ:
            self.transport.abort()
        else:
            self._wait_for_reader()


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
