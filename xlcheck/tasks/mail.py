"""Sending each unit its own result: what would leave, what leaves, and what did not."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.content import tidy, why, write_bytes
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.tasks.events import LetterTried, Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, form_of, units_of

if TYPE_CHECKING:
    import ssl

    from xlcheck.mail.account import Account
    from xlcheck.mail.address import Address
    from xlcheck.mail.sending.ledger import LetterEntry, LetterLedger, LetterState
    from xlcheck.mail.sending.plan import Heard, Plan, Wanted, Withheld
    from xlcheck.mail.sending.prepare import Mailing, Prepared, Ready, Spool
    from xlcheck.mail.sending.proof import Reopened
    from xlcheck.mail.sending.send import Pace, Sender
    from xlcheck.model.office import Office
    from xlcheck.results.stored import StoredResults
    from xlcheck.roster.units import Unit

SMTP_VARIABLE = "XLCHECK_SMTP_PASSWORD"
"""The environment variable that may hold the password."""


class Route(NamedTuple):
    """How letters are handed over to a server."""

    account: Account
    password_file: Path | None
    """None for the environment, or else the system's keyring."""
    plain: bool
    """Whether a connection without encryption is allowed."""
    pace: Pace
    ask: Callable[[str], str] | None = None
    """Shows a person the text and answers the password that was typed; None where there is nobody to ask."""


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


class Mailed(NamedTuple):
    """What left."""

    went: int
    """How many letters."""
    before: int
    """How many had left in earlier runs."""
    withheld: tuple[Withheld, ...]
    """What did not leave, and why."""


class _Handing(NamedTuple):
    """What it takes to speak to the server."""

    route: Route
    password: str | None
    """None where the server asks for none."""
    context: ssl.SSLContext


def letters_on_record(out: Path) -> tuple[LetterEntry, ...]:
    """All letters of earlier runs.

    Raises:
        CannotDo: the record cannot be used.
    """
    from xlcheck.mail.sending.ledger import open_letter_ledger

    with _in_words(out), open_letter_ledger(out, rehearse=True) as ledger:
        return tuple(ledger.letters())


def plan_letters(options: MailOptions, listen: Listener = ignore) -> Planned:
    """Write and check all letters, and throw them away again.

    Raises:
        CannotDo: something named cannot be used.
    """
    from xlcheck.mail.sending.ledger import open_letter_ledger
    from xlcheck.mail.sending.prepare import Spool

    with _in_words(options.out):
        _handing(options.route, listen, ask=False)
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
    with _in_words(options.out), _opening_again(options) as opened:
        handing = _handing(options.route, listen, ask=True)
        job, units, results = _job(options, listen)
        with locked(options.out), open_letter_ledger(options.out) as ledger:
            tidy([options.out, options.out / OUTBOX])
            spool = Spool()
            try:
                planned = _planned(job, units, results, ledger, spool, listen)
                return _leave(job, handing, planned, ledger, spool, opened, listen)
            finally:
                spool.close()


def _opening_again(options: MailOptions) -> AbstractContextManager[Callable[[bytes], Reopened]]:
    from xlcheck.mail.sending.proof import opening_again
    from xlcheck.workers.spread import standing_by

    return standing_by(opening_again(Forms(options.form)), start=options.route is not None)


@contextmanager
def _in_words(out: Path) -> Iterator[None]:
    """Whatever goes wrong becomes one sentence."""
    from xlcheck.mail.account import InvalidAccount
    from xlcheck.mail.sending.letter import InvalidTemplate
    from xlcheck.mail.sending.smtp import Unusable
    from xlcheck.model.errors import LedgerTrouble
    from xlcheck.results.stored import InvalidResults
    from xlcheck.workers.spread import WorkersLost

    try:
        yield
    except (InvalidAccount, LedgerTrouble, InvalidResults, InvalidTemplate, Unusable) as error:
        raise CannotDo("letters", str(error)) from error
    except WorkersLost as error:
        raise CannotDo("workers", f"写信的进程异常中断（{error}），一封信也没有发出；请重新运行") from error
    except BrokenPipeError:  # whoever listens has nobody to tell any more
        raise
    except (OSError, UnicodeError) as error:
        raise CannotDo("output", f"无法写入“{out}”或临时文件（{why(error)}）") from error


def _handing(route: Route | None, listen: Listener, ask: bool) -> _Handing | None:
    """What it takes to speak to the server; where nothing will be sent nobody is asked for a password."""
    from xlcheck.mail.account import password, tls_context

    if route is None:
        return None
    account = route.account
    secret = None
    if account.user and ask:
        tell = partial(_tell, listen)
        secret = password(account, SMTP_VARIABLE, route.password_file, tell, route.ask)
    return _Handing(route, secret, tls_context(account))


