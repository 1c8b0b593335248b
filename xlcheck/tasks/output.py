"""Writing the one file that a task makes: nothing that is there is overwritten, and what was noticed is told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xlcheck.files.content import why, write_bytes
from xlcheck.files.paths import exists, make_folder
from xlcheck.tasks.events import Listener, Notice
from xlcheck.tasks.given import CannotDo


def check_target(out: Path, ending: str, what: str) -> None:
    """Whether a file may be written.

    Args:
        out: the file.
        ending: what its name must end with.
        what: what it is, to a clerk.

    Raises:
        CannotDo: its name ends otherwise, or it is there.
    """
    if out.suffix.lower() != ending:
        raise CannotDo("output", f"{what}的文件名要以 {ending} 结尾，不能是“{out.name}”")
    if exists(out):
        raise CannotDo("output", f"已有“{out}”，没有覆盖；请换一个名称")


def write_target(out: Path, data: bytes, notices: Iterable[str], listen: Listener) -> None:
    """Write the file, then tell what was noticed and that it is to be checked.

    Raises:
        CannotDo: it cannot be written.
    """
    try:
        make_folder(out.parent)
        write_bytes(out, data)
    except OSError as error:
        raise CannotDo("output", f"无法写入“{out}”（{why(error)}）") from error
    for notice in notices:
        listen(Notice(notice))
    listen(Notice(f"已写出“{out}”；请用 xlcheck verify 核对"))
