"""A real IMAP server for tests: Dovecot 2.3 as an ordinary process, on loopback ports of its own."""

from __future__ import annotations

import datetime
import getpass
import itertools
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import imapclient

from tests.servers.certificates import certify
from tests.servers.ports import free_ports

USER, PASSWORD = "clerk@example.org", "geheim 字"
_SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_MAILBOXES = 500
_MAIL_USER = "mail"
"""Who owns the mail when root starts the server, which gives no mail to root."""

_numbers = itertools.count()


def a_mailbox() -> str:
    """Whose mailbox nobody has used yet."""
    return f"clerk{next(_numbers)}@example.org"


_CONFIG = """
base_dir = {root}/run
state_dir = {root}/run
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
ssl = {tls}
ssl_cert = <{root}/server.pem
ssl_key = <{root}/server.pem
mail_location = maildir:{root}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
auth_failure_delay = 0
{users}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {root}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Whoever gave a wrong password is not made to wait.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


def missing() -> str | None:
    """What is lacking to run Dovecot here."""
    program = shutil.which("dovecot", path=_SBIN)
    if program is None:
        return "dovecot is not installed"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return None if version.startswith("2.3") else f"dovecot is of version {version.strip()}, not 2.3"


class Server(NamedTuple):
    """A running Dovecot."""

    root: Path
    imap: int
    """The port that begins without TLS and wants STARTTLS."""
    imaps: int

    @property
    def certificate(self) -> Path:
        """What to trust."""
        return self.root / "ca.pem"

    def url(self, user: str, folder: str = "INBOX") -> str:
        """The address of a mailbox."""
        return f"imaps://{user}@127.0.0.1:{self.imaps}/{folder}"

    @contextmanager
    def client(self, user: str) -> Iterator[Any]:
        """Log in as a mail program would."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with imapclient.IMAPClient("127.0.0.1", self.imaps, ssl_context=context, timeout=20) as client:
            client.plain_login(user, PASSWORD)
            yield client

    def deliver(
        self, user: str, *letters: bytes, folder: str = "INBOX", at: datetime.datetime | None = None
    ) -> list[int]:
        """Put letters into a mailbox, each a minute after the one before it; answers their UIDs."""
        with self.client(user) as client:
            for number, letter in enumerate(letters):
                when = at + datetime.timedelta(minutes=number) if at else None
                client.append(folder, letter, msg_time=when)
            client.select_folder(folder, readonly=True)
            return list(client.search("ALL"))

    def forget_uids(self, user: str) -> None:
        """Lose the indexes of INBOX, so that it gets a new UIDVALIDITY and its letters new UIDs."""
        for path in (self.root / "mail" / user).glob("dovecot*"):
            path.unlink()


@contextmanager
def running(tls: str = "required") -> Iterator[Server]:
    """Start Dovecot; whom :func:`a_mailbox` names may log in with `PASSWORD`.

    Args:
        tls: ``no`` for a server that knows no TLS at all.
    """
    server, process = _started(tls)
    try:
        yield server
    finally:
        _ended(server, process)


def _started(tls: str) -> tuple[Server, subprocess.Popen[bytes]]:
    """Start the server, on other ports where another program took one of them meanwhile."""
    program = shutil.which("dovecot", path=_SBIN)
    assert program is not None
    said = ""
    for _ in range(5):
        # Not below pytest's folder: paths of Unix sockets end at 108 bytes.
        server = Server(Path(tempfile.mkdtemp(prefix="xlcheck-dovecot-")), *free_ports(2))
        _write_config(server, tls)
        command = [program, "-F", "-c", str(server.root / "dovecot.conf")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if _answers(server, process):
            return server, process
        log = server.root / "log"
        said = log.read_text() if log.exists() else f"it ended with {process.poll()}"
        _ended(server, process)
    raise RuntimeError(f"dovecot did not start: {said}")


def _ended(server: Server, process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(20)
    assert process.stderr is not None
    process.stderr.close()
    shutil.rmtree(server.root, ignore_errors=True)


def _write_config(server: Server, tls: str) -> None:
    root = server.root
    users = ""
    uid, gid = os.getuid(), os.getgid()
    (root / "mail").mkdir()
    if uid == 0:
        import pwd

        owner = pwd.getpwnam(_MAIL_USER)
        uid, gid = owner.pw_uid, owner.pw_gid
        os.chown(root / "mail", uid, gid)
        root.chmod(0o755)
    else:
        users = f"default_internal_user = {getpass.getuser()}\ndefault_login_user = {getpass.getuser()}\n"
        import grp

        users += f"default_internal_group = {grp.getgrgid(gid).gr_name}\n"
    config = _CONFIG.format(root=root, tls=tls, users=users, uid=uid, gid=gid, imap=server.imap, imaps=server.imaps)
    (root / "dovecot.conf").write_text(config)
    names = [USER, *(f"clerk{number}@example.org" for number in range(_MAILBOXES))]
    (root / "users").write_text("".join(f"{name}:{PASSWORD}\n" for name in names), encoding="utf-8")
    certify(root, "127.0.0.1")


def _answers(server: Server, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(200):
        if process.poll() is not None:
            return False
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", server.imap)) == 0:
                return True
        time.sleep(0.05)
    return False
