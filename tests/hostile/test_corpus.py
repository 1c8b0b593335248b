"""The hostile corpus through the real command line: the right code, one sentence, little time and memory, no trace."""

from __future__ import annotations

import csv
import ctypes
import hashlib
import html
import io
import json
import os
import re
import stat
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import openpyxl
import pytest

from tests import ROOT
from tests.hostile import makers as hostile
from tests.hostile.corpus import books, make, odd, payloads
from tests.hostile.corpus.cases import CASES
from tests.making.command import Ran
from tests.making.copies import is_ours
from tests.making.documents import look_at, valid
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.guard.admit import admit
from xlcheck.model.errors import Refused
from xlcheck.model.text import clean

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pipes, sockets and their like are made as on Linux")

MOST_MEGABYTES = 200
MOST_SECONDS = 4
"""Twice and a third more than is promised, since a busy machine counts more; `benchmarks/bounds.py` holds the promise itself."""
SLICES = 4
REFUSED = ("F101", "F102", "F103", "F104")
_STEERING = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DROP_CAPABILITY, _OVERRIDE, _SEARCH = 24, 1, 2  # prctl(2), capabilities(7)


class Tree(NamedTuple):
    """A folder that a run may see: everything in it is looked at before and after."""

    root: Path

    @property
    def given(self) -> Path:
        """The strangers' files."""
        return self.root / "in"

    @property
    def output(self) -> Path:
        """The only place to write to."""
        return self.root / "out"

    def state(self) -> dict[str, tuple[object, ...]]:
        """All that is there besides the output."""
        return {str(path.relative_to(self.root)): _state(path) for path in _all(self.root) if path != self.output}


def tree_at(root: Path) -> Tree:
    """An empty one."""
    for name in ("in", "out", "home", "tmp"):
        (root / name).mkdir()
    return Tree(root)


def _all(folder: Path) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        yield Path(entry.path)
        if entry.is_dir(follow_symlinks=False) and entry.name != "out":
            yield from _all(Path(entry.path))


def _state(path: Path) -> tuple[object, ...]:
    found = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(found.st_mode) else ""
    link = os.readlink(path) if stat.S_ISLNK(found.st_mode) else ""
    return stat.filemode(found.st_mode), found.st_mtime_ns if not stat.S_ISDIR(found.st_mode) else 0, content, link


def _without_privileges() -> None:
    """Root reads what nobody may read; without these two capabilities it does not."""
    for capability in (_OVERRIDE, _SEARCH):
        ctypes.CDLL(None).prctl(_DROP_CAPABILITY, capability, 0, 0, 0)


