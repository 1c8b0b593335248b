"""The page in Chromium: how soon it is ready beside bare Pyodide, what a check takes, and whether it says what the command says.

``python -m benchmarks.page`` measures; ``--mutants 1000`` compares so many mutated workbooks with the command, files and
copies byte by byte; ``--corpus`` checks the whole hostile corpus. The page is built where that was not done yet.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from page.parts import PYODIDE
from tests import ROOT
from tests.hostile.corpus.cases import CASES
from tests.making.pages import UNREAD, Shown, browsers, built, by_command, handed_in, mutated, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BARE = """<!doctype html><meta charset="utf-8"><p id="progress"></p><script type="module">
const worker = new Worker(URL.createObjectURL(new Blob([`
  import { loadPyodide } from "${location.href}pyodide.mjs";
  await loadPyodide({ indexURL: "${location.href}" });
  postMessage(0);
`], { type: "text/javascript" })), { type: "module" });
worker.onmessage = () => (document.getElementById("progress").textContent = "准备好了");
</script>"""
"""Pyodide as it comes, in a worker, with nothing else."""

_CLOCK = """
window.spent = [];
let began;
addEventListener("change", () => (began = performance.now()), true);
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  if (document.getElementById("progress").textContent.startsWith("核对完了")) spent.push(performance.now() - began);
}).observe(document.getElementById("progress"), { childList: true, characterData: true, subtree: true }));
"""
"""Tells how long each check takes from the choice of a file to the verdict on the page, in milliseconds."""

CHUNK = 50
"""Mutated workbooks that are checked at a time."""


def ready(browser: Browser, address: str) -> float:
    """Seconds from the address to a page that is ready, in a new window."""
    began = time.perf_counter()
    opened = Shown(browser, address).ready()
    taken = time.perf_counter() - began
    opened.close()
    return taken


def measured(browser: Browser, page: Path, rounds: int) -> None:
    """Print how soon the page is ready, and what a check takes."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder)
        for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"):
            (bare / name).symlink_to(PYODIDE / name)
        (bare / "index.html").write_text(BARE, encoding="utf-8")
        with served(bare) as alone, served(page / "site") as site:
            places = {"bare Pyodide": alone, "site": site, "one file": (page / "xlcheck.html").as_uri()}
            taken: dict[str, list[float]] = {name: [] for name in places}
            for _ in range(rounds):
                for name, place in places.items():
                    taken[name].append(ready(browser, place))
    base = statistics.median(taken["bare Pyodide"])
    for name, times in taken.items():
        middle = statistics.median(times)
        print(f"{name}: ready in {middle:.2f} s (least {min(times):.2f}), {middle / base:.2f} of bare Pyodide")
    print(f"one file: {(page / 'xlcheck.html').stat().st_size / 1e6:.2f} MB")
    opened = Shown(browser, (page / "xlcheck.html").as_uri(), _CLOCK).ready()
    for name in ("通过-攀枝花市人民政府办公室2021.xlsx", "错例2-总计填错.xlsx", "错例7-多种错误.xlsx"):
        for _ in range(rounds * 4):
            opened.give([ROOT / "samples" / name])
        times = opened.page.evaluate("spent.splice(0)")
        print(f"{name}: {statistics.median(times):.0f} ms (first {times[0]:.0f}, least {min(times):.0f})")
    opened.close()


def differing(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> list[str]:
    """The files that are not the same, but for the summary, which tells when it was made."""
    return sorted(
        name for name in ours.keys() | theirs.keys() if name != "审核汇总.xlsx" and ours.get(name) != theirs.get(name)
    )


def compared(opened: Shown, count: int, say: Callable[[str], object]) -> int:
    """How many chunks of mutated workbooks differ in anything from what the command leaves."""
    worse = 0
    for begin in range(0, count, CHUNK):
        with tempfile.TemporaryDirectory() as folder:
            files = {f"{number}.xlsx": mutated(number) for number in range(begin, min(begin + CHUNK, count))}
            opened.give(handed_in(Path(folder, "in"), files))
            others = differing(opened.taken_home(), by_command(Path(folder, "in"), Path(folder, "out")))
        if others:
            worse += 1
            say(f"{begin}: {', '.join(others)}")
    return worse


def cornered(opened: Shown, say: Callable[[str], object]) -> int:
    """How many files of the hostile corpus get other codes than they should."""
    expected = {case.name: case.expected for case in CASES} | UNREAD
    with tempfile.TemporaryDirectory() as folder:
        opened.give(handed_in(Path(folder), {case.name: case.maker() for case in CASES}))
    files = json.loads(opened.taken_home()["results.json"])["files"]
    told = {file["path"]: " ".join(sorted({one["code"] for one in file["findings"]})) for file in files}
    wrong = {name for name in expected if told.get(name) != expected[name]}
    for name in sorted(wrong):
        say(f"{name}: {told.get(name)}, not {expected[name]}")
    return len(wrong)


def main() -> None:
    """Measure, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument("--corpus", action="store_true")
    asked = parser.parse_args()
    page = built()
    with browsers() as browser:
        if not asked.mutants and not asked.corpus:
            measured(browser, page, asked.rounds)
            return
        opened = Shown(browser, (page / "xlcheck.html").as_uri()).ready()
        opened.page.set_default_timeout(3_600_000)
        if asked.mutants:
            print(f"{asked.mutants} mutated workbooks: {compared(opened, asked.mutants, print)} chunks differ")
        if asked.corpus:
            print(f"{len(CASES)} hostile files: {cornered(opened, print)} have other codes")


if __name__ == "__main__":
    main()
