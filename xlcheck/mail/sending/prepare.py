"""Every letter is written and checked before the first one leaves."""

from __future__ import annotations

import datetime
import hashlib
import tempfile
import time
from collections import deque
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from typing import IO

from xlcheck.mail.address import Address
from xlcheck.mail.sending import letter, mime
from xlcheck.mail.sending.attachment import Enclosure, Offered, Unfit
from xlcheck.mail.sending.entries import LetterEntry, LetterLedger, of_round
from xlcheck.mail.sending.plan import ENCLOSING, KINDS, Draft, LetterKind, Wanted, Withheld
from xlcheck.mail.sending.steps import Enclosing, Terms, Writing, WrittenLetter, take_steps
from xlcheck.model.office import Office
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.roster.units import Unit
from xlcheck.workers.spread import Crew, crew_for

LINK_KEPT = "（本单位的报送链接，不留存）"
"""What stands in the text that a record keeps where the letter has its link: who reads a link may hand in."""
UNCERTAIN = "不能确定对方是否收到"
"""What is said of a letter that goes out again only where somebody says so."""


class Mailing(NamedTuple):
    """What all letters of a run share."""

    attached: Callable[[Draft], Offered | None]
    """What goes with a letter, or nothing; raises Unfit. Called in this process, before the next letter is thought of."""
    wanted: Wanted
    office: Office
    sender: Address | None
    reply_to: tuple[Address, ...]
    templates: letter.Templates
    forms: Forms
    """Which form attachments are read as."""
    year: int | None
    """What reminders and templates are about."""
    largest: int
    """Bytes of a whole message."""
    now: int
    """Seconds since 1970."""
    draft: bool
    """Whether letters are written for a mail program instead of being sent."""
    resend: bool = False
    """Whether uncertain ones go out again."""
    link: Callable[[Draft], str] = lambda _: ""
    """Where the unit of a letter can hand in on a page, or empty; asked only for letters that are written, for each anew."""
    kinds: Collection[LetterKind] = tuple(KINDS)
    """What the run is about: letters of other kinds that never left stay as they are."""


class Ready(NamedTuple):
    """A letter that may leave."""

    letter: LetterEntry
    draft: Draft
    content: str
    """What its attachment holds; empty where there is none."""
    left: tuple[Address, ...]
    """Who has not got it yet."""
    start: int
    """Where it stands in the spool."""
    size: int
    digest: bytes
    """SHA-256 of the message."""
    read: float
    """Before its attachment was opened and its cover read (time.monotonic)."""
    text: str
    """What it says, without its link."""


class Prepared(NamedTuple):
    """What all drafts came to, each in the order of the list."""

    ready: tuple[Ready, ...]
    done: tuple[LetterEntry, ...]
    """Sent before."""
    withheld: tuple[Withheld, ...]
    stale: tuple[LetterEntry, ...]
    """Letters of earlier runs to the same units that never left and are not meant any more."""
    remarks: tuple[str, ...]