def _tell(listen: Listener, text: str) -> None:
    listen(Notice(text))


def _job(options: MailOptions, listen: Listener) -> tuple[Mailing, tuple[Unit, ...], StoredResults]:
    from xlcheck.mail.sending.letter import templates
    from xlcheck.mail.sending.prepare import Mailing
    from xlcheck.results.stored import load_results

    if options.form is not None:
        form_of(options.form)
    words = templates(options.templates)
    units, results = units_of(options.units, listen), load_results(options.out)
    job = Mailing(
        out=options.out,
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
    job: Mailing, units: tuple[Unit, ...], results: StoredResults, ledger: LetterLedger, spool: Spool, listen: Listener
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


def _heard(units: Iterable[Unit], results: StoredResults, ledger: LetterLedger) -> Iterator[Heard]:
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


def _leave(
    job: Mailing,
    handing: _Handing | None,
    planned: Planned,
    ledger: LetterLedger,
    spool: Spool,
    opened: Callable[[bytes], Reopened],
    listen: Listener,
) -> Mailed:
    """Letters leave, and what did not leave is listed."""
    from xlcheck.mail.sending import lists, outbox
    from xlcheck.mail.sending.send import Sender
    from xlcheck.mail.sending.smtp import Session

    prepared, withheld = planned.prepared, [*planned.withheld]
    outbox.clear(job.out, prepared.stale)
    ledger.drop(prepared.stale)
    if handing is None or job.sender is None:
        for name in outbox.write_outbox(job.out, prepared.ready, ledger, spool):
            listen(Notice(f"“{outbox.OUTBOX}/{name}”被改动过，没有覆盖，新的信件另存在旁边"))
    else:
        route, password, context = handing
        connect = partial(Session, route.account, password, context, plain=route.plain)
        sender = Sender(connect, job.sender.spec, ledger, spool, route.pace, opened)
        # Of these a killed run did not come to it.
        _take_out(job.out, [one for one in ledger.letters() if one.file and one.state in _GOT], ledger)
        _by_hand(prepared.ready, listen)
        withheld += _send(sender, prepared, ledger, job.out, listen)
    if (job.out / outbox.OUTBOX).is_dir():
        strange = outbox.strangers(job.out, ledger.letters())
        outbox.page(job.out, ledger.letters(), withheld, strange)
        for name in strange:
            listen(Notice(f"“{outbox.OUTBOX}/{name}”不是本次写出的信件，或者被改动过，请不要发送"))
    path = job.out / lists.FAILURES
    failed = {one.unit for one in withheld if one.unit}
    if failed:
        write_bytes(path, lists.failures(withheld))
    else:
        path.unlink(missing_ok=True)
    went = sum(one.draft.unit not in failed for one in prepared.ready)
    return Mailed(went, len(prepared.done), tuple(withheld))


def _by_hand(ready: Sequence[Ready], listen: Listener) -> None:
    """Of letters in the outbox nobody knows whether they were sent from there."""
    from xlcheck.mail.sending import outbox

    if count := sum(bool(one.letter.file) for one in ready):
        said = f"有 {count} 封信曾写在 {outbox.OUTBOX} 里，现在经服务器发送，发出一封删去一封；曾经手工发出的会重复"
        listen(Notice(said))


_GOT = ("sent", "partly")
"""The states of letters that somebody got."""


def _take_out(out: Path, letters: Sequence[LetterEntry], ledger: LetterLedger) -> None:
    """What somebody got must not be sent by hand as well."""
    from xlcheck.mail.sending import outbox

    outbox.clear(out, letters)
    for letter in letters:
        ledger.unfile(letter)


def _send(sender: Sender, prepared: Prepared, ledger: LetterLedger, out: Path, listen: Listener) -> list[Withheld]:
    """Send; answers the letters that did not arrive, and why. What nobody got stays in the outbox."""
    from xlcheck.mail.sending.lists import STATES
    from xlcheck.mail.sending.plan import Withheld

    count = itertools.count(1)

    def tried(ready: Ready, state: LetterState, said: str) -> None:
        if ready.letter.file and state in _GOT:
            _take_out(out, [ready.letter], ledger)
        listen(LetterTried(next(count), len(prepared.ready), ready.draft.unit.name, state, said))

    sent = sender.run(prepared.ready, tried)
    if sent.stopped:
        listen(Notice(f"{sent.stopped}；后面的信没有发送，请稍后重新运行，已发送的不会重发"))
    missed = []
    notes = {letter.id: letter.note for letter in ledger.letters()}
    for one in prepared.ready:
        state = sent.states.get(one.letter.id)
        if state != "sent":
            reason = sent.failures.get(one.letter.id) or notes.get(one.letter.id) or sent.stopped
            missed.append(Withheld(one.draft.unit, f"{STATES[state or 'planned']}：{reason}"))
    return missed
