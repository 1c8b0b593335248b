"""The side of the bridge that talks UNO; run by the system's Python, which has LibreOffice's module.

``python3 bridge.py PIPE`` connects to a running soffice. Every line on stdin is a request ``[name, arguments]`` in
JSON, every line on stdout its answer ``{"result": …}`` or ``{"error": …}``. Cells are named ``依申请公开!D5``. This
file imports nothing of the project: it runs outside its environment.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]
from com.sun.star.uno import RuntimeException  # type: ignore[import-not-found]

PATIENCE = 60
"""Seconds for LibreOffice to make its profile and answer."""

FORMULAS = 16
"""com.sun.star.sheet.CellFlags.FORMULA."""

FILLED = 1 | 2 | 4 | 16
"""The same of numbers, dates, texts and formulas."""

GLANCE = 10_000
"""Cells of a sheet that are told at once."""

_documents: dict[int, Any] = {}
_services: dict[str, Any] = {}


def connect(pipe: str) -> None:
    """Wait for the soffice that listens on `pipe`."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            break
    for name in ("Desktop", "DispatchHelper"):
        _services[name] = context.ServiceManager.createInstanceWithContext(f"com.sun.star.frame.{name}", context)


def _properties(**values: Any) -> tuple[Any, ...]:
    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def _sheet_and_name(address: str) -> tuple[str, str]:
    sheet, _, name = address.rpartition("!")
    return sheet, name


def _cell(document: Any, address: str) -> Any:
    sheet, name = _sheet_and_name(address)
    return document.Sheets.getByName(sheet).getCellRangeByName(name)


def _name(position: Any) -> str:
    """``D5`` for a CellAddress."""
    column, letters = position.Column + 1, ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{position.Row + 1}"


# --- requests --------------------------------------------------------------------------------------------------------


def open_(url: str) -> int:
    """Load a workbook without a window; answers its number."""
    document = _services["Desktop"].loadComponentFromURL(url, "_blank", 0, _properties(Hidden=True))
    if document is None:
        raise RuntimeError(f"LibreOffice does not open {url}")
    number = max(_documents, default=0) + 1
    _documents[number] = document
    return number


def close(number: int) -> None:
    """Close a workbook without saving."""
    _documents.pop(number).close(True)


def quit_() -> None:
    """End LibreOffice."""
    for number in list(_documents):
        close(number)
    _services["Desktop"].terminate()


def put(number: int, cells: dict[str, Any]) -> None:
    """Set cells: a number, a text, or ``{"formula": …}``; an empty text makes the cell blank."""
    document = _documents[number]
    for address, values in _runs(cells):
        span = _cell(document, address)
        if len(values) > 1:
            with suppress(RuntimeException):  # one of them is locked
                span.setDataArray((tuple(values),))
                continue
        for column, value in enumerate(values):
            _set(span.getCellByPosition(column, 0), value)


def _runs(cells: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """The cells that stand side by side as one range each, since every question to LibreOffice takes its time."""
    runs: list[tuple[str, list[Any]]] = []
    end = ""
    for address, value in cells.items():
        if isinstance(value, dict) or address != end:
            runs.append((address, []))
        runs[-1][1].append(value)
        runs[-1] = (f"{runs[-1][0].partition(':')[0]}:{_sheet_and_name(address)[1]}", runs[-1][1])
        end = "" if isinstance(value, dict) else _right_of(address)
    return runs


def _right_of(address: str) -> str:
    """The address of the next cell of the row, up to column Y."""
    sheet, name = _sheet_and_name(address)
    return f"{sheet}!{chr(ord(name[0]) + 1)}{name[1:]}"


def _set(cell: Any, value: Any) -> None:
    if isinstance(value, dict):
        cell.setFormula(value["formula"])
    elif isinstance(value, str):
        cell.setString(value)
    else:
        cell.setValue(value)


def type_(number: int, cells: dict[str, str]) -> None:
    """Type texts as a person does: protection, validation and recognition of numbers apply."""
    document = _documents[number]
    controller = document.CurrentController
    for address, text in cells.items():
        controller.setActiveSheet(document.Sheets.getByName(_sheet_and_name(address)[0]))
        controller.select(_cell(document, address))
        entered = _properties(StringName=text)
        _services["DispatchHelper"].executeDispatch(controller.Frame, ".uno:EnterString", "", 0, entered)


def get(number: int, addresses: list[str]) -> list[Any]:
    """What cells show: None for a blank, a number, or a text (an error as it is displayed)."""
    return [_shown(_cell(_documents[number], address)) for address in addresses]


def _shown(cell: Any) -> Any:
    kind = cell.FormulaResultType2 if cell.Type.value == "FORMULA" else {"VALUE": 1, "EMPTY": 0}.get(cell.Type.value, 4)
    if kind == 0:
        return None
    return cell.Value if kind == 1 and not cell.getError() else cell.String


def formulas(number: int) -> dict[str, Any]:
    """The results of all formulas, by address."""
    found = {}
    for sheet in _documents[number].Sheets:
        cells = sheet.queryContentCells(FORMULAS).Cells.createEnumeration()
        while cells.hasMoreElements():
            cell = cells.nextElement()
            found[f"{sheet.Name}!{_name(cell.CellAddress)}"] = _shown(cell)
    return found


def contents(number: int) -> dict[str, Any]:
    """What all filled cells show, by address; a formula is not calculated anew."""
    found = {}
    for sheet in _documents[number].Sheets:
        cells = sheet.queryContentCells(FILLED).Cells.createEnumeration()
        while cells.hasMoreElements():
            cell = cells.nextElement()
            found[f"{sheet.Name}!{_name(cell.CellAddress)}"] = _shown(cell)
    return found


def glance(url: str) -> dict[str, Any]:
    """Open a workbook, say what its cells hold, row by row of each sheet, and close it: a few calls altogether."""
    number = open_(url)
    found = {}
    try:
        for sheet in _documents[number].Sheets:
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)
            end = cursor.RangeAddress
            if end.EndColumn * end.EndRow > GLANCE:
                raise RuntimeError("too large for a glance")
            found[sheet.Name] = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
    finally:
        close(number)
    return found


