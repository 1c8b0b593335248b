"""Letters that are ready leave: to a server, or as files for a mail program; and what did not leave is listed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.content import why, write_bytes
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.tasks.events import LetterTried, Listener, Notice
from xlcheck.tasks.given import CannotDo

if TYPE_CHECKING:
    import ssl

    from xlcheck.mail.account import Account
    from xlcheck.mail.address import Address
    from xlcheck.mail.sending.entries import LetterEntry, LetterLedger, LetterState
    from xlcheck.mail.sending.plan import Withheld
    from xlcheck.mail.sending.prepare import Prepared, Ready, Spool
    from xlcheck.mail.sending.proof import Reopened
    from xlcheck.mail.sending.send import Pace

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


class Handing(NamedTuple):
    """What it takes to speak to the server."""

    route: Route
    password: str | None
    """None where the server asks for none."""
    context: ssl.SSLContext


class Leaving(NamedTuple):
    """Where letters go, and where that is kept."""

    out: Path
    """The folder of the outbox."""
    sender: Address | None
    """None where letters are only written."""
    handing: Handing | None
    """None writes letters into the outbox."""
    ledger: LetterLedger
    spool: Spool
    opened: Callable[[bytes], Reopened]
    """Opens an attachment again, as :func:`opening_attachments` does."""
    listen: Listener


class Mailed(NamedTuple):
    """What left."""

    went: int
    """How many letters."""
    before: int
    """How many had left in earlier runs."""
    withheld: tuple[Withheld, ...]
    """What did not leave, and why."""


@contextmanager
def letters_in_words(out: Path) -> Iterator[None]:
    """Whatever goes wrong with letters becomes one sentence.

    Raises:
        CannotDo: with that sentence.
    """
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


def opening_attachments(form: str | None, route: Route | None) -> AbstractContextManager[Callable[[bytes], Reopened]]:
    """Opens attachments in a process that is there before a password is known, where letters go to a server."""
    from xlcheck.mail.sending.proof import opening_again
    from xlcheck.workers.spread import standing_by

    return standing_by(opening_again(Forms(form)), start=route is not None)


def handing_for(route: Route | None, listen: Listener, ask: bool) -> Handing | None:
    """What it takes to speak to the server; where nothing will be sent nobody is asked for a password.

    Raises:
        InvalidAccount: a password or a certificate cannot be used.
    """
    from xlcheck.mail.account import password, tls_context

    if route is None:
        return None
    account = route.account
    secret = None
    if account.user and ask:
        tell = partial(_tell, listen)
        secret = password(account, SMTP_VARIABLE, route.password_file, tell, route.ask)
    return Handing(route, secret, tls_context(account))


def _tell(listen: Listener, text: str) -> None:
    listen(Notice(text))


def leave(prepared: Prepared, withheld: Sequence[Withheld], by: Leaving) -> Mailed:
    """Letters leave, and what did not leave is listed.

    Args:
        prepared: the letters; those of them that cannot be sent are listed, too.
        withheld: of whom it was decided that they get none.
        by: how.

    Raises:
        Unusable: the first connection could not be made; nothing was sent.
        LedgerTrouble: the record cannot be kept.
        OSError: something cannot be written.
    """
    from xlcheck.mail.sending import lists, outbox

    out, ledger, listen = by.out, by.ledger, by.listen
    missed = [*withheld, *prepared.withheld]
    outbox.clear(out, prepared.stale)
    ledger.drop(prepared.stale)
    if by.handing is None or by.sender is None:
        for name in outbox.write_outbox(out, prepared.ready, ledger, by.spool):
            listen(Notice(f"“{outbox.OUTBOX}/{name}”被改动过，没有覆盖，新的信件另存在旁边"))
    else:
        # Of these a killed run did not come to it.
        _take_out(out, [one for one in ledger.letters() if one.file and one.state in _GOT], ledger)
        _by_hand(prepared.ready, listen)
        missed += _send(prepared, by.handing, by.sender, by)
    if (out / outbox.OUTBOX).is_dir():
        strange = outbox.strangers(out, ledger.letters())
        outbox.page(out, ledger.letters(), missed, strange)
        for name in strange:
            listen(Notice(f"“{outbox.OUTBOX}/{name}”不是本次写出的信件，或者被改动过，请不要发送"))
    path = out / lists.FAILURES
    failed = {one.unit for one in missed if one.unit}
    if failed:
        write_bytes(path, lists.failures(missed))
    else:
        path.unlink(missing_ok=True)
    went = sum(one.draft.unit not in failed for one in prepared.ready)
    return Mailed(went, len(prepared.done), tuple(missed))


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


def _send(prepared: Prepared, handing: Handing, sender: Address, by: Leaving) -> list[Withheld]:
    """Send; answers the letters that did not arrive, and why. What nobody got stays in the outbox."""
    from xlcheck.mail.sending.lists import STATES
    from xlcheck.mail.sending.plan import Withheld
    from xlcheck.mail.sending.send import Sender
    from xlcheck.mail.sending.smtp import Session

    count = itertools.count(1)

    def tried(ready: Ready, state: LetterState, said: str) -> None:
        if ready.letter.file and state in _GOT:
            _take_out(by.out, [ready.letter], by.ledger)
        by.listen(LetterTried(next(count), len(prepared.ready), ready.draft.unit.name, state, said))

    route, password, context = handing
    connect = partial(Session, route.account, password, context, plain=route.plain)
    sent = Sender(connect, sender.spec, by.ledger, by.spool, route.pace, by.opened).run(prepared.ready, tried)
    if sent.stopped:
        by.listen(Notice(f"{sent.stopped}；后面的信没有发送，请稍后重新运行，已发送的不会重发"))
    missed = []
    notes = {letter.id: letter.note for letter in by.ledger.letters()}
    for one in prepared.ready:
        state = sent.states.get(one.letter.id)
        if state != "sent":
            reason = sent.failures.get(one.letter.id) or notes.get(one.letter.id) or sent.stopped
            missed.append(Withheld(one.draft.unit, f"{STATES[state or 'planned']}：{reason}"))
    return missed
