"""Fetching the units' replies: each new letter's workbooks into the folders of their units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.files.content import tidy, why, write_bytes
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import LetterFetched, Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, form_of, units_of

if TYPE_CHECKING:
    import datetime

    from xlcheck.mail.account import Account
    from xlcheck.mail.fetching.imap import Mailbox
    from xlcheck.mail.fetching.ledger import InboxLedger
    from xlcheck.mail.fetching.opened import Sorting
    from xlcheck.mail.fetching.receive import Desk, HeldLetter, SavedFile
    from xlcheck.model.form import Form
    from xlcheck.roster.units import Unit

IMAP_VARIABLE = "XLCHECK_IMAP_PASSWORD"
"""The environment variable that may hold the password."""
LIST = "隔离清单.csv"
"""The list of what is held back, in the folder."""


class InboxOptions(NamedTuple):
    """Which letters are fetched, and how."""

    url: str
    """``imaps://user@host/folder``, or an address of a well-known provider."""
    out: Path
    """The folder that workbooks are saved in."""
    units: Path | bytes | tuple[Unit, ...]
    """The list of units (CSV or a workbook, or as values) with the addresses that letters must come from."""
    since: datetime.date | None = None
    """Only letters received on this day or later."""
    letter_bytes: int = 30 << 20
    """Letters larger than this are only listed."""
    larger: str = ""
    """What a person can do so that larger ones are fetched, in a clerk's words; or empty."""
    letters: int = 1_000
    """The most that one run fetches."""
    password_file: Path | None = None
    """None for the environment, or else the system's keyring."""
    ask: Callable[[str], str] | None = None
    """Shows a person the text and answers the password that was typed; None where there is nobody to ask."""
    server: str = ""
    """What the office's mail server calls itself in Authentication-Results; empty to not look at them."""
    authorities: Path | None = None
    """Certificates (PEM) to trust instead of the system's."""
    insecure: str = ""
    """The one host whose certificate is not checked."""
    form: str | None = None


class Fetched(NamedTuple):
    """How a run ended; what it fetched is told letter by letter."""

    left: int
    """How many new letters were not fetched yet."""
    trouble: str
    """Why it ended early, or what could not be written, for a clerk; or empty."""


def fetch_letters(
    options: InboxOptions,
    listen: Listener = ignore,
    hand_on: Callable[[SavedFile], object] | None = None,
    hold: Callable[[HeldLetter], object] | None = None,
) -> Fetched:
    """Fetch what is new.

    Args:
        options: from where, and whose letters.
        listen: is told of each letter once it is done with.
        hand_on: is given each workbook before its letter is done with. A :class:`CannotDo` of it ends the run, and the
            letter is fetched by the next one.
        hold: is given each letter that something is held back of, likewise.

    Raises:
        CannotDo: something named cannot be used, or nobody can log in.
    """
    try:
        import xlcheck.mail.fetching.imap  # noqa: F401  # asked for before anything happens
    except ImportError as error:
        said = "收信要用到的程序库没有安装，请运行：pip install 'xlcheck[mail]'"
        raise CannotDo("letters", said) from error

    from xlcheck.mail.fetching.ledger import mailbox_name
    from xlcheck.mail.fetching.opened import opening
    from xlcheck.mail.fetching.receive import QUARANTINE, Desk
    from xlcheck.mail.fetching.sort import addresses
    from xlcheck.roster.stems import file_stems
    from xlcheck.workers.spread import standing_by

    form, listed = form_of(options.form), _listed(options.units, listen)
    account = _account(options)
    # What opens strangers' letters is there before the password is known and the server is spoken to.
    with (
        standing_by(opening(_sorting(account, listed, form, options.server))) as opened,
        _mailbox(account, options, listen) as mailbox,
        _ledger(options.out) as ledger,
    ):
        desk = Desk(options.out, ledger, listed, file_stems(listed), addresses(listed), mailbox_name(account), opened)
        desk = desk._replace(larger=options.larger)
        if hand_on is not None:
            desk = desk._replace(hand_on=hand_on)
        if hold is not None:
            desk = desk._replace(hold=hold)
        tidy([options.out, *(options.out / name for name in (QUARANTINE, *desk.stems))])
        left, trouble = _fetch(mailbox, desk, options, listen)
        return Fetched(left, _write_list(options.out, ledger) or trouble)