def calculate(number: int) -> None:
    """Recalculate everything, whatever LibreOffice takes for clean."""
    _documents[number].calculateAll()


def save(number: int, url: str, filter_name: str, password: str = "") -> None:
    """Store a copy through an export filter, encrypted if there is a password."""
    locked = {"Password": password} if password else {}
    _documents[number].storeToURL(url, _properties(FilterName=filter_name, Overwrite=True, **locked))


def sheets(number: int) -> dict[str, Any]:
    """The sheets in order, the one that is shown, and what is locked.

    The lock of the workbook's structure is not told: LibreOffice neither reads nor writes it in .xlsx.
    """
    document = _documents[number]
    return {
        "names": list(document.Sheets.ElementNames),
        "active": document.CurrentController.ActiveSheet.Name,
        "protected": [sheet.Name for sheet in document.Sheets if sheet.isProtected()],
        "unlocked": {sheet.Name: _unlocked(sheet) for sheet in document.Sheets},
    }


def _unlocked(sheet: Any) -> list[str]:
    """The areas whose cells can be typed into; the format ranges cover the whole sheet."""
    alike = sheet.getUniqueCellFormatRanges()
    found = []
    for index in range(alike.Count):
        ranges = alike.getByIndex(index)
        if not ranges.CellProtection.IsLocked:
            found += [name.rpartition(".")[2] for name in ranges.RangeAddressesAsString.split(",")]
    return found


def print_only(number: int, name: str) -> None:
    """Leave only this sheet to be printed: where one has a print area, those without are left out."""
    for sheet in _documents[number].Sheets:
        if sheet.Name != name:
            sheet.setPrintAreas(())
        elif not sheet.getPrintAreas():
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(True)
            sheet.setPrintAreas((cursor.RangeAddress,))


def validations(number: int, addresses: list[str]) -> list[dict[str, Any]]:
    """The validation of each cell."""
    return [_validation(_cell(_documents[number], address).Validation) for address in addresses]


def _validation(rule: Any) -> dict[str, Any]:
    return {
        "type": rule.Type.value,
        "operator": rule.getOperator().value,
        "limit": rule.getFormula1(),
        "alert": rule.ErrorAlertStyle.value if rule.ShowErrorMessage else None,
        "prompt_title": rule.InputTitle,
        "prompt": rule.InputMessage if rule.ShowInputMessage else None,
        "error_title": rule.ErrorTitle,
        "error": rule.ErrorMessage,
    }


def comments(number: int) -> dict[str, str]:
    """The texts of all comments, by address."""
    return {
        f"{sheet.Name}!{_name(note.Position)}": note.String
        for sheet in _documents[number].Sheets
        for note in sheet.Annotations
    }


def names(number: int) -> dict[str, str]:
    """The defined names and what they refer to."""
    defined = _documents[number].NamedRanges
    return {name: defined.getByName(name).Content for name in defined.ElementNames}


REQUESTS: dict[str, Callable[..., Any]] = {
    "open": open_,
    "close": close,
    "quit": quit_,
    "put": put,
    "type": type_,
    "get": get,
    "formulas": formulas,
    "contents": contents,
    "glance": glance,
    "calculate": calculate,
    "save": save,
    "sheets": sheets,
    "print_only": print_only,
    "validations": validations,
    "comments": comments,
    "names": names,
}


def main() -> None:
    """Answer requests until stdin ends."""
    connect(sys.argv[1])
    for line in sys.stdin:
        request, arguments = json.loads(line)
        try:
            answer = {"result": REQUESTS[request](*arguments)}
        except Exception as error:  # every failure is an answer; the test tells it
            answer = {"error": f"{request}: {type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