class Spool:
    """The written messages, in a file without a name: a run that is killed leaves none of them behind."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        self._end = 0

    def add(self, message: bytes) -> tuple[int, int]:
        """Keep a message; answers where, and how long it is."""
        start = self._end
        self._file.seek(start)
        self._file.write(message)
        self._end += len(message)
        return start, len(message)

    def read(self, ready: Ready) -> bytes:
        """The message as it was written."""
        self._file.seek(ready.start)
        return self._file.read(ready.size)

    def close(self) -> None:
        """Forget all of them."""
        self._file.close()


def prepare(
    drafts: Sequence[Draft], units: Iterable[Unit], job: Mailing, ledger: LetterLedger, spool: Spool
) -> Prepared:
    """Write and check every letter, and enter it into the record.

    Raises:
        letter.InvalidTemplate: a template cannot be used; then nothing leaves.
    """
    ready: list[Ready] = []
    done: list[LetterEntry] = []
    withheld: list[Withheld] = []
    remarks: list[str] = []
    with crew_for(len(drafts)) as crew:
        for made in _prepared(drafts, job, ledger, spool, crew):
            (ready if isinstance(made, Ready) else done if isinstance(made, LetterEntry) else withheld).append(made)  # type: ignore[arg-type]
            if isinstance(made, Ready):
                remarks += _told_before(made, ledger)
    ledger.change([one.letter for one in ready], [one.text for one in ready])
    stale = _stale({one.letter.id for one in ready}, {draft.unit for draft in drafts}, units, ledger)
    meant = tuple(one for one in stale if one.kind in job.kinds)
    return Prepared(tuple(ready), tuple(done), tuple(withheld), meant, tuple(remarks))


def _stale(
    meant: Container[int], drafted: Container[Unit], units: Iterable[Unit], ledger: LetterLedger
) -> list[LetterEntry]:
    """What was to be sent to these units and is not any more; a refusal stays on record until a letter replaces it."""
    found = []
    for unit in units:
        for old in ledger.of(unit):
            never_left = old.state in ("planned", "written") or (old.state == "refused" and unit in drafted)
            if never_left and old.id not in meant:
                found.append(old)
    return found


class _Entered(NamedTuple):
    """A letter of which the record knows, and that is being written."""

    entry: LetterEntry
    left: tuple[Address, ...]
    writing: Writing
    kept: letter.Words
    """Its words without its link."""
    read: float


def _prepared(
    drafts: Sequence[Draft], job: Mailing, ledger: LetterLedger, spool: Spool, crew: Crew | None
) -> Iterator[Ready | LetterEntry | Withheld]:
    """What each draft comes to. The record and the spool are used here only; a crew reads, writes and proves."""
    take = take_steps(crew, Terms(job.forms, job.largest))
    begun: deque[float] = deque()
    entered: deque[_Entered | LetterEntry | Withheld] = deque()

    def begin() -> Iterator[Enclosing | str | None]:
        for draft in drafts:
            begun.append(time.monotonic())
            yield None if _is_sent(draft, job, ledger) else _enclosing(draft, job)

    def enter() -> Iterator[Writing | None]:
        for draft, enclosed in zip(drafts, take(begin()), strict=True):
            one = _enter(draft, enclosed, begun.popleft(), job, ledger)
            entered.append(one)
            yield one.writing if isinstance(one, _Entered) else None

    for written in take(enter()):
        one = entered.popleft()
        yield _finished(one, written, spool) if isinstance(one, _Entered) else one


def _is_sent(draft: Draft, job: Mailing, ledger: LetterLedger) -> bool:
    """Whether a letter is sent that is not known by what goes with it; then nothing needs to be drawn for it."""
    if draft.record is not None:
        return False
    wanted = (draft.kind, of_round(job.wanted.round), "sent")
    return any((it.kind, it.content, it.state) == wanted for it in ledger.of(draft.unit))


def _enclosing(draft: Draft, job: Mailing) -> Enclosing | str | None:
    try:
        offered = job.attached(draft)
    except Unfit as unfit:
        return str(unfit)
    return Enclosing(draft.named, offered) if offered else None


def _enter(
    draft: Draft, enclosed: Enclosure | str | None, read: float, job: Mailing, ledger: LetterLedger
) -> _Entered | LetterEntry | Withheld:
    if isinstance(enclosed, str):
        return Withheld(draft.unit, enclosed)
    domain = job.sender.domain if job.sender else "xlcheck.invalid"
    entry = ledger.enter(draft.unit, draft.kind, _identity(draft, enclosed, job.wanted), domain, job.now)
    got = {address for address, reply in ledger.deliveries(entry).items() if reply.fate == "accepted"}
    left = tuple(address for address in draft.recipients if address.spec not in got)
    if entry.state == "sent" or (entry.state == "partly" and not left):
        return entry
    if reason := _waits(entry, job):
        return Withheld(draft.unit, reason)
    if entry.state in ("planned", "written", "refused") and not job.draft:
        entry = entry._replace(date=job.now)  # it never left, so it is today's
    link = job.link(draft)
    words = _words(draft, job, entry, enclosed, link)
    # Written once more instead of replaced: whatever a template makes of a link, nothing of it is kept.
    kept = _words(draft, job, entry, enclosed, LINK_KEPT) if link else words
    headers = mime.Headers(job.sender, *_named(draft), job.reply_to, entry.message_id, entry.date, job.draft)
    return _Entered(entry, left, Writing(draft, headers, words, enclosed), kept, read)


def _finished(one: _Entered, written: WrittenLetter | str, spool: Spool) -> Ready | Withheld:
    """The letter in the spool, once it was taken apart again and is the unit's own."""
    draft, _, _, attachment = one.writing
    if isinstance(written, str):
        return Withheld(draft.unit, written)
    recipients = "; ".join(address.spec for address in draft.recipients)
    name, content = (attachment.name, attachment.content) if attachment else ("", "")
    subject, text = one.kept.subject, one.kept.text
    digest = hashlib.sha256(text.encode()).hexdigest()
    entry = one.entry._replace(subject=subject, recipients=recipients, attachment=name, text_digest=digest)
    return Ready(entry, draft, content, one.left, *spool.add(written.message), written.digest, one.read, text)


