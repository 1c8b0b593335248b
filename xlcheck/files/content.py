"""Reading files whole, and writing them without leaving anything half written."""

from __future__ import annotations

import errno
import importlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from xlcheck.files.names import SUPPORTED
from xlcheck.files.paths import is_remote
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Error, Refused
from xlcheck.model.text import clean

_locks: Any = importlib.import_module("fcntl") if os.name == "posix" else None
"""Windows has none, but it removes no file that somebody has open."""

_NO_FILE = "不是普通文件，无法读取"


class NoFile(OSError, Error):
    """What should be a file is a pipe, a device or a folder."""

    code = "no-file"


def open_file(path: Path) -> BinaryIO:
    """A file on this machine, opened to be read; a pipe that nobody writes into keeps nobody waiting.

    Raises:
        NoFile: it is no regular file.
        OSError: it cannot be opened.
    """
    file = open(path, "rb", opener=_unblocked)  # noqa: SIM115  # whoever asked closes it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise NoFile(_NO_FILE)


def _unblocked(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def read_bytes(path: Path, most: int = LIMITS.file_bytes) -> bytes:
    """A file's bytes; of one that is larger than `most`, one byte more than that.

    Raises:
        Refused: it is no regular file, cannot be read, or is too large; the reason is for a clerk.
    """
    try:
        if is_remote(path):
            from xlcheck.files import remote

            return remote.download(path, most + 1)
        # Opening a pipe would wait for ever, so its kind is asked first, and again of what was opened.
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise Refused("F101", f"文件夹里没有工作簿（{SUPPORTED}）")
        if not stat.S_ISREG(mode):
            raise Refused("F101", _NO_FILE)
        with open_file(path) as file:
            # Room for the largest file is not asked for where the file is small.
            size = min(os.fstat(file.fileno()).st_size, most)
            data = file.read(size + 1)
            if len(data) > size:  # it grew, or does not tell how large it is
                data += file.read(most + 1 - len(data))
    except NoFile as error:
        raise Refused("F101", _NO_FILE) from error
    except OSError as error:
        raise Refused("F101", f"无法读取（{why(error)}）") from error
    return data


@contextmanager
def looked_into(path: Path) -> Iterator[bytes]:
    """A file's bytes, of which only what is asked for comes into memory; of one behind an address it is all.

    Raises:
        Refused: it is empty, or as :func:`read_bytes` says.
        OSError: it cannot be opened.
    """
    if is_remote(path):
        yield read_bytes(path, _LARGEST)
        return
    import mmap

    with open_file(path) as file:
        if not os.fstat(file.fileno()).st_size:
            raise Refused("F103", "文件是空的")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped  # type: ignore[misc]  # what is sliced and searched like bytes


_LARGEST = 256 << 20
"""Bytes of the largest file behind an address that is looked into."""

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
    errno.EBADF: "输出是关闭的",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EFBIG: "超出了文件大小的限制",
    errno.EIO: "磁盘读写出错",
    errno.ELOOP: "快捷方式（链接）指向自己",
}


def why(error: OSError | UnicodeError) -> str:
    """Why the system refused, in a clerk's words."""
    if isinstance(error, UnicodeError):
        return "系统的编码不支持这个文件名"
    if error.errno is None:  # a storage behind an address, in its own words
        return clean(str(error)) or type(error).__name__
    return _WHY.get(error.errno or 0, f"系统错误 {error.errno}")


def write_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file at once: under another name first, then renamed.

    Args:
        path: the file.
        data: what is in it.
        private: whether nobody else on this machine may read it.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    if is_remote(path):
        from xlcheck.files import remote

        remote.upload(path, data)
        return
    with replacing(path, private=private) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file to write into that becomes `path` once all went well; until then an earlier one stays.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    away = is_remote(path)
    name = _aside() if away else path.parent / f".~{os.urandom(8).hex()}.tmp"
    # As tempfile does it, which takes longer to import than a copy takes to write.
    file = open(name, "x+b", opener=_private if away or private else None)  # noqa: SIM115  # closed before it gets its name
    try:
        with _in_use(file) as handle:
            with file:
                yield file
            if away:
                write_bytes(path, name.read_bytes())
            else:
                os.fsync(handle)  # a power cut after the renaming leaves no empty file under its name
                if _locks is not None:
                    os.replace(name, path)
        if away:
            os.unlink(name)
        elif _locks is None:
            os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise


_LEFT = re.compile(r"\.~[0-9a-f]{16}\.tmp")
"""The names under which files are written before they get their own."""


@contextmanager
def _in_use(file: BinaryIO) -> Iterator[int]:
    """Whoever tidies up knows that somebody writes here; the lock ends with the process. Gives a handle that outlives the file."""
    handle = os.dup(file.fileno())
    try:
        if _locks is not None:
            with suppress(OSError):  # some network drives know no locks
                _locks.flock(handle, _locks.LOCK_SH)
        yield handle
    finally:
        os.close(handle)


def tidy(folders: Iterable[Path]) -> None:
    """Remove from folders what interrupted runs left half written; what somebody is writing stays."""
    for folder in folders:
        if is_remote(folder):
            continue
        with suppress(OSError), os.scandir(folder) as inside:
            for left in [entry.path for entry in inside if _LEFT.fullmatch(entry.name)]:
                with suppress(OSError):
                    _remove(left)


def _remove(left: str) -> None:
    handle = os.open(left, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if _locks is not None:
            _locks.flock(handle, _locks.LOCK_EX | _locks.LOCK_NB)
            os.unlink(left)
    finally:
        os.close(handle)
    if _locks is None:
        os.unlink(left)


@contextmanager
def tidied(folders: Iterable[Path]) -> Iterator[None]:
    """:func:`tidy` before what is done within, and after it where that was interrupted."""
    places = tuple(folders)
    tidy(places)
    try:
        yield
    except BaseException:
        tidy(places)
        raise


def _aside() -> Path:
    """A name for what is written before it goes to an address."""
    import tempfile

    return Path(tempfile.gettempdir()) / f"xlcheck-{os.urandom(8).hex()}.tmp"


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
