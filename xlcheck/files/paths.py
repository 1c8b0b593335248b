"""Paths of files and folders, on this machine or behind an address, and what lies there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path


def path_of(address: str) -> Path:
    """The file or folder that somebody names, by a path or by an address such as ``s3://bucket/folder``.

    Raises:
        NoRemote: the library for such addresses is not installed.
    """
    if "://" not in address:
        return Path(address)
    from xlcheck.files import remote

    return remote.located(address)


def is_remote(path: Path) -> bool:
    """Whether a place is behind an address."""
    return not isinstance(path, _LOCAL)


_LOCAL: type = Path


Miss = Callable[[str, str], object]
"""Is told of a place that is not looked into, and why, in a clerk's words."""


def _unheard(place: str, reason: str) -> None:
    del place, reason


def files(folder: Path, miss: Miss = _unheard) -> Iterator[tuple[Path, float]]:
    """All files below `folder`, in the order of their names, and when each was last written, in seconds since 1970.

    Links to folders are not followed; `miss` is told of them, and of folders that cannot be opened, but for hidden ones.
    The time is 0 where it is not known.
    """
    if is_remote(folder):
        from xlcheck.files import remote

        yield from remote.walk(folder, miss)
        return

    def unopened(error: OSError) -> None:
        place = Path(error.filename)
        if place == folder or not place.name.startswith("."):
            miss(str(place), "文件夹打不开（没有权限，或磁盘有问题），里面的文件没有核对；请检查权限后重新运行")

    for parent, folders, names in os.walk(folder, onerror=unopened):
        folders.sort()
        for name in folders:
            if not name.startswith(".") and os.path.islink(os.path.join(parent, name)):
                miss(str(Path(parent, name)), "这是指向别处的链接，里面的文件没有核对；请直接指定它指向的文件夹")
        for name in sorted(names):
            path = Path(parent, name)
            yield path, modified(path)


def modified(path: Path) -> float:
    """When a file was last written, in seconds since 1970; 0 where that is not known."""
    if is_remote(path):
        from xlcheck.files import remote

        return remote.last_modified(path)
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
        from xlcheck.files import remote

        return remote.is_prefix(path)
    return path.is_dir()


def exists(path: Path) -> bool:
    """Whether there is anything; a link that leads nowhere is something, too.

    Raises:
        OSError: the storage behind an address failed.
    """
    if is_remote(path):
        from xlcheck.files import remote

        return remote.is_there(path)
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
        from xlcheck.files import remote

        remote.make_prefix(path)
    else:
        path.mkdir(parents=True, exist_ok=True)


def relative(path: str, folder: str) -> str:
    """Where a file lies as seen from a folder, with ``/``."""
    if "://" in folder:
        return path.removeprefix(folder.rstrip("/") + "/")
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return path
