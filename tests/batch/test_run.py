"""Many files: in order, on any executor, and each alone with its trouble."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tests.making import readers
from tests.making.documents import valid_file
from tests.making.filling import clean_workbook, workbook
from xlcheck.batch import run as batch
from xlcheck.batch.plan import Job
from xlcheck.batch.run import Setting, Told, check_all
from xlcheck.reading.open import Forms
from xlcheck.workers import spread
from xlcheck.workers.calls import Bounds
from xlcheck.workers.child import close_children
from xlcheck.workers.spread import Crew, WorkersLost, local_crew

CLEAN = clean_workbook()
FAULTY = workbook(disclosure__regulations__issued=-1)
BOUNDS = Bounds(seconds=30, memory=256 << 20)
TROUBLE = {"abort": "SIGABRT", "allocate": "超过 256 MB", "rust": "超过 256 MB", "exit": "（7）"}


def jobs(folder: Path, *names: str) -> list[Job]:
    planned = []
    for name in names:
        path = folder / f"{name}.xlsx"
        path.write_bytes(FAULTY if "faulty" in name else CLEAN)
        planned.append(Job(path, str(path), folder / f"{name}.审核.xlsx"))
    return planned


def entries(results: Iterator[Told]) -> list[tuple[str, str, list[str]]]:
    found: list[tuple[str, str, list[str]]] = []
    for told in results:
        entry = valid_file(told.entry)
        found.append((Path(entry["path"]).stem, told.tally.status, [finding["code"] for finding in entry["findings"]]))
    return found


@pytest.fixture
def bad_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_told", readers.told)


@pytest.mark.usefixtures("bad_readers")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_kills_its_reader_costs_nothing_but_its_own_line(tmp_path: Path, workers: int) -> None:
    names = ["a", *TROUBLE, "b-faulty", "raise", "z"]
    expected = [
        ("a", "passed", []),
        *((name, "unreadable", ["F105"]) for name in TROUBLE),
        ("b-faulty", "failed", ["C102"]),
        ("raise", "unreadable", ["F105"]),
        ("z", "passed", []),
    ]
    work = jobs(tmp_path, *names)
    if workers == 1:
        told = list(check_all(work, Setting(Forms(), bounds=BOUNDS)))
    else:
        with local_crew(workers) as crew:
            told = list(check_all(work, Setting(Forms(), bounds=BOUNDS), crew._replace(chunk=2)))
    assert entries(iter(told)) == expected
    for one, (name, reason) in zip(told[1:], TROUBLE.items(), strict=False):
        (finding,) = json.loads(one.entry)["findings"]
        assert reason in finding["message"]
        assert f"{name}.xlsx”：" in finding["message"]
        assert finding["message"].endswith("请用 Excel 或 WPS 打开，另存为新的 .xlsx 后重新报送")
    assert (tmp_path / "b-faulty.审核.xlsx").exists()


@pytest.mark.usefixtures("bad_readers")
def test_a_file_that_hangs_its_reader_is_told(tmp_path: Path) -> None:
    (told,) = check_all(jobs(tmp_path, "sleep"), Setting(Forms(), bounds=Bounds(seconds=1)))
    assert entries(iter((told,))) == [("sleep", "unreadable", ["F105"])]
    assert "核对它两次超过 1 秒没有完成" in told.text


@pytest.mark.usefixtures("bad_readers")
def test_one_that_fails_once_is_tried_again(tmp_path: Path) -> None:
    assert entries(check_all(jobs(tmp_path, "once", "b"), Setting(Forms(), bounds=BOUNDS))) == [
        ("once", "passed", []),
        ("b", "passed", []),
    ]


@pytest.mark.usefixtures("bad_readers")
def test_what_is_printed_meanwhile_goes_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert entries(check_all(jobs(tmp_path, "print", "b"), Setting(Forms()))) == [
        ("print", "passed", []),
        ("b", "passed", []),
    ]
    assert capfd.readouterr() == ("", "")


def crew_of(executor: Executor) -> Crew:
    return Crew(executor, 2, chunk=3)


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same_as_none(tmp_path: Path, kind: type[Executor]) -> None:
    work = jobs(tmp_path, *(f"{n}{'-faulty' * (n % 3 == 0)}" for n in range(20)))
    alone = list(check_all(work, Setting(Forms())))
    with kind(2) as executor:  # type: ignore[call-arg]
        together = list(check_all(work, Setting(Forms()), crew_of(executor)))
    close_children()
    assert together == alone
    assert [told.tally.status for told in alone] == ["failed" if n % 3 == 0 else "passed" for n in range(20)]


class _Slow(Executor):
    """Finishes what was handed to it in the opposite order, and counts what is under way."""

    def __init__(self) -> None:
        self.most = 0
        self._under_way: list[tuple[Future[object], object]] = []

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[object] = Future()
        self._under_way.append((future, fn(*args, **kwargs)))
        self.most = max(self.most, len(self._under_way))
        if len(self._under_way) >= 32:
            self.finish()
        else:
            threading.Timer(0.05, self.finish).start()
        return future

    def finish(self) -> None:
        under_way, self._under_way = self._under_way, []
        for future, result in reversed(under_way):
            future.set_result(result)


def test_the_order_is_that_of_the_jobs_and_few_are_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "do_many", lambda chunk, task: [job.shown for job in chunk])
    work = [Job(tmp_path, str(n), None) for n in range(500)]
    executor = _Slow()
    results: list[object] = list(check_all(work, Setting(Forms()), Crew(executor, 2, chunk=3)))
    assert results == [job.shown for job in work]
    assert executor.most <= 32


class _Broken(Executor):
    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future


def test_an_executor_that_fails_is_told_from_a_file_that_does(tmp_path: Path) -> None:
    with pytest.raises(WorkersLost, match="BrokenProcessPool"):
        list(check_all(jobs(tmp_path, "a"), Setting(Forms()), crew_of(_Broken())))


def test_leaving_in_the_middle_ends_everything(tmp_path: Path) -> None:
    work = jobs(tmp_path, *map(str, range(60)))
    with local_crew(2) as crew:
        results = check_all(work, Setting(Forms()), crew)
        next(results)
        results.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("xlcheck")]
