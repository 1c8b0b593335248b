"""A real PostgreSQL for tests: Debian's server with a cluster of its own, on a loopback port and without waiting for disks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.servers.ports import free_ports

USER, PASSWORD = "clerk", "geheim"
_UNPRIVILEGED = "postgres"
"""Who runs the server when root starts it, which the server refuses to be."""

_CONFIG = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 60
# Nothing of a test outlives its machine.
fsync = off
synchronous_commit = off
full_page_writes = off
log_min_messages = warning
"""


def _programs() -> Path | None:
    """Where the server's programs are: Debian keeps them out of PATH, a folder a version."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    return max(found, key=lambda path: float(path.parent.name), default=Path(on_path).parent if on_path else None)


class DatabaseServer(NamedTuple):
    """A running PostgreSQL."""

    port: int

    def url(self, name: str, user: str = USER, password: str = PASSWORD) -> str:
        """The address of a database."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{name}"

    def make(self, name: str) -> str:
        """Make an empty database; answers its address."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE template0 STRATEGY file_copy')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Take a database away, whoever uses it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, statement: str, name: str = "postgres") -> None:
        """Do something that is no transaction."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running() -> Iterator[DatabaseServer]:
    """Start a server.

    Raises:
        LookupError: none is installed.
    """
    programs = _programs()
    if programs is None:
        raise LookupError("postgresql is not installed")
    root = Path(tempfile.mkdtemp(prefix="xlcheck-postgres-"))
    try:
        _make(programs, root)
        server, process = _started(programs, root)
        try:
            yield server
        finally:
            _end(process)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _as_nobody() -> dict[str, Any]:
    """How root starts what root may not be."""
    return {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED, "extra_groups": []} if os.getuid() == 0 else {}


def _make(programs: Path, root: Path) -> None:
    secret = root / "password"
    secret.write_text(PASSWORD)
    if os.getuid() == 0:
        shutil.chown(root, _UNPRIVILEGED)
        shutil.chown(secret, _UNPRIVILEGED)
    options = ["-U", USER, f"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]
    command = [str(programs / "initdb"), "-D", str(root / "data"), *options]
    subprocess.run(command, check=True, capture_output=True, cwd=root, **_as_nobody())


def _started(programs: Path, root: Path) -> tuple[DatabaseServer, subprocess.Popen[Any]]:
    """Start the server, on another port where another program took this one meanwhile."""
    for _ in range(5):
        server = DatabaseServer(*free_ports(1))
        (root / "own.conf").write_text(_CONFIG.format(port=server.port))
        command = [str(programs / "postgres"), "-D", str(root / "data"), "-c", f"config_file={root / 'own.conf'}"]
        with (root / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=root, **_as_nobody())
        if _answers(server, process):
            return server, process
        _end(process)
    raise RuntimeError(f"postgres did not start: {(root / 'log').read_text()}")


def _end(process: subprocess.Popen[Any]) -> None:
    """End the server, whoever is still connected."""
    process.send_signal(signal.SIGINT)
    process.wait(20)


def _answers(server: DatabaseServer, process: subprocess.Popen[Any]) -> bool:
    import psycopg

    for _ in range(200):
        if process.poll() is not None:
            return False
        try:
            with psycopg.connect(server.url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False
