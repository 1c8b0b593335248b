"""A year as it really is: the server in a process of its own, what twenty units fill in, and how they must stand by that."""

from __future__ import annotations

import datetime
import email
import email.policy
import json
import os
import re
import subprocess
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import docx
import openpyxl

from tests import ROOT
from tests.making.command import PROGRAM
from tests.making.filling import clean_values, form
from tests.making.windows import NAMES, TOWN, Window
from tests.office.sheet import addresses, cover_addresses
from tests.servers.ports import free_ports
from tests.servers.smtp import Running
from tests.web.processes import are_over, below
from xlcheck.campaign.archive import verify_archive
from xlcheck.campaign.ledger.board import board_page
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitState
from xlcheck.campaign.opening import open_campaign
from xlcheck.campaign.restoring import restore_campaign
from xlcheck.drawing.formulas import FieldValue
from xlcheck.model.cells import cell_name

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.office.driver import Office

# --- the server ------------------------------------------------------------------------------------------------------


class Served(NamedTuple):
    """A running `xlcheck serve`."""

    process: subprocess.Popen[bytes]
    address: str
    entry: str
    """What it asks people to open."""
    log: Path
    """All that it says."""


@contextmanager
def served(folder: Path, *options: str, scheme: str = "http", env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """The window of a folder in a process of its own, which ends by SIGTERM and leaves nothing behind."""
    (port,) = free_ports(1)
    address = f"{scheme}://{'localhost' if scheme == 'https' else '127.0.0.1'}:{port}"
    if scheme == "https":
        options = (*options, "--address", address)
    command = [*PROGRAM, "serve", str(folder), "--port", str(port), "--no-browser", *options]
    log = folder.with_name(f"{folder.name}.log")
    with (
        log.open("wb") as kept,
        subprocess.Popen(command, stderr=kept, env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}) as process,
    ):
        try:
            while not (told := re.search("请在浏览器里打开 (.+)（按", log.read_text(encoding="utf-8"))):
                assert process.poll() is None, log.read_text(encoding="utf-8")
                time.sleep(0.02)
            yield Served(process, address, told[1], log)
            children = below(process.pid)
            process.terminate()
            assert process.wait(60) == 0, log.read_text(encoding="utf-8")
            assert are_over(children)
        finally:
            process.kill()


# --- what units fill in ----------------------------------------------------------------------------------------------


def numbers_of(number: int, **changes: FieldValue) -> dict[str, FieldValue]:
    """What a unit reports: no two the same, and all of it balances but for `changes` (keys with ``__`` for the dots)."""
    values = clean_values()
    for row in ("received", "granted", "handled"):
        for column in ("person", "total"):
            values[f"requests.{row}.{column}"] = int(values[f"requests.{row}.{column}"]) + number
    values |= {"disclosure.regulations.in_force": number + 1, "disclosure.fees.amount": 12.5 + number / 100}
    return values | {key.replace("__", "."): value for key, value in changes.items()}


def fill(
    office: Office, given: Path, values: Mapping[str, FieldValue], to: Path, cells: Mapping[str, Any] | None = None
) -> Path:
    """Open a table as LibreOffice does, put numbers into it, and save it under a name whose ending is its format."""
    with office.open(given) as document:
        document.put(
            {**addresses(values), **cover_addresses({"filler": "经办人", "phone": "0812-1234567"}), **(cells or {})}
        )
        return document.save(to)


def explained(why: str) -> dict[str, str]:
    """The cells of the cover in which a unit says why it has more rules issued than in force (P101)."""
    notes, sheet = form().cover.notes, form().cover.sheet
    assert notes is not None
    about, text = (f"{sheet}!{cell_name(cell)}" for cell in notes.cells[0])
    return {about: f"P101 {form().by_key['disclosure.regulations.issued'].address}", text: why}


# --- letters ------------------------------------------------------------------------------------------------------------


