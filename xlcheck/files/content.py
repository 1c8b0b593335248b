"""Reading files whole, and writing them without leaving anything half written."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from xlcheck.files.names import SUPPORTED
from xlcheck.files.paths import is_remote
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.model.text import clean


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
        if stat.S_ISDIR(os.stat(path).st_mode):
            raise Refused("F101", f"文件夹里没有工作簿（{SUPPORTED}）")
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Refused("F101", "不是普通文件，无法读取")
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused("F101", "不是普通文件，无法读取")
            data = file.read(most + 1)
    except OSError as error:
        raise Refused("F101", f"无法读取（{why(error)}）") from error
    return data


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
        from xlcheck.files import remote

        remote.upload(path, data)
        return
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write into that becomes `path` once all went well; until then an earlier one stays.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    away = is_remote(path)
    name = _aside() if away else path.parent / f".~{os.urandom(8).hex()}.tmp"
    # As tempfile does it, which takes longer to import than a copy takes to write.
    file = open(name, "xb", opener=_private if away else None)  # noqa: SIM115  # closed before it gets its name
    try:
        with file:
            yield file
        if away:
            write_bytes(path, name.read_bytes())
            os.unlink(name)
        else:
            os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _aside() -> Path:
    """A name for what is written before it goes to an address."""
    import tempfile

    return Path(tempfile.gettempdir()) / f"xlcheck-{os.urandom(8).hex()}.tmp"


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
