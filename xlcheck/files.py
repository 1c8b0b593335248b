"""Files: which to check, reading them whole, and writing without leaving anything half written."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.marks import SUMMARY_BOOK
from xlcheck.model.text import clean

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods"})
"""The endings of workbooks that are looked for in folders."""

COPIES = (".审核.", ".建议.")
"""What the names of annotated copies and of copies with mends hold; folders skip both."""

STDIN = "-"


def is_skipped(name: str) -> bool:
    """Whether a folder's file is passed over: lock files of Excel, WPS and LibreOffice, our copies and our summary."""
    return name.startswith(("~$", ".")) or name == SUMMARY_BOOK or is_copy(name)


def is_copy(name: str) -> bool:
    """Whether the name is one that we give to copies."""
    return any(part in name for part in COPIES)


def place(address: str) -> Path:
    """The file or folder that somebody names, by a path or by an address such as ``s3://bucket/folder``.

    Raises:
        NoRemote: the library for such addresses is not installed.
    """
    if "://" not in address:
        return Path(address)
    from xlcheck import remote

    return remote.place(address)


def is_remote(path: Path) -> bool:
    """Whether a place is behind an address."""
    return not isinstance(path, _LOCAL)


_LOCAL: type = Path


def files(folder: Path) -> Iterator[tuple[Path, float]]:
    """All files below `folder`, in the order of their names, and when each was last written, in seconds since 1970.

    Links to folders are not followed. The time is 0 where it is not known.
    """
    if is_remote(folder):
        from xlcheck import remote

        yield from remote.walk(folder)
        return
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            yield path, modified(path)


def is_workbook(name: str) -> bool:
    """Whether a folder's file is one to check."""
    return os.path.splitext(name)[1].lower() in ENDINGS and not is_skipped(name)


def workbooks(folder: Path) -> Iterator[Path]:
    """The workbooks below `folder`, in the order of their names."""
    return (path for path, _ in files(folder) if is_workbook(path.name))


def modified(path: Path) -> float:
    """When a file was last written, in seconds since 1970; 0 where that is not known."""
    if is_remote(path):
        from xlcheck import remote

        return remote.modified(path)
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def is_folder(path: Path) -> bool:
    """Whether there is a folder.

    Raises:
        OSError: the storage behind an address failed.
    """
    if is_remote(path):
        from xlcheck import remote

        return remote.is_folder(path)
    return path.is_dir()


def exists(path: Path) -> bool:
    """Whether there is anything; a link that leads nowhere is something, too.

    Raises:
        OSError: the storage behind an address failed.
    """
    if is_remote(path):
        from xlcheck import remote

        return remote.exists(path)
    return os.path.lexists(path)


def absolute(path: Path) -> str:
    """The same text for every way to name a file from here."""
    return str(path) if is_remote(path) else os.path.abspath(path)


def is_writable(folder: Path) -> bool:
    """Whether files can be written there, as far as it can be told before."""
    return is_remote(folder) or os.access(folder, os.W_OK)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it.

    Raises:
        OSError: it cannot be made.
    """
    if is_remote(path):
        from xlcheck import remote

        remote.make_folder(path)
    else:
        path.mkdir(parents=True, exist_ok=True)


def read_bytes(path: Path, most: int = LIMITS.file_bytes) -> bytes:
    """A file's bytes; of one that is larger than `most`, one byte more than that.

    Raises:
        Refused: it is no regular file, cannot be read, or is too large; the reason is for a clerk.
    """
    try:
        if is_remote(path):
            from xlcheck import remote

            return remote.read(path, most + 1)
        # Opening a pipe would wait for ever, so its kind is asked first, and again of what was opened.
        if stat.S_ISDIR(os.stat(path).st_mode):
            raise Refused("F101", "文件夹里没有工作簿（支持 .xlsx、.xlsm、.xls、.et、.ods）")
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Refused("F101", "不是普通文件，无法读取")
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused("F101", "不是普通文件，无法读取")
            data = file.read(most + 1)
    except OSError as error:
        raise Refused("F101", f"无法读取（{why(error)}）") from error
    return data


def relative(path: str, folder: str) -> str:
    """Where a file lies as seen from a folder, with ``/``."""
    if "://" in folder:
        return path.removeprefix(folder.rstrip("/") + "/")
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return path


_WHY: Mapping[int, str] = {
    errno.ENOENT: "找不到，请检查文件名和路径",
    errno.EACCES: "没有权限，或文件正在 WPS、Excel 中打开",
    errno.EPERM: "没有权限，请检查权限设置",
    errno.EROFS: "所在的磁盘是只读的",
    errno.ENOSPC: "磁盘空间不足",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "快捷方式（链接）指向自己",
}


def why(error: OSError | UnicodeError) -> str:
    """Why the system refused, in a clerk's words."""
    if isinstance(error, UnicodeError):
        return "系统的编码不支持这个文件名"
    if error.errno is None:  # a storage behind an address, in its own words
        return clean(str(error)) or type(error).__name__
    return _WHY.get(error.errno or 0, f"系统错误 {error.errno}")


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file at once: under another name first, then renamed.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    if is_remote(path):
        from xlcheck import remote

        remote.write(path, data)
        return
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write into that becomes `path` once all went well; until then an earlier one stays.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    import tempfile

    away = is_remote(path)
    handle, name = tempfile.mkstemp(dir=None if away else path.parent, prefix=".~", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        if away:
            write_bytes(path, Path(name).read_bytes())
            os.unlink(name)
        else:
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
