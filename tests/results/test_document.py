"""The JSON Schemas: what they take, what they refuse, and that they stay open for keys to come."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.making.checked import ALL, FAILED, PLACE
from tests.making.documents import SCHEMAS, json_of, valid
from xlcheck.checking.rounds import Changed, Rounds
from xlcheck.model.finding import Cause, Mend
from xlcheck.results.writing import SCHEMA as VERSION

FULL = FAILED._replace(
    causes=(Cause((0,), True, (FAILED.findings[0].suggestions,)),),
    document="docx",
    notices=("没有与上年比对",),
    fixed="a.建议.xlsx",
    mends=(Mend("requests.received.person", PLACE, "６", "6", "文本改为它表示的数"),),
    rounds=Rounds("旧.xlsx", FAILED.findings, (0,), (), (Changed("requests.received.person", PLACE, "5", "6"),)),
)


SCHEMA = SCHEMAS["results"]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schema_is_one_and_of_this_version(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    assert kind == "fields" or SCHEMAS[kind]["properties"]["schema"]["const"] == VERSION


def test_it_takes_everything_that_can_be_said_of_a_file() -> None:
    told = json.loads(json_of([FULL, *ALL]))["files"][0]
    optional = set(SCHEMA["$defs"]["FileJson"]["properties"]) - set(SCHEMA["$defs"]["FileJson"]["required"])
    assert optional - told.keys() == {"modified", "digest"}  # they stand in a folder of results only


def each_object(schema: Any) -> list[dict[str, Any]]:
    return [schema, *schema["$defs"].values()]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_it_says_what_every_key_means_and_lets_keys_be_added(kind: str) -> None:
    for one in each_object(SCHEMAS[kind]):
        assert one["additionalProperties"] is True
        assert all(len(value["description"]) > 5 for value in one["properties"].values())
        assert one["required"] == [key for key in one["properties"] if key in one["required"]]


WRONG: list[Callable[[Any], object]] = [
    lambda d: d.pop("files"),
    lambda d: d.update(schema=2),
    lambda d: d["summary"].update(errors=-1),
    lambda d: d["summary"].pop("explained"),
    lambda d: d["files"][0].update(status="missing"),
    lambda d: d["files"][0].update(year="2025"),
    lambda d: d["files"][0].pop("annotated"),
    lambda d: d["files"][0]["findings"][0].update(severity="fatal"),
    lambda d: d["files"][0]["findings"][0].update(code="B1"),
    lambda d: d["files"][0]["findings"][0].update(actual=7),
    lambda d: d["files"][0]["findings"][0].update(cells=["D5"]),
    lambda d: d["files"][0]["findings"][0]["suggestions"][0].update(value="1.50"),
    lambda d: d["files"][0]["findings"][0]["suggestions"][0].update(value="1e3"),
    lambda d: d["files"][0]["mends"][0].update(new="７件"),
    lambda d: d["files"][0]["previous"].update(new=[-1]),
    lambda d: d["files"][0]["causes"][0].update(explanations=[[]] * 31),
    lambda d: d["files"][0].update(digest="abc"),
]


@pytest.mark.parametrize("spoil", WRONG)
def test_it_refuses_what_no_document_holds(spoil: Callable[[Any], object]) -> None:
    document = json.loads(json_of([FULL]))
    spoil(document)
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_tests_see_a_key_that_nobody_described() -> None:
    document = json.loads(json_of([FULL]))
    document["files"][0]["findings"][0]["surprise"] = 1
    assert Draft202012Validator(SCHEMA).is_valid(document)
    with pytest.raises(ValidationError, match="surprise"):
        valid(json.dumps(document))