def received(smtp: Running) -> dict[int, EmailMessage]:
    """The newest letter that each unit got, by its number."""
    found = {}
    for one in smtp.letters:
        message = email.message_from_bytes(one.data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.update({int(number): message for number in re.findall(r"u(\d+)@example\.org", " ".join(one.recipients))})
    return found


def text_of(message: EmailMessage) -> str:
    """The words of a letter."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def attachment(message: EmailMessage, folder: Path) -> Path:
    """What a letter brings along, saved."""
    (part,) = message.iter_attachments()
    path = folder / str(part.get_filename())
    path.write_bytes(part.get_content())
    return path


# --- how units stand -------------------------------------------------------------------------------------------------


def board_of(page: Page) -> dict[str, tuple[str, str]]:
    """The state of each unit and how often it handed in, as the open board says it."""
    rows = page.locator("#board-body tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return {row[0].split()[0]: (row[1].strip(), row[2].strip()) for row in rows}


def counts(page: Page) -> dict[str, int]:
    """How many units are in which state, as the open board counts them."""
    found = re.findall(r"(\D+?)\s*(\d+)(?:\s|$)", page.locator(".chips").inner_text())
    return {says: int(count) for says, count in found if count != "0"}


def by_hand(archive: Path) -> dict[str, tuple[str, str]]:
    """The same from the rows of an archive, worked out anew: the facts, one after the other, without any of our code."""
    with zipfile.ZipFile(archive) as box:
        rows = {
            Path(name).stem: [json.loads(line) for line in box.read(name).decode().splitlines()]
            for name in box.namelist()
            if name.startswith("rows/")
        }
    campaign = max(rows["campaign"], key=lambda row: int(row["year"]))["id"]
    terms = [row for row in rows["terms"] if row["campaign"] == campaign][-1]
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    is_over = bool(terms["deadline"]) and today > terms["deadline"]
    listed = {row["unit"]: row for row in rows["unit_entry"]}
    owner = {row["arrival"]: row["unit"] for row in rows["assignment"]}
    checks = {row["arrival"]: row for row in rows["arrival_check"]}
    decided = {row["arrival"]: row["kind"] for row in rows["decision"]}
    refused = {row["reply"]: not row["accepted"] for row in rows["office_answer"]}
    said = {(row["arrival"], row["code"], row["cells"]): row["id"] for row in rows["warning_reply"]}
    warnings = defaultdict(list)
    for row in rows["warning"]:
        warnings[row["check"]].append((row["code"], row["cells"]))
    found = {}
    for unit in (row["id"] for row in rows["unit"] if row["campaign"] == campaign):
        if listed[unit]["withdrawn"]:
            continue
        mine = sorted((row["at"], row["id"]) for row in rows["arrival"] if owner.get(row["id"]) == unit)
        state: UnitState
        if not mine:
            state = "overdue" if is_over else "missing"
        else:
            newest = mine[-1][1]
            check, decision = checks[newest], decided.get(newest, "")
            replies = [said.get((newest, *warning)) for warning in warnings[check["id"]]]
            if check["status"] == "unreadable":
                state = "unreadable"
            elif check["status"] == "failed" or decision == "returned":
                state = "returned"
            elif decision == "accepted" or all(reply and not refused.get(reply) for reply in replies):
                state = "passed"
            else:
                state = "review"
        found[listed[unit]["name"]] = (STATE_WORDS[state], str(len(mine) or ""))
    return found


def unit_called(number: int) -> str:
    """The name of a unit by its number on the list."""
    return TOWN + NAMES[number]


def set_deadline(window: Window, day: datetime.date) -> None:
    """Announce another deadline."""
    page = window.go("/c/2025/settings")
    page.fill("#f-deadline", day.isoformat())
    page.locator("form").filter(has=page.locator("#f-deadline")).get_by_role("button", name="保存").click()
    page.get_by_text("已保存").wait_for()


# --- what it comes to ------------------------------------------------------------------------------------------------


def added_up(path: Path) -> dict[str, Decimal]:
    """The cells of a total, read without any of our code."""
    book = openpyxl.load_workbook(path, data_only=True)
    cells = {one.key: one.address.split("!") for one in form().fields}
    return {key: Decimal(str(book[sheet][cell].value)) for key, (sheet, cell) in cells.items()}


def added_by_hand(reports: Iterable[Mapping[str, FieldValue]]) -> dict[str, Decimal]:
    """The same from what units typed."""
    found: dict[str, Decimal] = {}
    for report in reports:
        for key, value in report.items():
            found[key] = found.get(key, Decimal(0)) + Decimal(str(value))
    return found


class NoticeSays(NamedTuple):
    """What a notice says."""

    text: str
    units: dict[str, tuple[str, str]]
    """The state of each unit and how often it handed in, from its table."""


def notice_of(path: Path) -> NoticeSays:
    """Read a notice."""
    document = docx.Document(str(path))
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows][1:]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    return NoticeSays(text, {row[1]: (row[2], row[4].strip("—")) for row in rows})


def restored(archive: Path, folder: Path) -> dict[str, tuple[str, str]]:
    """How the units stand in a ledger of SQLite that is made from an archive."""
    assert restore_campaign(archive, folder) == verify_archive(archive)
    with open_campaign(folder) as opened, reading(opened.engine) as connection:
        rows = board_page(connection, opened.campaign.id, int(time.time())).rows
    return {row.unit.unit.name: (STATE_WORDS[row.state], str(row.number or "")) for row in rows}
