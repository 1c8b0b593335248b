"""One file from its path to its copy, as a program calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.copies import opened
from tests.making.filling import clean_workbook, workbook
from xlcheck.batch.found import workbooks
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job
from xlcheck.files.content import read_bytes, replacing, write_bytes
from xlcheck.files.names import SUMMARY_BOOK, is_copy, is_skipped
from xlcheck.guard.admit import admit
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.reading.open import Forms


def job(path: Path, copy: Path | None = None) -> Job:
    return Job(path, str(path), copy)


def test_a_clean_file_passes_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(clean_workbook())
    checked = check_file(job(tmp_path / "a.xlsx", tmp_path / "copy.xlsx"), Forms())
    assert (checked.status, checked.findings, checked.annotated, checked.trouble) == ("passed", (), None, "")
    assert not (tmp_path / "copy.xlsx").exists()


def test_a_faulty_file_leaves_its_copy(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(disclosure__regulations__issued=-1))
    checked = check_file(job(tmp_path / "a.xlsx", tmp_path / "deep" / "copy.xlsx"), Forms())
    assert (checked.status, checked.tally.errors, checked.annotated) == (
        "failed",
        1,
        str(tmp_path / "deep" / "copy.xlsx"),
    )
    assert opened((tmp_path / "deep" / "copy.xlsx").read_bytes()).sheetnames[0] == "审核结果"


def test_without_a_target_no_copy_is_made() -> None:
    assert (
        check_file(
            job(Path("a.xlsx"))._replace(content=workbook(disclosure__regulations__issued=-1)), Forms()
        ).annotated
        is None
    )


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero", "/proc/self/mem", "/", "/nope/a.xlsx"])
def test_what_is_no_readable_file_is_a_finding(path: str) -> None:
    checked = check_file(job(Path(path)), Forms())
    assert (checked.status, checked.findings[0].code) == ("unreadable", "F101")
    assert path in checked.findings[0].message


def test_a_file_above_the_limit_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(1 << 40)
    assert len(read_bytes(tmp_path / "a.xlsx")) == LIMITS.file_bytes + 1
    assert check_file(job(tmp_path / "a.xlsx"), Forms()).findings[0].code == "F104"


def test_the_form_is_the_one_asked_for_or_the_usual_one() -> None:
    package, forms = admit(clean_workbook()), Forms()
    assert forms.of(package).id == "disclosure-2021"
    assert forms.of(package) is forms.of(package)


def test_writing_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match=r"."):
        write_bytes(tmp_path / "a", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_writing_replaces_at_once_and_keeps_usual_rights(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_bytes(tmp_path / "a", b"1")
    write_bytes(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"2"
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert list(workbooks(tmp_path)) == [tmp_path / "a.xlsx"]


@pytest.mark.parametrize(("name", "skipped"), [("~$a.xlsx", True), (".~lock.a.xlsx#", True), ("a.审核.xlsx", True), ("a.审核.2.xlsx", True), ("审核.xlsx", False), ("a审核.xlsx", False), ("审核汇总.xlsx", True), ("审核汇总2.xlsx", False)])  # fmt: skip
def test_what_a_folder_passes_over(name: str, skipped: bool) -> None:
    assert is_skipped(name) == skipped


def test_refused_has_a_reason_for_a_clerk() -> None:
    with pytest.raises(Refused) as caught:
        admit(b"")
    assert caught.value.message
    assert caught.value.message[0] > "\u2000"


def test_the_summary_is_passed_over_but_is_no_copy(tmp_path: Path) -> None:
    for name in ("甲.xlsx", SUMMARY_BOOK):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in workbooks(tmp_path)] == ["甲.xlsx"]
    assert not is_copy(SUMMARY_BOOK)


def test_a_file_is_replaced_when_all_is_written_and_not_before(tmp_path: Path) -> None:
    target = tmp_path / "a"

    def write(data: bytes) -> None:
        with replacing(target) as file:
            file.write(b"half")
            file.write(data[1 // len(data) :])

    with pytest.raises(ZeroDivisionError):
        write(b"")
    assert list(tmp_path.iterdir()) == []
    with replacing(target) as file:
        file.write(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
