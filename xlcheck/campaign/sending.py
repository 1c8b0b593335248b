"""Letters of a campaign leave: templates, results, reminders; over a server or as files, killed anywhere and nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from xlcheck.campaign.addressing import DecidedLetters, LetterWish, decide_campaign_letters
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.letters import CampaignLetterLedger, letters_to, sending_alone
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.campaign.opening import OpenCampaign, office_of
from xlcheck.campaign.templates import unit_template
from xlcheck.files.content import tidy
from xlcheck.files.paths import make_folder
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Forms
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.leaving import Leaving, Mailed, Route, handing_for, leave, letters_in_words, opening_attachments
from xlcheck.tasks.mail import Planned
from xlcheck.tasks.routes import gap_of, logged_in_as, route_of, sender_of

if TYPE_CHECKING:
    from xlcheck.mail.address import Address
    from xlcheck.mail.sending.attachment import Offered
    from xlcheck.mail.sending.entries import LetterEntry, LetterLedger
    from xlcheck.mail.sending.letter import Words
    from xlcheck.mail.sending.plan import Draft, LetterKind
    from xlcheck.mail.sending.prepare import Mailing, Prepared, Ready, Spool
    from xlcheck.roster.units import Unit

LETTERS_FOLDER = "信件"
"""Where letters are written that a mail program is to send, and what did not leave is listed; in the campaign's folder."""

TEMPLATES_FOLDER = "信件模板"
"""Where the office's own words lie, in the campaign's folder; ours are used where there are none."""

_LARGEST = 20 << 20
"""Bytes of a whole letter."""
_LINK_TO_COME = "（发送时写上本单位的链接）"
"""What stands in a letter that is only looked at: its link is made when it leaves."""
_PAUSE = 30.0
"""Seconds before the second try after a temporary refusal."""


class ShownLetter(NamedTuple):
    """A letter as it would leave."""

    unit: Unit
    kind: LetterKind
    to: tuple[str, ...]
    cc: tuple[str, ...]
    words: Words
    attachment: str
    """Its file name, or empty."""
    is_again: bool
    """Whether it may have arrived before already."""


class PlannedLetters(NamedTuple):
    """What would leave, and what would not."""

    letters: tuple[ShownLetter, ...]
    planned: Planned
    """The same as it is listed, with what was sent before and what would not leave."""


class PostOptions(NamedTuple):
    """How a campaign's letters leave, where that differs from its settings."""

    route: Route | None = None
    sender: Address | None = None
    """None where letters are only written."""
    resend: bool = False
    """Whether letters go out again of which it is not certain that they arrived."""
    link: Callable[[CampaignUnit], str] | None = None
    """Makes a link by which a unit can hand in on a page; its letters have one until it handed in. None for none.

    A letter that is written once more has another link than before, and what the first one said must stay good.
    """


def post_of(opened: OpenCampaign, ask: Callable[[str], str] | None = None, *, resend: bool = False) -> PostOptions:
    """How letters leave, as the settings say: without a server they are written as files.

    Args:
        opened: the campaign.
        ask: shows a person the text and answers the password that was typed; None where there is nobody to ask.
        resend: whether letters go out again of which it is not certain that they arrived.

    Raises:
        CannotDo: the settings name what cannot be used.
    """
    from xlcheck.mail.sending.send import Pace

    said = opened.settings.send
    pace = Pace(gap_of(said.rate, "campaign.toml 的 rate"), _PAUSE)
    file = opened.folder / said.password_file if said.password_file else None
    route = route_of(said.smtp, file, pace, ask)
    sender = sender_of(said.sender, route.account if route else None, "campaign.toml 的 sender")
    if route and sender:
        route = logged_in_as(route, sender, said.smtp)
    if sender and not sender.name:
        sender = sender._replace(name=opened.terms.office)
    return PostOptions(route, sender, resend)


def letters_on_campaign(opened: OpenCampaign) -> tuple[LetterEntry, ...]:
    """All letters of a campaign, in the order in which they were entered.

    Raises:
        LedgerTrouble: the ledger cannot be read.
    """
    return CampaignLetterLedger(opened.engine, opened.campaign.id, "", _now, rehearse=True).letters()


def letters_of_unit(opened: OpenCampaign, unit: CampaignUnit) -> tuple[LetterEntry, ...]:
    """All letters to a unit, first to last.

    Raises:
        LedgerTrouble: the ledger cannot be read.
    """
    with reading(opened.engine) as connection:
        return letters_to(connection, unit.id)


def plan_campaign_letters(
    opened: OpenCampaign, wish: LetterWish, post: PostOptions, listen: Listener = ignore
) -> PlannedLetters:
    """Write and check all letters, and throw them away again; the ledger stays as it is.

    Raises:
        CannotDo: something cannot be used.
    """
    from xlcheck.mail.sending.mime import words_of
    from xlcheck.mail.sending.prepare import Spool

    if post.link is not None:
        post = post._replace(link=lambda _: _LINK_TO_COME)
    with letters_in_words(opened.folder):
        ledger = CampaignLetterLedger(opened.engine, opened.campaign.id, "", _now, rehearse=True)
        spool = Spool()
        try:
            decided, prepared = _prepared(opened, wish, post, ledger, spool, listen)
            shown = tuple(_shown(one, words_of(spool.read(one))) for one in prepared.ready)
        finally:
            spool.close()
    return PlannedLetters(shown, Planned(decided.units, decided.plan, prepared))


