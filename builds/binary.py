"""Makes the program for machines without Python, as a folder and as a zip of it, in ``dist``.

What comes out depends on the sources and on what is installed only: the same again is the same to the byte.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

from builds.licences import licences
from builds.names import BINARY, DIST, MARK, PAGE, ROOT, sources

_HERE = Path(__file__).parent
_GUIDE = _HERE / "使用说明.txt"
_TIME = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    """Make both."""
    _freeze()
    # Notepad of older Windows wants both, and all others can do with them.
    guide = _GUIDE.read_text(encoding="utf-8").replace("\n", "\r\n")
    (BINARY / _GUIDE.name).write_bytes(guide.encode("utf-8-sig"))
    (BINARY / "LICENSES.txt").write_text(licences(), encoding="utf-8")
    if PAGE.is_file():
        shutil.copyfile(PAGE, BINARY / PAGE.name)
    (BINARY / MARK).write_text(sources() + "\n", encoding="ascii")
    archive = BINARY.with_name(f"{BINARY.name}.zip")
    pack(BINARY, archive)
    size = sum(path.lstat().st_size for path in BINARY.rglob("*") if not path.is_symlink())
    page = "" if PAGE.is_file() else f", without {PAGE.name}: `poe page` makes it"
    print(f"{archive.relative_to(ROOT)}: {archive.stat().st_size / 1e6:.1f} MB, {size / 1e6:.1f} MB unpacked{page}")


def _freeze() -> None:
    """Have PyInstaller make the folder."""
    work = ROOT / "build" / "binary"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"]
    places = ["--distpath", str(work / "dist"), "--workpath", str(work / "work")]
    subprocess.run(
        [*command, *places, str(_HERE / "xlcheck.spec")],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "315532800"},
    )
    shutil.rmtree(BINARY, ignore_errors=True)
    DIST.mkdir(exist_ok=True)
    (work / "dist" / "xlcheck").rename(BINARY)


def pack(folder: Path, archive: Path) -> None:
    """Zip a folder, under its own name: in the order of names, with permissions and links, and without times."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                continue
            member = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _TIME)
            member.create_system = 3  # Unix, or else permissions are not looked at
            member.compress_type = zipfile.ZIP_DEFLATED
            if path.is_symlink():
                member.external_attr = (stat.S_IFLNK | 0o777) << 16
                packed.writestr(member, os.readlink(path))
                continue
            runs = path.suffix == ".exe" or path.stat().st_mode & stat.S_IXUSR
            member.external_attr = (stat.S_IFREG | (0o755 if runs else 0o644)) << 16
            packed.writestr(member, path.read_bytes())


if __name__ == "__main__":
    main()