def _waits(entry: LetterEntry, job: Mailing) -> str:
    """Why a letter of which something may have arrived does not go out once more; empty if it may."""
    if entry.state == "uncertain" and not job.resend:
        return _uncertain(entry)
    if entry.state == "partly" and job.draft:
        return f"部分收件人已经收到，其余的请改正邮箱后经服务器再发：{entry.note}"
    return ""


def _identity(draft: Draft, enclosed: Enclosure | None, wanted: Wanted) -> str:
    """What tells letters of a kind apart: the copy that goes with them, or the result they tell; of the others, which one it is.

    A template is no mark of its letter: one that another version draws a little differently is no reason to write again.
    """
    if draft.record is None:
        return of_round(wanted.round)
    told = draft.record.digest or hashlib.sha256(ascii(draft.record).encode()).hexdigest()
    known = enclosed.content if enclosed else f"{draft.verdict} {told}"
    if not draft.remarks:
        return known
    return f"{known} {hashlib.sha256(ascii(draft.remarks).encode()).hexdigest()}"


def _words(draft: Draft, job: Mailing, entry: LetterEntry, attachment: Enclosure | None, link: str) -> letter.Words:
    day = datetime.datetime.fromtimestamp(entry.date).date()
    name = attachment.name if attachment else ""
    context = letter.context(draft, job.office, job.wanted.notice, name, job.year, day, job.wanted.round, link)
    return letter.write_words(job.templates, draft, context)


def _named(draft: Draft) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """The recipients with their names: the unit's, and the contact's where there is one address."""
    unit = draft.unit
    name = f"{unit.name} {unit.contact}" if unit.contact and len(draft.to) == 1 else unit.name
    return tuple(address._replace(name=name) for address in draft.to), draft.cc


def _uncertain(entry: LetterEntry) -> str:
    return f"{KINDS[entry.kind]}信发送时中断，{UNCERTAIN}；请先核实，没有收到的再发一次"


def _told_before(ready: Ready, ledger: LetterLedger) -> list[str]:
    """What the unit got before of the same result in another way, or of an .eml that may have been sent by hand."""
    draft, said = ready.draft, []
    if draft.kind in ("notice", *ENCLOSING):
        others: list[LetterKind] = [*ENCLOSING] if draft.kind == "notice" else ["notice"]
        arrived = {it.kind for it in ledger.of(draft.unit) if it.state in ("sent", "partly", "uncertain")}
        said += [
            f"“{draft.unit.name}”以前收到过{KINDS[other]}信，这次发{KINDS[draft.kind]}信，请确认不是重复告知"
            for other in others
            if other in arrived
        ]
    return said
