"""A line of JSON for each request and each trouble. No figure, no link, no name and no secret stands in it."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections.abc import Callable
from typing import TextIO

from starlette.requests import Request

from xlcheck.web.visitor import UNKNOWN_VISITOR

_lock = threading.Lock()


def log(what: str, stream: TextIO | None = None, **values: str | int | float) -> None:
    """Write a line: what happened, and values that our own code made."""
    line = json.dumps({"what": what, **values}, ensure_ascii=False)
    with _lock:
        print(line, file=stream or sys.stderr, flush=True)


def log_request(request: Request, status: int, seconds: float, at: float, write: Callable[..., None] = log) -> None:
    """A request: its route as it is declared, with names in place of what stood there, for a link is a secret."""
    route = request.scope.get("route")
    path = getattr(route, "path", None) or "—"
    kind = getattr(request.state, "visitor", UNKNOWN_VISITOR).kind
    write(
        "request",
        at=round(at, 3),
        method=_method(request),
        route=path,
        status=status,
        ms=round(seconds * 1000),
        who=kind,
    )


def _method(request: Request) -> str:
    return request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "—"


def log_trouble(error: BaseException, at: float, write: Callable[..., None] = log) -> None:
    """Something that should not happen: its kind and where, never its words, which may quote a file."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    write("trouble", at=round(at, 3), kind=type(error).__name__, where=where)
