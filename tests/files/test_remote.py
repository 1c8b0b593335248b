"""Inputs and outputs behind addresses: a real S3 server (moto's) on this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.making.command import Ran, process
from tests.making.documents import valid
from tests.making.filling import clean_workbook, workbook
from xlcheck.files.paths import path_of
from xlcheck.files.remote import NoRemote
from xlcheck.guard.admit import admit

pytest.importorskip("s3fs")
pytestmark = pytest.mark.xdist_group("remote")

CLEAN = clean_workbook()
FAULTY = workbook(disclosure__regulations__issued=-1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as file:
        running = subprocess.Popen(
            [sys.executable, "-c", "from moto.server import main; main(['-H', '127.0.0.1', '-p', '0'])"],
            stdout=file,
            stderr=file,
        )
    for _ in range(300):
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            break
        time.sleep(0.1)
    else:
        raise AssertionError(log.read_text())
    yield {
        "AWS_ENDPOINT_URL": found[0],
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    running.kill()
    running.wait()


class Bucket:
    """A bucket of its own for each test, seen by a client that is not ours."""

    def __init__(self, environment: dict[str, str], name: str) -> None:
        import boto3  # type: ignore[import-untyped]

        self.environment = environment
        self.url = f"s3://{name}"
        self._name = name
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
        )
        self._client.create_bucket(Bucket=name)

    def put(self, key: str, data: bytes) -> None:
        self._client.put_object(Bucket=self._name, Key=key, Body=data)

    def get(self, key: str) -> bytes:
        return bytes(self._client.get_object(Bucket=self._name, Key=key)["Body"].read())

    def names(self) -> set[str]:
        return {one["Key"] for one in self._client.list_objects_v2(Bucket=self._name).get("Contents", ())}

    def times(self) -> dict[str, object]:
        return {one["Key"]: one["LastModified"] for one in self._client.list_objects_v2(Bucket=self._name)["Contents"]}

    def xlcheck(self, *arguments: str, folder: Path | None = None) -> Ran:
        return process(*arguments, env=self.environment, folder=folder)


@pytest.fixture
def bucket(server: dict[str, str], request: pytest.FixtureRequest) -> Bucket:
    return Bucket(server, re.sub(r"[^a-z0-9]+", "-", request.node.name)[:50].strip("-"))


def test_a_folder_behind_an_address(bucket: Bucket) -> None:
    for name in ("甲/a.xlsx", "甲/乙/b #1%.xlsx", "c.xlsx"):
        bucket.put(f"in/{name}", FAULTY if "b" in name else CLEAN)
    bucket.put("in/说明.txt", b"-")
    bucket.put("in/空.xlsx", b"")
    ran = bucket.xlcheck("verify", f"{bucket.url}/in", "-o", f"{bucket.url}/out", "--jobs", "2")
    assert ran.code == 1, ran.err
    assert "Traceback" not in ran.err
    document = json.loads(valid(bucket.get("out/results.json").decode()))
    found = {one["path"]: (one["status"], one["annotated"]) for one in document["files"]}
    assert found == {
        f"{bucket.url}/in/c.xlsx": ("passed", None),
        f"{bucket.url}/in/空.xlsx": ("unreadable", None),
        f"{bucket.url}/in/甲/a.xlsx": ("passed", None),
        f"{bucket.url}/in/甲/乙/b #1%.xlsx": ("failed", "甲/乙/b #1%.审核.xlsx"),
    }
    assert all(one["modified"] > 1_000_000_000 for one in document["files"])
    assert bucket.names() >= {
        "out/results.json",
        "out/results.csv",
        "out/审核汇总.xlsx",
        "out/.xlcheck/results.sqlite",
        "out/甲/乙/b #1%.审核.xlsx",
    }
    admit(bucket.get("out/审核汇总.xlsx"))
    assert not {key for key in bucket.names() if ".tmp" in key}


def test_resuming_behind_an_address(bucket: Bucket) -> None:
    bucket.put("in/a.xlsx", CLEAN)
    bucket.put("in/b.xlsx", FAULTY)
    arguments = ("verify", f"{bucket.url}/in", "-o", f"{bucket.url}/out", "--resume")
    bucket.xlcheck(*arguments)
    before = bucket.times()["out/b.审核.xlsx"]
    bucket.put("in/a.xlsx", FAULTY)
    time.sleep(1.1)
    ran = bucket.xlcheck(*arguments)
    assert "1 个文件上次已经核对" in ran.err
    assert bucket.times()["out/b.审核.xlsx"] == before
    assert [one["status"] for one in json.loads(valid(bucket.get("out/results.json").decode()))["files"]] == [
        "failed",
        "failed",
    ]


def test_single_files_there_and_results_here(bucket: Bucket, tmp_path: Path) -> None:
    bucket.put("b.xlsx", FAULTY)
    ran = bucket.xlcheck("verify", f"{bucket.url}/b.xlsx", f"{bucket.url}/no.xlsx", "-o", "out", folder=tmp_path)
    assert ran.code == 1
    assert (tmp_path / "out" / "b.审核.xlsx").exists()
    assert f"{bucket.url}/no.xlsx”：无法读取（找不到" in ran.out


def test_a_changed_copy_there_is_not_overwritten(bucket: Bucket) -> None:
    bucket.put("b.xlsx", FAULTY)
    bucket.put("b.审核.xlsx", b"mine")
    ran = bucket.xlcheck("verify", f"{bucket.url}/b.xlsx")
    assert bucket.get("b.审核.xlsx") == b"mine"
    assert "没有覆盖" in ran.err
    assert "b.审核.2.xlsx" in bucket.names()


def test_a_storage_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    ran = process("verify", "s3://nobody/in", "-o", "s3://nobody/out", env=environment, folder=tmp_path)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "s3://nobody" in ran.err


def test_an_unknown_address_is_a_sentence(tmp_path: Path) -> None:
    ran = process("verify", "nope://a/b.xlsx", folder=tmp_path)
    assert (ran.code, "Traceback" in ran.err) == (2, False)
    assert "nope://" in ran.err


def test_without_the_library_an_address_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(NoRemote, match=r"pip install 'xlcheck\[remote\]'"):
        path_of("s3://a/b")


def test_other_storage_is_written_under_another_name_first(tmp_path: Path) -> None:
    from xlcheck.files import content, paths

    target = path_of(f"local://{tmp_path}/deep/a.xlsx")
    paths.make_folder(target.parent)
    content.write_bytes(target, b"1")
    content.write_bytes(target, b"2")
    assert os.listdir(tmp_path / "deep") == ["a.xlsx"]
    assert content.read_bytes(target) == b"2"


def test_a_total_behind_an_address(bucket: Bucket) -> None:
    bucket.put("in/a.xlsx", CLEAN)
    bucket.put("in/b.xlsx", b"-")
    arguments = ("total", f"{bucket.url}/in", "-o", f"{bucket.url}/in/汇总.xlsx", "--unit", "市")
    for _ in range(2):  # the second time it is there itself, and may be written again
        ran = bucket.xlcheck(*arguments)
        assert ran.code == 0, ran.err
        assert "汇总 1 个单位，没有汇总 1 项" in ran.out
    assert bucket.xlcheck("total", f"{bucket.url}/in/a.xlsx", "--check", f"{bucket.url}/in/汇总.xlsx").code == 0
    assert bucket.xlcheck("total", f"{bucket.url}/in", "-o", f"{bucket.url}/in/a.xlsx").code == 2
    assert bucket.get("in/a.xlsx") == CLEAN
