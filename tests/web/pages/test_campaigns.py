"""Making a campaign, and what the office does on its pages."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from tests.making.campaigns import handed_in, taken
from tests.making.ledgers import START
from tests.web.window import PublicServer, public_server, sent
from xlcheck.model.times import CHINA


@pytest.mark.parametrize(("at", "year"), [("2025-12-31 23:59:59", "2024"), ("2026-01-01 00:00:00", "2025")])
def test_the_year_that_is_reported_on_is_the_last_one_by_chinese_time(tmp_path: Path, at: str, year: str) -> None:
    moment = datetime.datetime.fromisoformat(at).replace(tzinfo=CHINA).timestamp()
    with public_server(tmp_path, clock=lambda: moment) as server:
        page = server.user("张三").get("/new").text
    assert re.findall(r'name="year"[^>]*value="(\d+)"', page) == [year]


def test_nothing_is_returned_without_a_word(server: PublicServer) -> None:
    arrival = taken(server.campaign, handed_in("市水利局", 2025, ""), at=START).arrival
    page = f"/c/{server.key}/unit/{arrival.unit}"
    fields = {"arrival": str(arrival.id), "kind": "returned", "note": " "}
    answer = sent(server.user("张三"), page, f"{page}/decide", fields)
    assert answer.startswith("409") and "退改要写明改什么" in answer
