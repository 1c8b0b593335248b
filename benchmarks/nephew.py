"""The peer: a plain openpyxl script that loads a filled workbook and checks the same 42 relations.

What somebody handy would write for one office: cells by address, blanks as zero, no guard, no labels, no messages.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import openpyxl


def check(source: str | io.BytesIO) -> list[str]:
    """The relations that do not hold, as their addresses."""
    book = openpyxl.load_workbook(source, data_only=True)
    wrong: list[str] = []
    sheet: Any = book["依申请公开"]

    def value(cell: Any) -> int:
        return cell.value or 0

    for column in "DEFGHIJ":
        received, carried_in = value(sheet[f"{column}5"]), value(sheet[f"{column}6"])
        handled, carried_out = value(sheet[f"{column}28"]), value(sheet[f"{column}29"])
        if received + carried_in != handled + carried_out:
            wrong.append(f"{column}5")
        if handled != sum(value(sheet[f"{column}{row}"]) for row in range(7, 28)):
            wrong.append(f"{column}28")
    for row in range(5, 30):
        if value(sheet[f"J{row}"]) != sum(value(sheet[f"{column}{row}"]) for column in "DEFGHI"):
            wrong.append(f"J{row}")
    sheet = book["复议诉讼"]
    for columns in ("ABCDE", "FGHIJ", "KLMNO"):
        if value(sheet[f"{columns[4]}5"]) != sum(value(sheet[f"{column}5"]) for column in columns[:4]):
            wrong.append(f"{columns[4]}5")
    for cells in book["主动公开"].iter_rows(min_row=4):
        for cell in cells:
            if isinstance(cell.value, int | float) and cell.value < 0:
                wrong.append(cell.coordinate)
    return wrong


if __name__ == "__main__":
    for path in sys.argv[1:]:
        print(path, check(path) or "ok")
