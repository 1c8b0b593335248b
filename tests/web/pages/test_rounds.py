"""Of the same bytes everybody is told the same: by the command, the interface, the unit's page, its letter and its copy.

The page without a server is held to the command in tests/page.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.making.campaigns import handed_in
from tests.making.command import xlcheck
from tests.making.copies import fills, result_rows
from tests.making.filling import form
from tests.making.ledgers import START
from tests.web.window import public_server, sent
from xlcheck.campaign.acts import change_units
from xlcheck.campaign.addressing import LetterWish
from xlcheck.campaign.ledger.access import grant_token
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.sending import PostOptions, plan_campaign_letters
from xlcheck.mail.address import parse_address
from xlcheck.model.cells import cell_name
from xlcheck.roster.units import Unit

UNIT = "市水利局"
KEYS = sorted(key.replace(".", "__") for key in form().by_key)
HELD = st.one_of(st.integers(-2, 12), st.sampled_from(["", "无", "５件", 2.5, 125000]))
RED, AMBER = "FFFFC7CE", "FFFFD966"


@settings(max_examples=3, deadline=None, phases=(Phase.reuse, Phase.generate))  # each example is a server
@given(changes=st.dictionaries(st.sampled_from(KEYS), HELD, min_size=1, max_size=4))
def test_everybody_is_told_the_same(changes: dict[str, Any]) -> None:
    data = handed_in(UNIT, 2025, "", **changes)
    with TemporaryDirectory() as place, public_server(Path(place)) as server:
        folder = Path(place)
        (folder / "表.xlsx").write_bytes(data)
        ran = xlcheck("verify", folder / "表.xlsx", "--year", "2025", "--format", "json", "-o", folder / "out")
        (told,) = json.loads(ran.out)["files"]
        findings = told["findings"]

        browser, link = server.browser(), server.link(UNIT)
        assert said_on(sent(browser, link, f"{link}/look", {}, data)) == messages(findings)
        change_units(server.campaign, [Unit(UNIT, email="slj@example.org")], "王科", START, is_whole=False)
        with writing(server.engine) as connection:
            _, secret = grant_token(connection, "甲系统", "经办", START, START + 100, "王科")
        program = server.browser()
        program.headers["authorization"] = f"Bearer {secret}"
        answer = program.post(f"/api/v1/campaigns/{server.key}/arrivals", files={"file": ("表.xlsx", data)}).json()
        assert answer["sha256"] == hashlib.sha256(data).hexdigest()
        assert answer["sha256"] in browser.get(f"{link}/arrival/1/receipt").text
        result = answer["result"]
        assert {key: result[key] for key in ("status", "review", "findings", "causes", "not_evaluated")} == {
            key: told[key] for key in ("status", "review", "findings", "causes", "not_evaluated")
        }
        page = browser.get(f"{link}/arrival/1").text
        assert said_on(page) == messages(findings)
        assert answer["has_copy"] is bool(findings)
        if findings:
            copy = program.get(f"/api/v1/arrivals/{answer['receipt']}/copy").content
            assert [(row[1], row[4]) for row in result_rows(copy) if row[0]] == messages(findings)
            for each in (copy, (folder / "out" / "表.审核.xlsx").read_bytes()):
                assert marked_in(each) == marked_on(page)
        post = PostOptions(None, parse_address("gk@example.org"))
        letters = plan_campaign_letters(server.campaign, LetterWish("results", passed=True), post).letters
        (letter,) = [one for one in letters if one.unit.name == UNIT]
        wrong = sum(one["severity"] == "error" for one in findings)
        assert letter.kind == ("review" if told["review"] else told["status"])
        assert (f"{wrong} 处" in letter.words.text) or not wrong
        assert all(
            one["message"] in letter.words.text for one in [one for one in findings if one["severity"] == "error"][:3]
        )


LEVELS = {"error": "强制性", "warning": "核实性"}


def messages(findings: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(LEVELS[one["severity"]], one["message"]) for one in findings]


def said_on(page: str) -> list[tuple[str, str]]:
    """What the cards of a page say, in order."""
    cards = re.findall(
        r'<article class="said.*?<h3[^>]*>.*?（(强制性|核实性)）.*?</h3>\s*<p>(.*?)</p>', page, re.DOTALL
    )
    return [(level, html.unescape(text)) for level, text in cards]


def marked_on(page: str) -> dict[str, str]:
    """By the address of a cell the colour that a page gives it."""
    cells = {key: f"{field.sheet}!{cell_name(field.cell)}" for key, field in form().by_key.items()}
    found = re.findall(r'id="c-([^"]+)" class="field (red|amber)', page)
    return {cells[key]: {"red": RED, "amber": AMBER}[colour] for key, colour in found}


def marked_in(copy: bytes) -> dict[str, str]:
    """By the address of a cell the colour that a copy gives it."""
    return {cell: colour for cell, colour in fills(copy).items() if colour in (RED, AMBER)}
