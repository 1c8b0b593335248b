"""How a job says no."""

from __future__ import annotations

from typing import Literal

Code = Literal["F101", "F102", "F103", "F104", "F105"]


class Error(Exception):
    """What was asked for cannot be done: the base of all that xlcheck raises on purpose."""

    code: str = ""
    """One word for programs."""

    @property
    def message(self) -> str:
        """For a clerk: what is wrong, and what to do."""
        return str(self)


class Refused(Error):
    """A file that no parser may see.

    `code` is the finding's code: F101 damaged, F102 encrypted, F103 not a workbook, F104 beyond the limits,
    F105 nothing got through with it.
    `reason` is one Chinese clause for a clerk: what is wrong and what to do, without the file's name.
    """

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(code, reason)
        self.code: str = code
        self.reason: str = reason

    def __str__(self) -> str:
        return self.reason


def damaged(what: str) -> Refused:
    """F101: `what` is broken; the way out is always to save it again."""
    return Refused(
        "F101", f"文件已损坏或不完整（{what}），请用 Excel 或 WPS 打开后重新保存，打不开时请向报送单位重新索取"
    )


def too_much(what: str) -> Refused:
    """F104: `what` is beyond the limits."""
    return Refused("F104", f"{what}，超出正常报表的规模，请只保留报表内容后重新保存")
