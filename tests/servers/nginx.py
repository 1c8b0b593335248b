"""A real nginx for tests: Debian's, as an ordinary process, with the very block of configuration that the documentation gives."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import ROOT
from tests.servers.smtp import wait_for

PAGE = ROOT / "docs/use/commands/serve.md"
NAME = "bs.example.gov.cn"
"""The server's name in the documentation."""

_AROUND = """
daemon off;
pid {root}/pid;
error_log {root}/error.log warn;
events {{}}
http {{
  access_log {root}/access.log;
  client_body_temp_path {root}/body;
  proxy_temp_path {root}/proxy;
  fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi;
  scgi_temp_path {root}/scgi;
  {block}
}}
"""


def documented(kind: str) -> str:
    """The block of that kind on the page of the command."""
    (block,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return str(block)


def block_for(port: int, behind: int, certificate: Path, key: Path) -> str:
    """The documented block with ports and files of a test."""
    block = documented("nginx")
    for before, now in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/bs/fullchain.pem", str(certificate)),
        ("/etc/ssl/bs/privkey.pem", str(key)),
        ("http://127.0.0.1:8480", f"http://127.0.0.1:{behind}"),
    ):
        assert before in block, before
        block = block.replace(before, now)
    return block


@contextmanager
def proxying(folder: Path, port: int, behind: int, certificate: Path, key: Path) -> Iterator[Path]:
    """nginx on `port` in front of what listens on `behind`; gives the file of its log of requests.

    Raises:
        LookupError: none is installed.
    """
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise LookupError("nginx is not installed")
    folder.mkdir()
    config = folder / "nginx.conf"
    config.write_text(_AROUND.format(root=folder, block=block_for(port, behind, certificate, key)), encoding="utf-8")
    command = [program, "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")]
    if os.geteuid() == 0:  # its workers would be somebody else, who cannot write here
        command += ["-g", "user root;"]
    process = subprocess.Popen(command)
    try:
        wait_for(lambda: process.poll() is not None or _answers(port))
        assert process.poll() is None, (folder / "error.log").read_text()
        yield folder / "access.log"
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0
