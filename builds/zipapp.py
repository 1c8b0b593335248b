"""Makes one file that any machine with the same Python and system can start, in ``dist`` (shiv)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from builds.names import DIST, EXTRAS, ROOT, ZIPAPP, ZIPAPP_MARK, sources

_BEFORE = """\
# Made of {sources}
import sys

if sys.version_info[:2] != {version}:
    sys.stderr.write("这个文件只能用 Python {named} 运行，现在用的是 %d.%d\\n" % sys.version_info[:2])
    sys.exit(2)
"""


def before(version: tuple[int, int]) -> str:
    """What runs before the libraries of this version of Python are loaded."""
    return _BEFORE.format(version=version, named="{}.{}".format(*version), sources=sources())


def main() -> None:
    """Make it."""
    DIST.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, Path(ZIPAPP_MARK).name)
        script.write_text(before(sys.version_info[:2]), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "shiv",
            "--quiet",
            "--reproducible",
            "--compressed",
            "--console-script",
            "xlcheck",
        ]
        command += ["--python", "/usr/bin/env python3", "--preamble", str(script), "--output-file", str(ZIPAPP)]
        subprocess.run(
            [*command, f"{ROOT}[{','.join(EXTRAS)}]"],
            check=True,
            cwd=folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
        )
    print(f"{ZIPAPP.relative_to(ROOT)}: {ZIPAPP.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
