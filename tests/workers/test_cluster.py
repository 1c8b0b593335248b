"""A real Dask cluster on this machine: a scheduler and two worker processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.making.command import PROGRAM, process
from tests.making.documents import valid
from tests.making.filling import clean_workbook, workbook

pytest.importorskip("distributed")
pytestmark = pytest.mark.xdist_group("cluster")

FAULTY = workbook(disclosure__regulations__issued=-1)


def dask(*arguments: str, log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__GIL__ENABLED": "0"}
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
            stdout=file, stderr=file, env=environment, start_new_session=True,
        )  # fmt: skip


def said(log: Path, pattern: str) -> re.Match[str]:
    for _ in range(300):
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


class Cluster:
    """The address of the scheduler, and the processes."""

    def __init__(self, folder: Path) -> None:
        log = folder / "scheduler"
        self.processes = [
            dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0", log=log)
        ]
        self.address = said(log, r"Scheduler at: +(tcp://127\.0\.0\.1:\d+)")[1]
        for number in range(2):
            log = folder / f"worker{number}"
            self.processes.append(
                dask("worker", self.address, "--nthreads", "1", "--nworkers", "1", "--no-dashboard", log=log)
            )
            said(log, "Registered to: ")

    def stop(self) -> None:
        for one in reversed(self.processes):
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("dask"))
    yield cluster
    cluster.stop()


def fill(folder: Path, count: int) -> None:
    folder.mkdir()
    clean = clean_workbook()
    for number in range(count):
        (folder / f"{number:04}.xlsx").write_bytes(FAULTY if number % 3 == 0 else clean)


def shape(folder: Path) -> list[tuple[str, str, str | None]]:
    document = json.loads(valid((folder / "results.json").read_text(encoding="utf-8")))
    return [(one["path"], one["status"], one["annotated"]) for one in document["files"]]


def test_a_cluster_gives_the_same_results_and_losing_a_worker_loses_nothing(tmp_path: Path, cluster: Cluster) -> None:
    fill(tmp_path / "in", 150)
    alone = process("verify", "in", "-o", "alone", folder=tmp_path)
    together = subprocess.Popen(
        [*PROGRAM, "verify", "in", "-o", "together", "--scheduler", cluster.address],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    for _ in range(200):
        if len(list((tmp_path / "together").glob("*.xlsx"))) > 3:
            break
        time.sleep(0.05)
    os.killpg(cluster.processes[1].pid, signal.SIGKILL)
    out, err = together.communicate(timeout=120)
    assert (alone.code, together.returncode) == (1, 1), err.decode()
    assert shape(tmp_path / "together") == shape(tmp_path / "alone")
    copies = {path.name for path in (tmp_path / "together").glob("*.审核*.xlsx")}
    assert copies == {f"{number:04}.审核.xlsx" for number in range(0, 150, 3)}
    assert out.decode().splitlines()[-1] == alone.out.splitlines()[-1]


def test_nobody_at_that_address_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlcheck.workers import cluster as module

    (tmp_path / "a.xlsx").write_bytes(clean_workbook())
    monkeypatch.setattr(module, "_SECONDS", 1)
    with pytest.raises(module.NoCluster, match="连不上集群"), module.cluster("tcp://127.0.0.1:9"):
        pass