def run(tree: Tree, *arguments: str) -> Ran:
    """Run a module in the tree, as a process that has nothing else to write to and no privileges."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=tree.root,
        capture_output=True,
        check=False,
        timeout=300,
        preexec_fn=_without_privileges if os.geteuid() == 0 else None,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "default",
            "PYTHONUTF8": "1",
            "HOME": str(tree.root / "home"),
            "TMPDIR": str(tree.root / "tmp"),
        },
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def verify(tree: Tree, *options: str) -> Ran:
    """Verify everything that was given, and see that nothing but the output changed."""
    before = tree.state()
    ran = run(tree, "xlcheck", "verify", "in", "-o", "out", *options)
    assert tree.state() == before
    assert_quiet(ran.err)
    look_at(ran.out, ("verify", "-o", "out"), tree.root)
    return ran


def assert_quiet(said: str) -> None:
    """No traceback, nothing that native code or a library says, and nothing that steers a terminal."""
    for word in ("Traceback", "panicked", "Warning", "Error", "Fatal", "  File "):
        assert word not in said, said[-2000:]
    assert_harmless(said)


def assert_harmless(text: str) -> None:
    """No character that steers a terminal or turns the reading direction."""
    found = {char for char in text if char not in "\n\r\x1b" and unicodedata.category(char) in _STEERING}
    assert not found - {"\ufeff"}, found
    assert "\ufeff" not in text[1:]


def codes(entry: Mapping[str, Any]) -> str:
    return " ".join(sorted({finding["code"] for finding in entry["findings"]}))


def assert_told(entry: Mapping[str, Any], expected: str, what: str) -> None:
    """The right codes; of a file that cannot be read one clear sentence."""
    assert codes(entry) == expected, f"{what}: {[f['message'] for f in entry['findings']]}"
    assert entry["status"] == ("unreadable" if expected in REFUSED else "failed" if _errors(entry) else "passed"), what
    for finding in entry["findings"]:
        assert_harmless(finding["message"])
        assert "\n" not in finding["message"]
        assert _CHINESE.search(finding["message"])
    if expected in REFUSED:
        (finding,) = entry["findings"]
        assert finding["message"].startswith("文件“")
        assert len(finding["message"]) < 400 or len(what) > 100


def _errors(entry: Mapping[str, Any]) -> bool:
    return any(finding["severity"] == "error" for finding in entry["findings"])


# --- the corpus itself -----------------------------------------------------------------------------------------------


def test_it_is_large_and_its_names_are_unique() -> None:
    names = {case.name for case in CASES}
    assert len(names) == len(CASES) >= 60
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,90}\.(?:xlsx|xlsm|xls|ods)", name) for name in names)


@pytest.mark.skipif("ng" in zlib.ZLIB_RUNTIME_VERSION, reason="another zlib packs the same content otherwise")
def test_what_is_committed_is_what_the_script_makes() -> None:
    made = make.contents()
    small = {name: data for name, data in made.items() if len(data) <= make.MOST}
    kept = {path.name: path.read_bytes() for path in make.FOLDER.iterdir()}
    assert kept.keys() == small.keys(), "run `poe corpus`"
    assert {name for name in small if small[name] != kept[name]} == set(), "run `poe corpus`"
    assert make.MANIFEST.read_text(encoding="utf-8") == make.manifest(made), "run `poe corpus`"


def test_what_is_committed_is_small_and_enough() -> None:
    sizes = [path.stat().st_size for path in make.FOLDER.iterdir()]
    assert len(sizes) >= 60
    assert sum(sizes) < 3 << 20


# --- all of it at once -----------------------------------------------------------------------------------------------


class Whole(NamedTuple):
    """What a run over the whole corpus left."""

    tree: Tree
    ran: Ran
    expected: Mapping[str, str]
    entries: Mapping[str, dict[str, Any]]


def every_file_is_told_rightly(whole: Whole) -> None:
    assert whole.entries.keys() == whole.expected.keys()
    for name, expected in whole.expected.items():
        assert_told(whole.entries[name], expected, name)
    assert whole.ran.code == 1


def the_report_has_a_sentence_for_each_that_cannot_be_read(whole: Whole) -> None:
    lines = whole.ran.out.splitlines()
    heads = [at for at, line in enumerate(lines) if line.startswith(("通过　", "待核实　", "不通过　", "无法读取　"))]
    assert len(heads) == len(whole.expected)
    unreadable = [at for at in heads if lines[at].startswith("无法读取")]
    assert len(unreadable) == sum(expected in REFUSED for expected in whole.expected.values())
    for at in unreadable:
        assert re.match(r"  F10\d 文件“", lines[at + 1])
        assert not lines[at + 2].startswith("  ")
    assert_harmless(whole.ran.out)


def files_for_programs_hold_no_steering_characters(whole: Whole) -> None:
    assert_harmless((whole.tree.output / "results.json").read_text(encoding="utf-8"))
    assert_harmless((whole.tree.output / "results.csv").read_text(encoding="utf-8"))


def no_cell_of_the_csv_file_is_a_formula(whole: Whole) -> None:
    text = (whole.tree.output / "results.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len({row[0] for row in rows[1:]}) > len(CASES)
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"[=+@＝＋－＠\t\r\n]|-(?![0-9.]+$)", cell), cell


def every_copy_lies_in_the_output(whole: Whole) -> None:
    output = whole.tree.output.resolve()
    copies = {str(path.relative_to(whole.tree.output)) for path in whole.tree.output.rglob("*.审核*.xlsx")}
    told = {entry["annotated"] for entry in whole.entries.values() if entry["annotated"]}
    assert copies == told
    assert all((output / name).resolve().is_relative_to(output) for name in told)
    assert {name for name, entry in whole.entries.items() if bool(entry["annotated"]) != bool(codes(entry))} == {
        name for name, expected in whole.expected.items() if expected in REFUSED
    }


def texts_are_no_formulas_and_no_links_in_any_workbook(whole: Whole) -> None:
    # They were live in the department's own workbook.
    own = {
        "live-formulas",
        "live-links",
        "link-to-another-computer",
        "formula-and-link-payloads",
        "formula-of-4000-terms",
    }
    books_written = sorted(whole.tree.output.rglob("*.xlsx"))
    assert len(books_written) > 3 * len(payloads.GROUPS)
    for path in books_written:
        if not any(name in path.name for name in own):
            assert_no_live_text(path)


_FORMULA = re.compile(rb"<f[ >](.*?)</f>", re.DOTALL)
_OUTSIDE = re.compile(r'Target="([^"]*)" TargetMode="External"')


def assert_no_live_text(path: Path) -> None:
    """No formula but those of the template, no link but to a cell or to a copy that lies below, no macro."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert "vbaProject" not in name
            targets = _OUTSIDE.findall(content.decode("utf-8", "replace"))
            assert content.count(b'"External"') == len(targets)
            assert not targets or path.name == SUMMARY_BOOK, f"{path.name}: {targets}"
            for target in targets:
                assert not target.startswith(("/", ".")) and not re.match("[a-z]+:", target, re.IGNORECASE)
                assert (path.parent / unquote(html.unescape(target))).is_file(), target
            for formula in _FORMULA.findall(content) if "worksheets/" in name else ():
                assert not re.search(rb"1\+1|cmd|HYPERLINK|WEBSERVICE|IMPORTXML|198\.51", formula), path.name


