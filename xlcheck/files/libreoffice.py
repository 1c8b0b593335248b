"""Documents of other programs, written anew by LibreOffice where it is installed.

It runs with a profile of its own in a folder that is gone afterwards: no macros, no links, no way to other computers as
far as its settings go, and an end to its time and memory.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlcheck.model.numbers import MIB

_SECONDS = 45
"""For one document, the start of the program included; a child waits longer."""
_MEMORY = 4096 * MIB
"""Of address space; it reserves half of that before it does anything."""
_USUAL = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
"""Where it lies where no path leads to it."""
_NOWHERE = "http://127.0.0.1:9"
"""A proxy at which nobody listens."""
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Office.Writer/Content/Update", "Chart", "false"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
"""Options by their places; what a version does not know it passes over."""


def soffice() -> str | None:
    """The program, or None where it is not installed."""
    return shutil.which("soffice") or next((path for path in _USUAL if os.path.isfile(path)), None)


def rewritten(data: bytes, suffix: str, reads: str, writes: str) -> bytes | None:
    """What LibreOffice makes of a document; None where it makes nothing of it.

    Args:
        data: the document's bytes.
        suffix: the ending of its name (``.doc``).
        reads: LibreOffice's name of the format that it is in; no other is tried.
        writes: the ending of the new one, and LibreOffice's name of its format (``docx:MS Word 2007 XML``).

    Raises:
        FileNotFoundError: LibreOffice is not installed.
    """
    program = soffice()
    if program is None:
        raise FileNotFoundError("soffice")
    with _folder() as folder:
        (folder / f"in{suffix}").write_bytes(data)
        _set(folder / "profile" / "user")
        _run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless", "--norestore", "--nodefault", "--nologo", "--nofirststartwizard", "--nolockcheck",
                f"--infilter={reads}",
                "--convert-to", writes,
                "--outdir", str(folder / "out"),
                str(folder / f"in{suffix}"),
            ],
            folder,
        )  # fmt: skip
        made = folder / "out" / f"in.{writes.partition(':')[0]}"
        return made.read_bytes() if made.is_file() else None


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that is gone afterwards, also where the program still writes into it."""
    folder = Path(tempfile.mkdtemp(prefix="xlcheck-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set(user: Path) -> None:
    """Write the profile's settings."""
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{place}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for place, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )


def _run(command: list[str], folder: Path) -> None:
    """Run the program to its end, or to that of its time."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG", "LC_ALL") if name in os.environ}
    env = {**kept, "HOME": str(folder), "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    env |= dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _NOWHERE)
    process = subprocess.Popen(  # noqa: S603  # the program is the user's own, and no argument is a stranger's
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=env,
        start_new_session=True,
        preexec_fn=_bind if sys.platform == "linux" else None,  # noqa: PLW1509  # it calls the system only
    )
    watch = None
    try:
        watch = _watch(process.pid, folder) if os.name == "posix" else None
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        if watch is not None:
            watch.kill()
            watch.communicate()
        _end(process)


def _watch(group: int, folder: Path) -> subprocess.Popen[bytes]:
    """A process that ends the program and takes its folder away once we are gone, however we ended: then its input ends."""
    return subprocess.Popen(  # noqa: S603  # a number and a path that we made
        ["/bin/sh", "-c", 'read -r line; kill -s KILL -- "-$0"; rm -rf -- "$1"', str(group), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # A build without an interpreter has the system's programs look for libraries among its own.
        env={name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"},
    )


def _bind() -> None:
    """What the program may take; of what its caller may, only the hard limits hold for it."""
    import resource

    for kind, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS)):
        hard = resource.getrlimit(kind)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with all that it started."""
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