def checked_before(results: Path, inbox: Path) -> tuple[str, ...]:
    """The files and folders whose results lie in a folder, but for those in the inbox: whatever comes in belongs to them.

    Of a folder without results, none. What is not there any more is passed over.
    """
    from xlcheck.results.stored import InvalidResults, load_results

    try:
        stored = load_results(results)
    except InvalidResults:
        return ()
    inside = inbox.resolve()
    found: dict[str, None] = {}
    for path in (Path(one.path) for one in stored.records):
        if path.exists() and inside not in path.resolve().parents:
            found[str(path if path.parent == Path() else path.parent)] = None
    return tuple(one for one in found if not any(str(above) in found for above in Path(one).parents))


def _listed(units: Path | bytes | tuple[Unit, ...], listen: Listener) -> tuple[Unit, ...]:
    """The list of units, with the addresses that letters are known by."""
    from xlcheck.mail.fetching.sort import addresses

    listed = units if isinstance(units, tuple) else units_of(units, listen)
    if not addresses(listed):
        named = f"“{units}”" if isinstance(units, Path) else ""
        said = f"单位名单{named}里没有电子邮箱，无法核对发件人；请在“电子邮箱”一列填上各单位的地址"
        raise CannotDo("units", said)
    return listed


def _tell(listen: Listener, text: str) -> None:
    listen(Notice(text))


def _account(options: InboxOptions) -> Account:
    from xlcheck.mail.account import InvalidAccount, parse_account

    try:
        account = parse_account(options.url, "imaps", "imap")
    except InvalidAccount as error:
        raise CannotDo("letters", str(error)) from error
    if not account.user:
        said = "服务器地址里没有用户名，要写成 imaps://用户名@服务器/INBOX，常用的邮箱也可以写 用户名@qq.com 或 邮箱地址@exmail"
        raise CannotDo("letters", said)
    return account


@contextmanager
def _mailbox(account: Account, options: InboxOptions, listen: Listener) -> Iterator[Mailbox]:
    from xlcheck.mail.account import InvalidAccount, password, tls_context
    from xlcheck.mail.fetching.imap import MailTrouble, open_mailbox

    try:
        context = tls_context(account, options.authorities, options.insecure)
        tell = partial(_tell, listen)
        secret = password(account, IMAP_VARIABLE, options.password_file, tell, options.ask)
        with open_mailbox(account, secret, context) as mailbox:
            yield mailbox
    except (InvalidAccount, MailTrouble) as error:
        raise CannotDo("letters", str(error)) from error


@contextmanager
def _ledger(out: Path) -> Iterator[InboxLedger]:
    from xlcheck.mail.fetching.ledger import open_ledger
    from xlcheck.model.errors import LedgerTrouble

    try:
        with open_ledger(out) as ledger:
            yield ledger
    except LedgerTrouble as error:
        raise CannotDo("output", str(error)) from error


def _sorting(account: Account, listed: tuple[Unit, ...], form: Form, server: str) -> Sorting:
    from xlcheck.mail.fetching.opened import Sorting
    from xlcheck.mail.fetching.sort import addresses

    own = account.user if "@" in account.user else f"{account.user}@{account.host}"
    return Sorting(listed, addresses(listed), form, own, server)


def _fetch(mailbox: Mailbox, desk: Desk, options: InboxOptions, listen: Listener) -> tuple[int, str]:
    """Fetch what is new; answers how many letters are left, and what went wrong, if anything did."""
    from xlcheck.mail.fetching.imap import MailTrouble
    from xlcheck.mail.fetching.receive import FetchLimits, new_letters, receive, within

    limits = FetchLimits(options.letter_bytes, options.letters)
    left = 0
    try:
        envelopes = new_letters(mailbox, desk, limits, options.since)
        left = len(envelopes)
        for envelope in within(envelopes, limits):
            listen(LetterFetched(receive(mailbox, desk, envelope, limits)))
            left -= 1
    except (MailTrouble, CannotDo) as error:
        return left, str(error)
    except BrokenPipeError:  # whoever listens has nobody to tell any more
        raise
    except (OSError, UnicodeError) as error:
        return left, f"无法写入文件夹“{desk.folder}”（{why(error)}）；解决后再运行一次，会接着取"
    return left, ""


def _write_list(out: Path, ledger: InboxLedger) -> str:
    """Write the list of what is held back, less what a person has dealt with; answers what went wrong, if anything did."""
    from xlcheck.mail.fetching.report import held_csv

    entries = [entry for entry in ledger.held() if not entry.kept or (out / entry.kept).exists()]
    path = out / LIST
    if not entries and not path.exists():
        return ""
    try:
        # Excel and WPS take a CSV file for UTF-8 only when it begins with a mark.
        write_bytes(path, b"\xef\xbb\xbf" + held_csv(entries).encode("utf-8", "replace"))
    except OSError as error:
        return f"无法写入“{path}”（{why(error)}）；请先关闭它，再运行一次"
    return ""