def texts_come_back_as_the_texts_they_were(whole: Whole) -> None:
    copies = list(whole.tree.output.glob("payloads-*.xlsx"))
    assert len(copies) == 3 * len(payloads.GROUPS)
    for path in copies:
        book = openpyxl.load_workbook(path)
        for at, (name, _, text) in enumerate(payloads.TEXTS):
            sheet, _, address = payloads.field_of(at).partition("!")
            held = book[sheet][address]
            assert (held.data_type, held.hyperlink) == ("s", None), f"{path.name}: {name}"
            assert _plain(str(held.value)) == _plain(text), f"{path.name}: {name}"
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
            assert cell.hyperlink is None or (cell.hyperlink.location and not cell.hyperlink.target)
        formulas = [str(cell.value) for row in book["审核结果"].iter_rows() for cell in row if cell.data_type == "f"]
        assert all(is_ours(formula.removeprefix("=")) for formula in formulas), path.name


def _plain(text: str) -> str:
    """What is left of a text, whether it is a workbook's own or was entered."""
    return clean(text).replace("\ufffd", "").strip()


def a_link_to_a_text_tells_nothing_of_it(whole: Whole) -> None:
    first = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0]
    for path in (whole.tree.output / "results.json", whole.tree.output / "results.csv"):
        assert first not in path.read_text(encoding="utf-8")


def nothing_steers_where_strange_names_are_compared_with(tree: Tree) -> None:
    ran = run(tree, "xlcheck", "verify", "in/form.xlsx", "--prior", "in/odd", "--previous", "in/odd")
    assert ran.code == 0
    assert_quiet(ran.err)
    assert_harmless(ran.out)
    assert "不能确定用哪一份" in ran.out


def test_all_of_it_at_once(tmp_path: Path) -> None:
    tree = tree_at(tmp_path)
    for case in CASES:
        (tree.given / case.name).write_bytes(case.maker())
    (tree.given / "odd").mkdir()
    there = {f"odd/{name}": expected for name, expected in odd.lay(tree.given / "odd").items()}
    ran = verify(tree)
    nothing_steers_where_strange_names_are_compared_with(tree)
    (tree.given / "odd" / "closed").chmod(0o700)
    document = json.loads((tree.output / "results.json").read_text(encoding="utf-8"))
    entries = {os.path.relpath(file["path"], "in"): file for file in document["files"]}
    whole = Whole(tree, ran, {case.name: case.expected for case in CASES} | there, entries)
    every_file_is_told_rightly(whole)
    the_report_has_a_sentence_for_each_that_cannot_be_read(whole)
    files_for_programs_hold_no_steering_characters(whole)
    no_cell_of_the_csv_file_is_a_formula(whole)
    every_copy_lies_in_the_output(whole)
    texts_are_no_formulas_and_no_links_in_any_workbook(whole)
    texts_come_back_as_the_texts_they_were(whole)
    a_link_to_a_text_tells_nothing_of_it(whole)


# --- each on its own -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(SLICES))
def test_each_on_its_own_takes_little_time_and_memory(part: int, tmp_path: Path) -> None:
    tree = tree_at(tmp_path)
    cases = CASES[part::SLICES]
    for case in cases:
        (tree.given / case.name).write_bytes(case.maker())
    names = [case.name for case in cases]
    before = tree.state()
    ran = run(tree, "tests.hostile.corpus.probe", "in", "out", *names)
    assert ran.code == 0, ran.err
    assert tree.state() == before
    measured = [json.loads(line) for line in ran.out.splitlines()]
    for case, one in zip(cases, measured, strict=True):
        assert_quiet(one["err"])
        assert one["megabytes"] < MOST_MEGABYTES, case.name
        assert one["seconds"] < MOST_SECONDS, case.name
        document = json.loads(valid(one["out"]))
        (entry,) = document["files"]
        assert_told(entry, case.expected, case.name)
        assert one["code"] == (2 if case.expected in REFUSED else int(_errors(entry))), case.name


# --- cut at every tenth byte -----------------------------------------------------------------------------------------


def test_cut_at_every_tenth_byte(tmp_path: Path) -> None:
    tree = tree_at(tmp_path)
    whole = {"xlsx": books.xlsx(books.book()), "ods": books.ods(books.book()), "xls": hostile.xls()}
    cuts = {f"{cut:05}.{ending}": data[:cut] for ending, data in whole.items() for cut in range(0, len(data), 10)}
    complete = {name for name, data in cuts.items() if name.endswith(".xls") and _is_complete(data, whole["xls"])}
    # Each of these gets a copy, which takes its time.
    for name in sorted(complete)[2:]:
        del cuts[name]
    for name, data in cuts.items():
        (tree.given / name).write_bytes(data)
    ran = verify(tree, "--format", "json")
    entries = {os.path.basename(file["path"]): file for file in json.loads(ran.out)["files"]}
    assert entries.keys() == cuts.keys()
    for name, data in cuts.items():
        assert_told(entries[name], "S105" if name in complete else "F101" if data else "F103", name)
    assert ran.code == 1


def _is_complete(data: bytes, whole: bytes) -> bool:
    """An .xls ends with a table of its sectors: what is cut away of that may be of sectors that there are none of."""
    try:
        return len(data) > len(whole) - 512 and admit(data).safe == admit(whole).safe
    except Refused:
        return False
