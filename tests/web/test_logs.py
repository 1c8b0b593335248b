"""The log: lines of JSON, and no figure, link, name or secret in them."""

from __future__ import annotations

import io
import json

from xlcheck.web.logs import log, log_trouble


def test_a_line_is_json() -> None:
    stream = io.StringIO()
    log("request", stream, status=200)
    assert json.loads(stream.getvalue()) == {"what": "request", "status": 200}


def test_a_trouble_is_told_by_its_kind_and_place_only() -> None:
    stream = io.StringIO()
    try:
        raise ValueError("市教育局 42")
    except ValueError as error:
        log_trouble(error, 1.5, lambda what, **values: log(what, stream, **values))
    line = json.loads(stream.getvalue())
    assert (line["what"], line["kind"], line["at"]) == ("trouble", "ValueError", 1.5)
    assert "test_logs.py" in line["where"]
    assert "42" not in stream.getvalue()
    assert "教育局" not in stream.getvalue()
