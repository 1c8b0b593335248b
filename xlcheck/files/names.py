"""Names of files: which are workbooks, which are ours."""

from __future__ import annotations

import os

SUMMARY_BOOK = "审核汇总.xlsx"
"""The file that a batch sums up in."""

_KINDS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")

ENDINGS = frozenset(_KINDS)
"""The endings of workbooks that are looked for in folders."""

SUPPORTED = f"支持 {'、'.join(_KINDS)}"
"""The same, said to a clerk."""

COPIES = (".审核.", ".建议.")
"""What the names of annotated copies and of copies with mends hold; folders skip both."""

STDIN = "-"


def is_skipped(name: str) -> bool:
    """Whether a folder's file is passed over: lock files of Excel, WPS and LibreOffice, our copies and our summary."""
    return name.startswith(("~$", ".")) or name == SUMMARY_BOOK or is_copy(name)


def is_copy(name: str) -> bool:
    """Whether the name is one that we give to copies."""
    return any(part in name for part in COPIES)


def is_workbook(name: str) -> bool:
    """Whether a folder's file is one to check."""
    return os.path.splitext(name)[1].lower() in ENDINGS and not is_skipped(name)
