"""Nothing is written outside the folder that was named, whatever paths and links there are."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.command import xlcheck
from tests.servers.replies import workbook_of
from xlcheck.batch.ledger import ResultLedger
from xlcheck.files.below import Outside, below, is_inner
from xlcheck.mail.fetching.ledger import open_ledger
from xlcheck.mail.sending.ledger import locked, open_letter_ledger
from xlcheck.model.errors import LedgerTrouble

_NAMES = st.sampled_from(["", ".", "..", "a", "A:x", "审核", " ", "..a", "a..", "...", "a\\b"])


@given(st.lists(_NAMES, min_size=1))
def test_what_is_below_is_below_or_refused(parts: list[str]) -> None:
    inside = "/".join(parts)
    if is_inner(inside):
        assert os.path.realpath(below(Path("/nowhere/out"), inside)).startswith("/nowhere/out")
    else:
        with pytest.raises(Outside):
            below(Path("/nowhere/out"), inside)
    assert is_inner(inside) == (".." not in parts and (parts[0] != "" or len(parts) == 1))


@pytest.mark.parametrize("inside", ["sub", "sub/deeper", "sub/a.xlsx", "file", "lost", "loop"])
def test_a_link_on_the_way_is_refused(inside: str, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "sub").symlink_to(elsewhere)
    (elsewhere / "file").write_text("x")
    (out / "file").symlink_to(elsewhere / "file")
    (out / "lost").symlink_to(tmp_path / "nothing")
    (out / "loop").symlink_to("loop")
    with pytest.raises(Outside, match="指向别处的链接"):
        below(out, inside)
    linked = tmp_path / "linked"
    linked.symlink_to(elsewhere)
    assert below(linked, "a.xlsx") == linked / "a.xlsx"  # where the folder itself lies is the user's own choice


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def failing(folder: Path, name: str = "年报.xlsx") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(workbook_of("市教育局", received=99))


@pytest.mark.parametrize(
    "planted", ["out/各局", "out/.xlcheck", "out/.xlcheck/results.sqlite", "out/.xlcheck/results.sqlite-journal"]
)
def test_planted_links_are_not_followed_by_verify(planted: str, tmp_path: Path) -> None:
    failing(tmp_path / "in" / "各局")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / planted).parent.mkdir(parents=True)
    (tmp_path / planted).symlink_to(elsewhere if "sqlite" not in planted else elsewhere / "new")
    done = xlcheck("verify", tmp_path / "in", "-o", tmp_path / "out")
    assert (done.code, everything(elsewhere)) == (2, set())
    assert "是指向别处的链接" in done.err


@pytest.mark.parametrize("planted", [".xlcheck", ".xlcheck/inbox.sqlite", ".xlcheck/mail.sqlite", ".xlcheck/mail.lock"])
def test_planted_links_are_not_followed_by_the_records_of_mail(planted: str, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (out / planted).parent.mkdir(parents=True, exist_ok=True)
    elsewhere.mkdir()
    (out / planted).symlink_to(elsewhere if "sqlite" not in planted and "lock" not in planted else elsewhere / "new")
    opening: list[AbstractContextManager[object]] = [open_ledger(out)] if "mail" not in planted else []
    if "inbox" not in planted:
        opening.append(locked(out) if "lock" in planted else open_letter_ledger(out))
    for one in opening:
        with pytest.raises(LedgerTrouble, match="链接"), one:
            pass
    assert everything(elsewhere) == set()


def test_a_store_that_calls_objects_by_paths_that_lead_out(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    pytest.importorskip("upath")
    store = fsspec.filesystem("memory")
    book = workbook_of("市教育局", received=99)
    store.store.clear()
    for name in ("in/a.xlsx", "in/../../escaped.xlsx", "in/b/../../../escaped.xlsx", "in/b//c.xlsx"):
        store.store[f"/bucket/{name}"] = type(store.open("/bucket/x", "wb"))(store, f"/bucket/{name}", book)
    out = tmp_path / "deep" / "out"
    done = xlcheck("verify", "memory://bucket/in", "-o", out)
    assert [path for path in tmp_path.rglob("*.xlsx") if out not in path.parents] == []
    assert {path.name for path in out.rglob("*.审核.xlsx")} == {"a.审核.xlsx"}
    assert done.out.count("文件名里有“..”") == 3, done.out
    store.store.clear()


def test_a_foreign_path_in_the_record_of_letters_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    ResultLedger(tmp_path / "x", "a/b.sqlite").__exit__(None, None, None)
    assert (tmp_path / "x" / "a" / "b.sqlite").is_file()
    with pytest.raises(Outside):
        ResultLedger(tmp_path / "x", "../b.sqlite")
