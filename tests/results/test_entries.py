"""What the JSON document says of the list of units."""

from __future__ import annotations

from xlcheck.results.counts import Tally
from xlcheck.results.entries import roster_json
from xlcheck.roster.match import Handed, match
from xlcheck.roster.units import Unit


def test_the_list_of_units_in_the_document() -> None:
    units = (Unit("市教育局", "11510400X", parent="市政府"), Unit("市气象局"))
    files = [
        Handed("旧.xlsx", "市教育局", "11510400X", 1),
        Handed("新.xlsx", "市教育局", "11510400X", 2),
        Handed("他.xlsx", "某某局", "", 3),
        Handed("坏.xlsx", "", "", 4),
    ]
    tallies = {
        "新.xlsx": Tally("passed", warnings=1),
        "旧.xlsx": Tally("failed", errors=1),
        "他.xlsx": Tally("passed"),
        "坏.xlsx": Tally("unreadable", errors=1),
    }
    assert roster_json(match(units, files), tallies) == {
        "units": [
            {
                "name": "市教育局",
                "code": "11510400X",
                "parent": "市政府",
                "status": "passed",
                "review": True,
                "path": "新.xlsx",
                "older": ["旧.xlsx"],
                "notices": ["报送了 2 份，以最新的“新.xlsx”为准"],
                "only_adds_up": False,
            },
            {
                "name": "市气象局",
                "code": "",
                "parent": "",
                "status": "missing",
                "review": False,
                "path": None,
                "older": [],
                "notices": [],
                "only_adds_up": False,
            },
        ],
        "strays": [
            {"path": "他.xlsx", "reason": "单位名单里没有这个单位"},
            {"path": "坏.xlsx", "reason": "文件无法读取，看不出是哪个单位的"},
        ],
    }
