"""Sending each unit its own result: what would leave, what leaves, and what did not."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.content import tidy
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.given import form_of, units_of
from xlcheck.tasks.leaving import Leaving, Mailed, Route, handing_for, leave, letters_in_words, opening_attachments

if TYPE_CHECKING:
    from xlcheck.mail.address import Address
    from xlcheck.mail.sending.entries import LetterEntry
    from xlcheck.mail.sending.ledger import FolderLetterLedger
    from xlcheck.mail.sending.plan import Heard, Plan, Wanted, Withheld
    from xlcheck.mail.sending.prepare import Mailing, Prepared, Spool
    from xlcheck.model.office import Office
    from xlcheck.results.stored import StoredResults
    from xlcheck.roster.units import Unit


class MailOptions(NamedTuple):
    """What letters are asked for."""

    out: Path
    """The folder with the results of a batch."""
    units: Path | bytes
    """The list of units (CSV or a workbook) with their addresses."""
    wanted: Wanted
    office: Office
    sender: Address | None
    """None where letters are only written."""
    reply_to: tuple[Address, ...] = ()
    templates: Path | None = None
    """A folder with words of the office's own."""
    largest: int = 20 << 20
    """Bytes of a whole letter."""
    route: Route | None = None
    """None writes letters into the outbox, for a mail program."""
    resend: bool = False
    """Whether letters go out again of which it is not certain that they arrived."""
    form: str | None = None


class Planned(NamedTuple):
    """What would leave."""

    units: tuple[Unit, ...]
    plan: Plan
    prepared: Prepared

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """What would not, and why."""
        return (*self.plan.withheld, *self.prepared.withheld)


def letters_on_record(out: Path) -> tuple[LetterEntry, ...]:
    """All letters of earlier runs.

    Raises:
        CannotDo: the record cannot be used.
    """
    from xlcheck.mail.sending.ledger import open_letter_ledger

    with letters_in_words(out), open_letter_ledger(out, rehearse=True) as ledger:
        return tuple(ledger.letters())


def plan_letters(options: MailOptions, listen: Listener = ignore) -> Planned:
    """Write and check all letters, and throw them away again.

    Raises:
        CannotDo: something named cannot be used.
    """
    from xlcheck.mail.sending.ledger import open_letter_ledger
    from xlcheck.mail.sending.prepare import Spool

    with letters_in_words(options.out):
        handing_for(options.route, listen, ask=False)
        job, units, results = _job(options, listen)
        with open_letter_ledger(options.out, rehearse=True) as ledger:
            spool = Spool()
            try:
                return _planned(job, units, results, ledger, spool, listen)
            finally:
                spool.close()


def send_letters(options: MailOptions, listen: Listener = ignore) -> Mailed:
    """Send the letters, or write them into the outbox; nothing leaves twice.

    Raises:
        CannotDo: something named cannot be used, or nothing could be sent at all.
    """
    from xlcheck.mail.sending.ledger import locked, open_letter_ledger
    from xlcheck.mail.sending.outbox import OUTBOX
    from xlcheck.mail.sending.prepare import Spool

    # What opens attachments once more is there before the password is known.
    with letters_in_words(options.out), opening_attachments(options.form, options.route) as opened:
        handing = handing_for(options.route, listen, ask=True)
        job, units, results = _job(options, listen)
        with locked(options.out), open_letter_ledger(options.out) as ledger:
            tidy([options.out, options.out / OUTBOX])
            spool = Spool()
            try:
                planned = _planned(job, units, results, ledger, spool, listen)
                by = Leaving(options.out, job.sender, handing, ledger, spool, opened, listen)
                return leave(planned.prepared, planned.plan.withheld, by)
            finally:
                spool.close()


def _job(options: MailOptions, listen: Listener) -> tuple[Mailing, tuple[Unit, ...], StoredResults]:
    from xlcheck.mail.sending.attachment import copies_in
    from xlcheck.mail.sending.letter import templates
    from xlcheck.mail.sending.prepare import Mailing
    from xlcheck.results.stored import load_results

    if options.form is not None:
        form_of(options.form)
    words = templates(options.templates)
    units, results = units_of(options.units, listen), load_results(options.out)
    job = Mailing(
        attached=copies_in(options.out),
        wanted=options.wanted,
        office=options.office,
        sender=options.sender,
        reply_to=options.reply_to,
        templates=words,
        forms=Forms(options.form),
        year=results.year,
        largest=options.largest,
        now=int(time.time()),
        draft=options.route is None,
        resend=options.resend,
    )
    return job, units, results


def _planned(
    job: Mailing,
    units: tuple[Unit, ...],
    results: StoredResults,
    ledger: FolderLetterLedger,
    spool: Spool,
    listen: Listener,
) -> Planned:
    from xlcheck.mail.sending.plan import decide_letters
    from xlcheck.mail.sending.prepare import prepare

    heard = _heard(units, results, ledger)
    decided = decide_letters(units, ledger.units(), results.records, job.wanted, results.year, heard)
    if left := ledger.interrupted():
        listen(Notice(f"上次运行中断时有 {left} 封信正在发送，不能确定对方是否收到"))
    ledger.remember(units)
    prepared = prepare(decided.drafts, units, job, ledger, spool)
    for remark in (*decided.remarks, *prepared.remarks):
        listen(Notice(remark))
    return Planned(units, decided, prepared)


def _heard(units: Iterable[Unit], results: StoredResults, ledger: FolderLetterLedger) -> Iterator[Heard]:
    """Whose earlier results or letters are known: of results those of the year that is collected."""
    from xlcheck.mail.sending.plan import KINDS, Heard
    from xlcheck.model.text import quote
    from xlcheck.results.counts import CONCLUSIONS
    from xlcheck.roster.identity import identity

    for unit in units:
        for letter in ledger.of(unit):
            if letter.kind != "reminder" and letter.state in ("sent", "partly", "uncertain", "written"):
                yield Heard(identity(unit.name, unit.code), f"以前给它写过{KINDS[letter.kind]}信")
    for one in results.former:
        if one.year in (None, results.year):
            said = f"以前核对过“{quote(one.path)}”（{CONCLUSIONS[one.conclusion]}）" if one.conclusion else ""
            yield Heard(identity(one.unit, one.unit_code), said or f"上次报送过“{quote(one.path)}”")
