"""What the builds are called, and what they are made of: both the same wherever they are made again."""

from __future__ import annotations

import hashlib
import platform
import sys
from pathlib import Path

from xlcheck import __version__

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
EXTRAS = ("documents", "forms", "mail", "web")
"""What comes with the builds. A cluster wants Python on all its machines, and addresses of storage are for servers."""

_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


def build_name() -> str:
    """Such as ``xlcheck-0.1.0-linux-x86_64``."""
    machine = platform.machine().lower()
    return f"xlcheck-{__version__}-{_SYSTEMS.get(sys.platform, sys.platform)}-{_MACHINES.get(machine, machine)}"


BINARY = DIST / build_name()
"""The folder with the program."""
EXECUTABLE = BINARY / ("xlcheck.exe" if sys.platform == "win32" else "xlcheck")
MARK = Path("_internal", "sources.txt")
"""Where in that folder :func:`sources` stands."""
ZIPAPP = DIST / f"{build_name()}-py{sys.version_info[0]}{sys.version_info[1]}.pyz"
ZIPAPP_MARK = "site-packages/bin/before.py"
"""Where in that file :func:`sources` stands."""
PAGE = DIST / "xlcheck.html"


def sources() -> str:
    """Tells the package and the recipes as they are now from any others."""
    found = hashlib.sha256()
    for folder in ("xlcheck", "builds"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                data = path.read_bytes()
                found.update(f"{path.relative_to(ROOT).as_posix()} {len(data)}\n".encode() + data)
    return found.hexdigest()
