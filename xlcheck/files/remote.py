"""Files behind addresses such as ``s3://bucket/folder`` (fsspec, extra ``remote``), used like paths.

Addresses are ``UPath`` values, which have what is used here of ``pathlib.Path``; where the storage is and who we are comes
from the environment, as each library of fsspec reads it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from xlcheck.files.names import is_workbook
from xlcheck.model.errors import Error

_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "memory", "http", "https"})
"""Storage where an object is there whole or not at all."""


class NoRemote(Error):
    """The library for an address is not installed; the message is for a clerk."""

    code = "remote"


class StorageError(OSError, Error):
    """The storage failed; the text is what it said."""

    code = "storage"


def located(address: str) -> Path:
    """The place behind an address.

    Raises:
        NoRemote: the libraries are not installed, or know no such addresses.
    """
    scheme = address.partition("://")[0]
    try:
        from upath import UPath

        found = UPath(address)
        found.fs  # noqa: B018  # imports the library of this scheme
    except ImportError as error:
        from xlcheck.model.extras import how_to_get

        raise NoRemote(f"要使用“{scheme}://”地址，{how_to_get('remote')}（{error}）") from error
    except ValueError as error:
        raise NoRemote(f"不认识“{scheme}://”地址（{error}）") from error
    return cast(Path, found)


def is_there(path: Path) -> bool:
    """Whether there is anything."""
    return bool(_asked(path, "exists"))


def is_prefix(path: Path) -> bool:
    """Whether there is a folder."""
    return bool(_asked(path, "isdir"))


def walk(folder: Path, miss: Callable[[str, str], object]) -> Iterator[tuple[Path, float]]:
    """All files below a folder by name, and when each was last written, in seconds since 1970 (0 where nobody knows).

    A store takes any text for a name. Where that would be another place as a path, `miss` is told instead.
    """
    base: Any = folder
    found = _asked(folder, "find", detail=True)
    root = str(base.path).rstrip("/")
    for name in sorted(found):
        inside = name.rstrip("/").removeprefix(base.fs._strip_protocol(root)).lstrip("/")
        if not inside:
            continue
        if {"", ".", ".."} & set(inside.split("/")) or "\0" in inside:
            if is_workbook(inside.rpartition("/")[2]):
                miss(f"{folder}/{inside}", "文件名里有“..”“.”或空的一段，没有核对；请改名后重新运行")
        else:
            yield folder / inside, _modified(found[name])


def last_modified(path: Path) -> float:
    """When a file was last written, in seconds since 1970; 0 where nobody knows."""
    try:
        return _modified(_asked(path, "info"))
    except OSError:
        return 0.0


def _modified(info: dict[str, Any]) -> float:
    when = info.get("LastModified") or info.get("mtime") or info.get("modified") or info.get("last_modified") or 0.0
    return when.timestamp() if isinstance(when, datetime) else float(when) if isinstance(when, (int, float)) else 0.0


def download(path: Path, most: int) -> bytes:
    """A file's first bytes, at most so many.

    Raises:
        OSError: it cannot be read.
    """
    size = _asked(path, "info").get("size")
    if size == 0:
        return b""
    return bytes(_asked(path, "cat_file", start=0, end=most if size is None else min(size, most)))


def upload(path: Path, data: bytes) -> None:
    """Write a file at once.

    Raises:
        OSError: it cannot be written.
    """
    target: Any = path
    if target.protocol in _WHOLE:
        _asked(path, "pipe_file", data)
        return
    beside: Any = path.with_name(f".~{path.name}.tmp")
    _asked(beside, "pipe_file", data)
    _asked(beside, "mv", target.path)


def make_prefix(path: Path) -> None:
    """Make a folder, and those above it; object storage has none.

    Raises:
        OSError: it cannot be made.
    """
    target: Any = path
    if target.protocol not in _WHOLE:
        _asked(path, "makedirs", exist_ok=True)


def _asked(path: Path, method: str, *arguments: Any, **options: Any) -> Any:
    place: Any = path
    try:
        return getattr(place.fs, method)(place.path, *arguments, **options)
    except (FileNotFoundError, PermissionError) as error:  # without a number, as fsspec raises them
        number = errno.ENOENT if isinstance(error, FileNotFoundError) else errno.EACCES
        raise OSError(error.errno or number, os.strerror(error.errno or number), str(path)) from error
    except OSError:
        raise
    except Exception as error:  # each storage has exceptions of its own
        raise StorageError(f"{type(error).__name__}: {error}") from error
