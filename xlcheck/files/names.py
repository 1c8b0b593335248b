"""Names of files: which are workbooks or may be reports, which are ours."""

from __future__ import annotations

import os

SUMMARY_BOOK = "审核汇总.xlsx"
"""The file that a batch sums up in."""

_KINDS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")

ENDINGS = frozenset(_KINDS)
"""The endings of workbooks that are looked for in folders."""

_REPORTS = (".docx", ".doc", ".wps", ".rtf", ".odt", ".html", ".htm", ".mht", ".mhtml", ".pdf")
_TEXTS = (".txt", ".md")

REPORT_ENDINGS = frozenset((*_REPORTS, *_TEXTS))
"""The endings of documents: each may be a report, and much else."""

SUPPORTED = f"支持工作簿 {'、'.join(_KINDS)} 和年度报告 {'、'.join(_REPORTS[:5])}、.html、.pdf 等"
"""The same, said to a clerk."""

COPIES = (".审核.", ".建议.")
"""What the names of annotated copies and of copies with mends hold."""

STDIN = "-"


def is_skipped(name: str) -> bool:
    """Whether a folder's file is passed over: lock files of Excel, WPS and LibreOffice, our copies and our summary."""
    return name.startswith(("~$", ".")) or name == SUMMARY_BOOK or is_copy(name)


def is_copy(name: str) -> bool:
    """Whether the name is one that we give to copies."""
    return any(part in name for part in COPIES) and not name.startswith("~$")


def is_annotated(name: str) -> bool:
    """Whether the name is one of an annotated copy that a spreadsheet program or a word processor can have saved."""
    kind = _is_kind(name) or name.lower().endswith(".docx")
    return COPIES[0] in name and COPIES[1] not in name and kind and not name.startswith(("~$", "."))


def original_name(name: str) -> str:
    """The name of the workbook that a copy of this name was made of; any other name as it is."""
    stem, mark, _ = name.partition(COPIES[0])
    return stem + os.path.splitext(name)[1] if mark and stem else name


def is_workbook(name: str) -> bool:
    """Whether a folder's file is a workbook to check."""
    return _is_kind(name) and not is_skipped(name)


def may_be_report(name: str) -> bool:
    """Whether a file may be a report to check, as a document."""
    return os.path.splitext(name)[1].lower() in REPORT_ENDINGS and not is_skipped(name)


def is_looked_for(name: str) -> bool:
    """Whether a folder is searched for such a document: not for plain text, as a folder's notes and lists are texts, too."""
    return may_be_report(name) and not name.lower().endswith(_TEXTS)


def _is_kind(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in ENDINGS
