"""How a job, or a part of it, says that it cannot be done."""

from __future__ import annotations

from typing import Literal

from xlcheck.model.text import entered

_LONGEST = 300
"""Characters of a refusal, which may quote a title and a part's name."""


class Error(Exception):
    """Something that cannot be done. What is wrong with a submission is never an error but a finding."""

    code: str = "error"
    """Which kind of trouble: one short word a class; a refused file's is that of its finding."""

    @property
    def message(self) -> str:
        """A clerk's sentence: what is wrong, and what to do."""
        return str(self)


DAMAGED = "F101"
"""The code of what is broken."""

OTHER_KIND = "F103"
"""The code of what is no workbook at all."""

LOST = "F105"
"""The code of what nothing got through with."""


Unreadable = Literal["F101", "F102", "F103", "F104", "F105"]
"""The codes of files that cannot be read."""


class Refused(Error):
    """A file that no parser may see.

    Its code is the finding's: F101 damaged, F102 encrypted, F103 not a workbook, F104 beyond the limits, F105 nothing got
    through with it. Its message is one clause, without the file's name; what it quotes of the file is :func:`entered`.
    """

    def __init__(self, code: Unreadable, message: str) -> None:
        message = entered(message, _LONGEST)
        super().__init__(code, message)
        self.code: str = code
        self.is_of_no_report = False

    def of_no_report(self) -> Refused:
        """The same of a document that is no report unless somebody says so: it holds no table, or nothing here reads its kind."""
        self.is_of_no_report = True
        return self

    def said_of(self, which: str) -> Refused:
        """The same where a job reads several files: `which` of them it is."""
        code: Unreadable = self.args[0]
        return Refused(code, f"{which}：{self}")

    def __str__(self) -> str:
        return str(self.args[1])


class LibraryMissing(Refused):
    """A document that nothing here reads, as the library for its kind is not installed; it may well be a report."""


class LedgerTrouble(Error):
    """A record of what was done cannot be used: it is damaged, of another version, or somebody else's at the moment."""

    code = "ledger"


LOCKED = "文件已加密，请取消打开密码后重新保存"
"""F102: what to do with a workbook that asks for a password."""


def damaged(what: str, again: str = "用 Excel 或 WPS 打开后重新保存") -> Refused:
    """F101: `what` is broken; the way out is to save it again, or whatever is said of its kind."""
    return Refused("F101", f"文件已损坏或不完整（{what}），请{again}，打不开时请向报送单位重新索取")


PDF_AGAIN = "用原来的文档重新导出 PDF"
"""What makes a PDF anew; it is not saved again by a program that shows it."""


def too_much(what: str) -> Refused:
    """F104: `what` is beyond the limits."""
    return Refused("F104", f"{what}，超出正常报表的规模，请只保留报表内容后重新保存")