def send_campaign_letters(
    opened: OpenCampaign, wish: LetterWish, post: PostOptions, by: str, listen: Listener = ignore
) -> Mailed:
    """Send the letters, or write them as files; nothing leaves twice.

    Args:
        opened: the campaign.
        wish: which letters.
        post: how.
        by: who sends.
        listen: is told of each letter.

    Raises:
        CannotDo: something cannot be used, or nothing could be sent at all.
    """
    from xlcheck.mail.sending.outbox import OUTBOX
    from xlcheck.mail.sending.prepare import Spool

    out = opened.folder / LETTERS_FOLDER
    # What opens attachments once more is there before the password is known.
    with letters_in_words(out), opening_attachments(opened.form, post.route) as reopened:
        handing = handing_for(post.route, listen, ask=True)
        with sending_alone(opened.engine, opened.campaign.id):
            ledger = CampaignLetterLedger(opened.engine, opened.campaign.id, by, _now)
            if left := ledger.interrupted():
                listen(Notice(f"上次运行中断时有 {left} 封信正在发送，不能确定对方是否收到"))
            make_folder(out)
            tidy([out, out / OUTBOX])
            spool = Spool()
            try:
                decided, prepared = _prepared(opened, wish, post, ledger, spool, listen)
                leaving = Leaving(out, post.sender, handing, ledger, spool, reopened, listen)
                return leave(prepared, decided.plan.withheld, leaving)
            finally:
                spool.close()


def _now() -> int:
    return int(time.time())


def _prepared(
    opened: OpenCampaign, wish: LetterWish, post: PostOptions, ledger: LetterLedger, spool: Spool, listen: Listener
) -> tuple[DecidedLetters, Prepared]:
    from xlcheck.mail.sending.prepare import prepare

    now = _now()
    with reading(opened.engine) as connection:
        decided = decide_campaign_letters(connection, opened.campaign.id, wish, now)
    job = _mailing(opened, wish, post, decided, ledger, now, listen)
    prepared = prepare(decided.plan.drafts, decided.concerned, job, ledger, spool)
    for remark in (*decided.plan.remarks, *prepared.remarks):
        listen(Notice(remark))
    return decided, prepared


def _mailing(
    opened: OpenCampaign,
    wish: LetterWish,
    post: PostOptions,
    decided: DecidedLetters,
    ledger: LetterLedger,
    now: int,
    listen: Listener,
) -> Mailing:
    from xlcheck.mail.address import InvalidAddress, several
    from xlcheck.mail.sending.entries import round_of
    from xlcheck.mail.sending.letter import templates
    from xlcheck.mail.sending.plan import Wanted
    from xlcheck.mail.sending.prepare import Mailing

    office = office_of(opened.terms)
    try:
        answers = several(office.reply_to)
    except InvalidAddress:  # another place than a mailbox
        answers = ()
    under_way = [round_of(one.content) for one in ledger.letters() if one.kind in decided.kinds]
    own = opened.folder / TEMPLATES_FOLDER
    return Mailing(
        attached=_attachments(opened, decided, listen),
        wanted=Wanted(round=wish.round or max(under_way, default=0) or 1),
        office=office,
        sender=post.sender,
        reply_to=answers,
        templates=templates(own if own.is_dir() else None),
        forms=Forms(opened.form),
        year=opened.campaign.year,
        largest=_LARGEST,
        now=now,
        draft=post.route is None,
        resend=post.resend,
        link=_links(opened, post),
        kinds=decided.kinds,
    )


def _links(opened: OpenCampaign, post: PostOptions) -> Callable[[Draft], str]:
    make, units = post.link, _by_unit(opened)
    return lambda draft: make(units[draft.unit]) if make and draft.record is None else ""


def _by_unit(opened: OpenCampaign) -> Mapping[Unit, CampaignUnit]:
    with reading(opened.engine) as connection:
        return {one.unit: one for one in campaign_units(connection, opened.campaign.id)}


def _attachments(opened: OpenCampaign, decided: DecidedLetters, listen: Listener) -> Callable[[Draft], Offered | None]:
    from xlcheck.mail.sending.attachment import Offered

    units = _by_unit(opened)

    def attached(draft: Draft) -> Offered | None:
        if draft.kind == "template":
            made = unit_template(opened, units[draft.unit], listen)
            return Offered(made.name, made.data, opened.campaign.year)
        copy = decided.copies.get(draft.unit)
        if copy is None:
            return None
        with reading(opened.engine) as connection:
            return Offered(copy.name, content_of(connection, copy.digest), copy.year, copy.original)

    return attached


def _shown(ready: Ready, words: Words) -> ShownLetter:
    draft, entry = ready.draft, ready.letter
    to, cc = (tuple(address.spec for address in addresses) for addresses in (draft.to, draft.cc))
    return ShownLetter(draft.unit, draft.kind, to, cc, words, entry.attachment, entry.state == "uncertain")
