"""A server that runs: its port, its certificate, the browser that is opened, and an end that leaves nothing behind."""

from __future__ import annotations

import asyncio
import datetime
import logging
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from xlcheck.files.content import why
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.given import CannotDo
from xlcheck.web.app import GIVEN_UP
from xlcheck.web.logs import log
from xlcheck.web.patience import patient_protocol
from xlcheck.web.progress import Undertakings
from xlcheck.web.site import Site, SiteState

_GRACE = 25
"""Seconds that requests, and what is under way besides, have to end once the server shall."""
_TRIED = 20
"""Ports that are tried one after the other where any will do."""


class Listening(NamedTuple):
    """Where a server listens."""

    host: str = "127.0.0.1"
    port: int = 8480
    may_move: bool = True
    """Whether one of the next ports will do where this one is taken."""
    certificate: Path | None = None
    """PEM files of TLS, both or none; without them a proxy in front may do that."""
    key: Path | None = None


class Ending(NamedTuple):
    """How a server ended."""

    unfinished: tuple[str, ...]
    """What was stopped, in sentences."""
    is_whole: bool
    """Whether nothing is at work any more; else the process must be ended whatever its threads wait for."""


def serve_application(app: Starlette, listening: Listening, ready: Callable[[int], object]) -> Ending:
    """Serve until somebody ends it, politely or with Ctrl-C.

    Args:
        app: what is served.
        listening: where.
        ready: is called with the port once it listens.

    Raises:
        CannotDo: the port is taken, or the certificate cannot be used.
    """
    site: Site = app.state.site
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # Only a proxy on this computer may say for whom it asks, and in the window of one clerk there is none.
        proxy_headers=site.mode == "public",
        forwarded_allow_ips="127.0.0.1",
        limit_concurrency=site.bounds.connections,
        timeout_graceful_shutdown=_GRACE,
        http=patient_protocol(site.bounds),
        ws="none",
        lifespan="on",
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
        ssl_keyfile_password="no password",  # noqa: S106  # nobody is asked for one
    )
    _log_warnings(site)
    with closing(_bound(listening)) as bound:
        _load(config, listening)
        live: SiteState = app.state.live
        try:
            server = _Server(config, lambda: ready(bound.getsockname()[1]), live.undertakings)
            app.state.end = server.end
            server.run([bound])
        except KeyboardInterrupt:
            pass  # it ended before in good order: that is how it tells us which signal it got
        finally:
            is_whole = live.checks.close(GIVEN_UP)
    return Ending(live.undertakings.unfinished(), is_whole)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], object], undertakings: Undertakings) -> None:
        super().__init__(config)
        self._ready = ready
        self._undertakings = undertakings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    def end(self) -> None:
        """End in good order, once what is being answered is answered."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let what is under way come to the end of a step, and requests to theirs; both have the same time."""
        self._undertakings.stop()
        end = time.monotonic() + _GRACE
        while not self._undertakings.are_over and not self.force_exit and time.monotonic() < end:
            await asyncio.sleep(0.05)
        self.config.timeout_graceful_shutdown = max(1, round(end - time.monotonic()))
        await super().shutdown(sockets)


def _bound(listening: Listening) -> socket.socket:
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    for port in range(listening.port, listening.port + (_TRIED if listening.may_move and listening.port else 1)):
        bound = socket.socket(family)
        try:
            if not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows the other option lets two programs listen
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((listening.host, port))
            bound.listen(128)
            return bound
        except OSError as error:
            bound.close()
            trouble = error
    raise CannotDo(
        "options", f"无法在 {listening.host} 的端口 {listening.port} 上启动（{why(trouble)}）；请用 --port 换一个端口"
    )


def _load(config: uvicorn.Config, listening: Listening) -> None:
    try:
        config.load()
        if config.ssl is not None and listening.certificate is not None:
            config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
            _check_dates(listening.certificate)
    except OSError as error:  # ssl.SSLError is one
        reason = _why_unusable(error, listening.key) if isinstance(error, ssl.SSLError) else why(error)
        raise CannotDo("input", f"无法使用证书“{listening.certificate}”和私钥“{listening.key}”（{reason}）") from error


def _why_unusable(error: ssl.SSLError, key: Path | None) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return "证书与私钥不相配"
    if key is not None and b"ENCRYPTED" in key.read_bytes():  # OpenSSL does not say so
        return "私钥有密码保护，请换成没有密码的"
    return "证书或者私钥不是 PEM 文件"


def _check_dates(certificate: Path) -> None:
    """Refuse a certificate that no browser would accept today.

    Raises:
        CannotDo: it is over, or not good yet.
    """
    from cryptography.x509 import load_pem_x509_certificate

    known = load_pem_x509_certificate(certificate.read_bytes())
    now = datetime.datetime.now(datetime.timezone.utc)
    if known.not_valid_after_utc < now:
        raise CannotDo("input", f"证书“{certificate}”到 {known.not_valid_after_utc:%Y-%m-%d} 已经过期；请换新的证书")
    if known.not_valid_before_utc > now:
        raise CannotDo(
            "input", f"证书“{certificate}”从 {known.not_valid_before_utc:%Y-%m-%d} 起才有效；请检查证书和本机的时间"
        )


class _Warnings(logging.Handler):
    """What the server under us has to say, as lines of ours: never its words, which may quote a request."""

    def __init__(self, site: Site) -> None:
        super().__init__(logging.WARNING)
        self._site = site

    def emit(self, record: logging.LogRecord) -> None:
        log("server", at=round(self._site.clock(), 3), level=record.levelname, where=f"{record.module}:{record.lineno}")


def _log_warnings(site: Site) -> None:
    logger = logging.getLogger("uvicorn")
    logger.handlers[:] = [_Warnings(site)]
    logger.propagate = False
