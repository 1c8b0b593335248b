"""Letters that are written before the first one leaves: by a crew just as by one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.servers.letters import clones
from xlcheck.mail.address import parse_address
from xlcheck.mail.sending import prepare as preparing
from xlcheck.mail.sending.attachment import copies_in
from xlcheck.mail.sending.entries import LetterLedger
from xlcheck.mail.sending.ledger import open_letter_ledger
from xlcheck.mail.sending.letter import InvalidTemplate, templates
from xlcheck.mail.sending.plan import Wanted, decide_letters
from xlcheck.mail.sending.prepare import Mailing, Prepared, Spool, prepare
from xlcheck.model.office import Office
from xlcheck.reading.open import Forms
from xlcheck.results.stored import load_results
from xlcheck.roster.units import Unit
from xlcheck.workers.spread import Crew, local_crew

UNITS = tuple(Unit(f"市第{number}局", "", f"u{number}@example.org") for number in range(12))
FAILED = UNITS[:10]
"""The others handed in nothing."""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = clones(tmp_path, [unit.name for unit in FAILED])
    (folder / ".xlcheck").mkdir(exist_ok=True)
    copies = sorted(folder.rglob("*.审核.xlsx"))
    copies[3].unlink()
    copies[5].write_bytes(copies[6].read_bytes())
    return folder


@pytest.fixture
def ledger(out: Path) -> Iterator[LetterLedger]:
    with open_letter_ledger(out) as opened:
        yield opened


def job_for(out: Path, words: Path | None = None, **more: Any) -> Mailing:
    known: dict[str, Any] = {"largest": 20 << 20, "draft": False, "now": 1_764_000_000, **more}
    return Mailing(
        copies_in(out),
        Wanted(remind=True),
        Office(),
        parse_address("a@example.org"),
        (),
        templates(words),
        Forms(),
        2025,
        **known,
    )


def run(
    out: Path,
    job: Mailing,
    ledger: LetterLedger,
    crew: AbstractContextManager[Crew | None],
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Prepared, list[bytes]]:
    monkeypatch.setattr(preparing, "crew_for", lambda _: crew)
    spool = Spool()
    drafts = decide_letters(UNITS, (), load_results(out).records, job.wanted).drafts
    try:
        prepared = prepare(drafts, UNITS, job, ledger, spool)
        return prepared, [spool.read(one) for one in prepared.ready]
    finally:
        spool.close()


@pytest.mark.parametrize("largest", [20 << 20, 30_000])
def test_a_crew_writes_the_same_letters_in_the_same_order(
    out: Path, ledger: LetterLedger, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_for(out, largest=largest)
    alone, messages = run(out, job, ledger, nullcontext(), monkeypatch)
    together, same = run(out, job, ledger, local_crew(2), monkeypatch)
    assert messages == same
    assert [one._replace(read=0.0) for one in alone.ready] == [one._replace(read=0.0) for one in together.ready]
    assert alone._replace(ready=()) == together._replace(ready=())
    if largest > 30_000:
        assert [one.draft.kind for one in alone.ready] == ["failed"] * 8 + ["reminder"] * 2
        assert [one.reason.partition("”")[2][:4] for one in alone.withheld] == ["无法读取", "在核对之"]
    else:
        assert sum("--max-size" in one.reason for one in alone.withheld) == 8


def test_a_letter_that_was_sent_is_written_by_no_crew(
    out: Path, ledger: LetterLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_for(out)
    first, _ = run(out, job, ledger, local_crew(2), monkeypatch)
    ledger.change([one.letter._replace(state="sent") for one in first.ready[:4]])
    again, _ = run(out, job, ledger, local_crew(2), monkeypatch)
    assert [one.id for one in again.done] == [one.letter.id for one in first.ready[:4]]
    assert [one.letter.message_id for one in again.ready] == [one.letter.message_id for one in first.ready[4:]]


def test_a_template_that_fails_fails_with_a_crew_too(
    out: Path, ledger: LetterLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "words"
    words.mkdir()
    (words / "letter.txt").write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(InvalidTemplate, match=r"letter\.txt"):
        run(out, job_for(out, words), ledger, local_crew(2), monkeypatch)
