"""Everything the page can ask for: one question, one answer, both as texts and bytes.

A browser has no folders. What is handed in, last year's submissions and what is written of them lie in folders below one,
in memory, so that the tasks find everything where they look for it. Nothing is kept there beyond the page's life: whoever
ends a question that takes too long loses all of it, and asks anew.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path, PurePosixPath
from typing import Any

from xlcheck import __version__
from xlcheck.batch.earlier import Earlier, Stocking, entry_of, shelf_of
from xlcheck.batch.plan import Job
from xlcheck.batch.run import Setting, Told, checked_as, told_lost, told_of
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.forms.file import DEFAULT, form_ids
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Error, Refused
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.checked import unreadable
from xlcheck.results.counts import CONCLUSIONS, Tally
from xlcheck.results.drawn import MARK_WORDS, DrawnFile, drawn_file, drawn_form
from xlcheck.tasks.events import Event, Notice
from xlcheck.tasks.given import form_of
from xlcheck.tasks.options import Options
from xlcheck.tasks.plan import Batch, plan_batch
from xlcheck.tasks.template import drawn_for
from xlcheck.tasks.verify import each_file
from xlcheck.workers.calls import Lost
from xlcheck.workers.spread import BOUNDS, Task, in_child, why_lost

Answered = tuple[Mapping[str, Any], Sequence[bytes]]
"""What a question comes to: values that become JSON, and files."""

_WHEN = (2021, 9, 1, 0, 0, 0)
"""The time told of everything in a zip, so that the same files give the same bytes."""


_WORDS = {"--year": "“本次填报年度”", "--units": "“单位名单”", "--prior": "“与上年比对”"}
"""What the page has in place of the options that sentences of the tasks name."""

_GONE = "浏览器读不出来了，可能刚被移动、改名或者另存过；请重新选择"


class PageDesk:
    """Where the page's files lie, and what is known of them."""

    def __init__(self, root: Path) -> None:
        """Make the folders below `root`; the one with what is handed in becomes the one that this process works in."""
        self._given, self._out, self._before = (root / name for name in ("报送", "审核结果", "上年报送"))
        for folder in (self._given, self._out, self._before):
            folder.mkdir(parents=True, exist_ok=True)
        os.chdir(self._given)
        self._earlier: list[Earlier] = []
        self._batch: Batch | None = None

    def answer(self, question: str, asked: str, files: Iterable[Any] = ()) -> tuple[str, list[bytes]]:
        """Answer one question.

        Args:
            question: its name, one of those at the end of this module.
            asked: what belongs to it, as JSON.
            files: whatever bytes can be made of, in the order in which it names them.

        Returns:
            JSON, which holds `trouble` and nothing else where it cannot be done: one sentence, in a clerk's words; and files.
        """
        try:
            told, made = _QUESTIONS[question](self, json.loads(asked), [bytes(one) for one in files])
        except Error as error:
            told, made = {"trouble": error.message}, ()
        return json.dumps(told, ensure_ascii=False), list(made)

    # --- what stands fast ------------------------------------------------------------------------------------------------

    def welcome(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """The forms, the words and the limits that the page shows and keeps."""
        del asked, files
        forms = [drawn_form(form_of(name)) for name in form_ids()]
        told = {
            "version": __version__,
            "forms": forms,
            "usual": DEFAULT,
            "conclusions": CONCLUSIONS,
            "marks": MARK_WORDS,
            "words": _WORDS,
            "seconds": BOUNDS.seconds,
            "file_bytes": LIMITS.file_bytes,
        }
        return told, ()

    def template(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """The locked table, with the unit and the year that are given on its cover."""
        del files
        form = form_of(asked["form"])
        unit = clean(asked["unit"]).strip()
        data = drawn_for(form, unit=unit, year=asked["year"])
        stem = unit.translate(_NO_NAME) or form.title
        return {"name": f"{stem}.xlsx"}, [data]

    # --- last year ----------------------------------------------------------------------------------------------------------

    def last_year(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """Put one more of last year's submissions with those that are compared with."""
        place = _below(Path("..", self._before.name), asked["path"])
        _write(place, files[0], asked["modified"])
        entry = entry_of(place, Stocking(form_of(None)))
        if entry is None:
            place.unlink()
            return {"unit": "", "year": None, "readable": False}, ()
        self._earlier = [one for one in self._earlier if one.path != entry.path] + [entry]
        return {"unit": entry.unit, "year": entry.year, "readable": True}, ()

    def forget_last_year(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """Compare with no other year."""
        del asked, files
        self._earlier = []
        _empty(self._before)
        return {}, ()

    # --- checking -----------------------------------------------------------------------------------------------------------

    def plan(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """Look at what is handed in before the first file is checked.

        `files` are what those of the files hold that say so (`sent`), and behind them the list of units (`units`). One
        file is checked as if it was named; of several a folder is made, which is summed up.
        """
        _empty(self._given)
        _empty(self._out)
        given, sent = asked["files"], iter(files)
        places = [_below(Path(), one["path"]) for one in given]
        for place, one in zip(places, given, strict=True):
            _write(place, next(sent) if one["sent"] else b"", one["modified"])
        units = next(sent) if asked["units"] else None
        whole = asked["whole"] or units is not None or len(places) != 1
        folder = _folder(places) if whole else str(places[0])
        options = Options(out=Path("..", self._out.name), units=units, year=asked["year"])
        notices: list[str] = []
        batch = plan_batch([folder], options, _into(notices))
        what = batch.what if folder != "." else f"{len(places)} 个文件"
        self._batch = batch._replace(setting=self._against(batch), what=what)
        told = {str(place): number for number, place in enumerate(places)}
        return {"jobs": [told.get(job.shown) for job in batch.jobs], "notices": notices}, ()

    def _against(self, batch: Batch) -> Setting:
        """The setting with last year's submissions."""
        if not self._earlier:
            return batch.setting
        shelf = shelf_of(self._earlier, listed=batch.listed)
        return batch.setting._replace(against=batch.setting.against._replace(last_year=shelf))

    def check(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """Check one file of the plan; the annotated copy is what is made."""
        batch = self._planned()
        job = batch.jobs[asked["job"]]._replace(content=files[0])
        looked: _Looked = in_child(Task(_looked, _lost, batch.setting, batch.setting.bounds), job)
        told = _told(looked.told, looked.drawn)
        if looked.copy is None:
            return told, ()
        copy = Path(looked.copy)
        data = copy.read_bytes()
        copy.unlink()
        return {**told, "copy": copy.name, "below": copy.relative_to(Path("..", self._out.name)).as_posix()}, [data]

    def lost(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """A file of the plan was given up: whoever checked it had to be ended, or the browser cannot read it any more (`gone`)."""
        del files
        batch, reason = self._planned(), asked["reason"]
        job = batch.jobs[asked["job"]]
        if reason == "gone":
            return _told(told_of(unreadable(job.shown, Refused("F101", _GONE)), job, batch.setting), None), ()
        why = why_lost(Lost(reason), batch.setting.bounds, twice=reason != "time")
        return _told(told_lost(job, why, batch.setting), None), ()

    def sum_up(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """What the whole came to, of what was told of each file: the summary and the results as files."""
        del files
        batch = self._planned()
        known = [Told(Tally(*one[0]), *one[1:]) for one in asked["told"]]
        notices: list[str] = []
        for _ in each_file(batch, _into(notices), _Known(known)):
            pass
        made = [path for path in sorted(self._out.iterdir()) if path.is_file()]
        told = {
            "names": [path.name for path in made],
            "summary": SUMMARY_BOOK,
            "notices": [said for said in notices if self._out.name not in said],  # where it is, nobody sees
        }
        return told, [path.read_bytes() for path in made]

    def _planned(self) -> Batch:
        if self._batch is None:
            raise RuntimeError("nothing is planned")
        return self._batch

    # --- what is taken home -------------------------------------------------------------------------------------------------

    def pack(self, asked: Mapping[str, Any], files: Sequence[bytes]) -> Answered:
        """One zip of several files; they are compressed already."""
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w") as archive:
            for name, data in zip(asked["names"], files, strict=True):
                archive.writestr(zipfile.ZipInfo(name, _WHEN), data)
        return {}, [box.getvalue()]


_QUESTIONS: Mapping[str, Callable[[PageDesk, Any, Sequence[bytes]], Answered]] = {
    each.__name__: each
    for each in (
        PageDesk.welcome,
        PageDesk.template,
        PageDesk.last_year,
        PageDesk.forget_last_year,
        PageDesk.plan,
        PageDesk.check,
        PageDesk.lost,
        PageDesk.sum_up,
        PageDesk.pack,
    )
}


# --- one file ---------------------------------------------------------------------------------------------------------


class _Looked(NamedTuple):
    """What checking one file came to, for the page."""

    told: Told
    drawn: DrawnFile | None
    copy: str | None
    """The path of the annotated copy."""


def _looked(job: Job, setting: Setting) -> _Looked:
    checked = checked_as(job, setting)
    drawn = drawn_file(checked.verification) if checked.verification is not None else None
    return _Looked(told_of(checked, job, setting), drawn, checked.annotated)


def _lost(job: Job, reason: str, setting: Setting) -> _Looked:
    return _Looked(told_lost(job, reason, setting), None, None)


def _told(told: Told, drawn: DrawnFile | None) -> dict[str, Any]:
    """What the page shows of a file by name, and `told`, which it hands back as it is when the whole is summed up."""
    return {
        "told": told,
        "conclusion": told.tally.conclusion,
        "errors": told.tally.errors,
        "warnings": told.tally.warnings,
        "entry": told.entry,
        "trouble": told.trouble,
        "skipped": bool(told.skipped),
        "drawn": drawn,
    }


class _Known(Executor):
    """Knows already what each file comes to."""

    def __init__(self, told: Iterable[Told]) -> None:
        self._told = iter(told)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The results of as many files as it is handed, in their order."""
        del fn, kwargs
        future: Future[Any] = Future()
        future.set_result([next(self._told) for _ in args[0]])
        return future


# --- files -------------------------------------------------------------------------------------------------------------


_NO_NAME = dict.fromkeys(map(ord, '\\/:*?"<>|'), "_")
"""What no name of a file may hold on Windows."""


def _below(folder: Path, name: str) -> Path:
    """A place in a folder, by a name from outside: nothing leads out of it."""
    # A browser may give halves of characters, which no name of a file can hold here.
    whole = name.encode("utf-8", "replace").decode().replace("\0", "")
    parts = [part for part in PurePosixPath(whole).parts if part not in {"/", "//", ".", ".."}]
    return folder.joinpath(*parts or ["文件"])


def _write(place: Path, data: bytes, modified: float) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    os.utime(place, (modified, modified))


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _folder(places: Sequence[Path]) -> str:
    """The one folder that all lie in, if there is one with a name."""
    tops = {place.parts[0] if len(place.parts) > 1 else "." for place in places}
    return tops.pop() if len(tops) == 1 else "."


def _into(notices: list[str]) -> Callable[[Event], object]:
    """Listens, and keeps what a person should know."""

    def listen(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event.text)

    return listen
