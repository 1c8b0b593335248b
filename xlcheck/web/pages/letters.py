"""Letters of a campaign: looked at before they go, chosen, sent or written as files, or copied into web mail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from starlette.responses import Response

from xlcheck.campaign.accounts import PasswordMissing, secret_of
from xlcheck.campaign.addressing import LetterTopic, LetterWish
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.facts import unit_standings
from xlcheck.campaign.ledger.standings import UnitStanding
from xlcheck.campaign.sending import (
    LETTERS_FOLDER,
    PlannedLetters,
    PostOptions,
    ShownLetter,
    plan_campaign_letters,
    post_of,
    send_campaign_letters,
)
from xlcheck.mail.sending.prepare import UNCERTAIN
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Event, Listener, Notice
from xlcheck.tasks.given import CannotDo
from xlcheck.web.campaigns import add_link, opened
from xlcheck.web.pages.board import page_number
from xlcheck.web.pages.frame import LETTERS_TAB, address_of_campaign, frame, number_in
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from xlcheck.campaign.opening import OpenCampaign

_TOPICS: Mapping[LetterTopic, tuple[str, str]] = {
    "templates": (
        "下发填报表",
        "给还没有报送的单位，附上填好单位、年度和上年结转的填报表；一个单位只发一次，要再发请选下一轮。",
    ),
    "results": ("发回审核结果", "给报送过的单位，告诉最近一次的审核结果，附上审核副本；告诉过的不再发。"),
    "reminders": ("催报", "给还没有报送的单位；一轮只发一次，再催请选下一轮。"),
}
_ROUNDS = 9
_PAGE = 50
"""Units whose letters are written to be looked at; each takes some time."""


class TopicChip(NamedTuple):
    """A kind of letters."""

    href: str
    says: str
    chosen: bool


class LetterView(NamedTuple):
    """A letter as it would leave."""

    unit_id: int
    unit: str
    to: str
    cc: str
    subject: str
    text: str
    attachment: str
    attachment_href: str
    again: bool
    """Whether it may have arrived before already."""


class NoLetter(NamedTuple):
    """A unit that gets none."""

    unit: str
    why: str


def _letters(asked: Asked) -> Response:
    base = address_of_campaign(asked)
    topic, page = _topic(asked.query.get("kind", "results")), page_number(asked.query)
    number = _round(asked.query.get("round", ""))
    remarks: list[str] = []
    with opened(asked) as one:
        with reading(one.engine) as connection:
            standings = unit_standings(connection, one.campaign.id, asked.at)
        concerned = [standing for standing in standings if bool(standing.number) == (topic == "results")]
        if only := asked.query.get("unit", ""):
            concerned = [standing for standing in standings if standing.unit.id == number_in(only)]
        shown = concerned[(page - 1) * _PAGE : page * _PAGE]
        posting = _posting(asked, one, remarks)._replace(resend=bool(asked.query.get("resend", "")))
        wish = LetterWish(topic, round=number, units=[standing.unit.id for standing in shown])
        planned = plan_campaign_letters(one, wish, posting, _into(remarks))
        here = f"{base}/letters?kind={topic}&round={number or ''}&resend={asked.query.get('resend', '') and '1'}&page="
        return show(
            asked,
            "letters.html",
            campaign=frame(asked, one, LETTERS_TAB),
            kinds=[TopicChip(f"{base}/letters?kind={each}", says[0], each == topic) for each, says in _TOPICS.items()],
            topic=topic,
            about=_TOPICS[topic][1],
            rounds=range(1, _ROUNDS + 1) if topic != "results" else (),
            round=number,
            resend=posting.resend,
            letters=_views(planned, shown, base),
            none=_without(planned),
            in_doubt=any(UNCERTAIN in one.reason for one in planned.planned.withheld),
            remarks=remarks,
            account=posting.sender.spec if posting.route and posting.sender else "",
            outbox=str(one.folder / LETTERS_FOLDER) if asked.site.mode == "local" else LETTERS_FOLDER,
            concerned=len(concerned),
            before=f"{here}{page - 1}" if page > 1 else "",
            after=f"{here}{page + 1}" if page * _PAGE < len(concerned) else "",
        )


def _posting(asked: Asked, one: OpenCampaign, remarks: list[str]) -> PostOptions:
    """How letters leave; what is wrong with that is told, and does not keep anybody from looking at them."""
    try:
        return _with_links(asked, one, post_of(one))
    except CannotDo as error:
        remarks.append(f"发信邮箱不能用：{error.message}")
        return _with_links(asked, one, PostOptions())


def _with_links(asked: Asked, one: OpenCampaign, posting: PostOptions) -> PostOptions:
    """On a public server templates and reminders bring each unit the link to its page."""
    if asked.site.mode == "local":
        return posting
    return posting._replace(link=lambda unit: add_link(asked, one, unit.id))


def _topic(text: str) -> LetterTopic:
    for topic in _TOPICS:
        if topic == text:
            return topic
    raise NotDone(404)


def _round(text: str) -> int | None:
    """Which reminder is asked for; None for the one that is under way."""
    return int(text) if text in {str(number) for number in range(1, _ROUNDS + 1)} else None


def _into(said: list[str]) -> Listener:
    def listen(event: Event) -> None:
        if isinstance(event, Notice):
            said.append(event.text)

    return listen


def _views(planned: PlannedLetters, standings: Iterable[UnitStanding], base: str) -> list[LetterView]:
    known = {standing.unit.unit: standing for standing in standings}
    return [_view(letter, known[letter.unit], base) for letter in planned.letters]


def _view(letter: ShownLetter, standing: UnitStanding, base: str) -> LetterView:
    number = standing.unit.id
    if not letter.attachment:
        href = ""
    elif letter.kind == "template":
        href = f"{base}/unit/{number}/template"
    else:
        href = f"{base}/arrival/{standing.arrival}/copy"
    return LetterView(
        number,
        letter.unit.name,
        "、".join(letter.to),
        "、".join(letter.cc),
        letter.words.subject,
        letter.words.text,
        letter.attachment,
        href,
        letter.is_again,
    )


def _without(planned: PlannedLetters) -> list[NoLetter]:
    """Who gets none: what a person must look at comes first."""
    told = planned.planned
    withheld = [NoLetter(one.unit.name if one.unit else one.path, one.reason) for one in told.withheld]
    before = [NoLetter(one.name, "已经发过") for one in told.prepared.done]
    return [*withheld, *before, *(NoLetter(one.unit.name, one.reason) for one in told.plan.unasked)]


def _send(asked: Asked) -> Response:
    """Send the letters that were chosen, while a page shows how far it is."""
    topic, by, resend = _topic(asked.field("kind")), asked.visitor.name, bool(asked.field("resend"))
    with opened(asked) as one:
        try:
            secret_of(one, "send")
        except PasswordMissing as missing:  # told before anything begins
            raise NotDone(409, f"{missing.message}，请在“设置”的“收发邮箱”里填写") from missing
    chosen: Collection[int] | None = None
    if not asked.field("all"):
        chosen = {number_in(text) for text in asked.fields("unit")}
        if not chosen:
            raise NotDone(409, "没有选中信函，请返回上一页勾选")
    wish = LetterWish(topic, round=_round(asked.field("round")), units=chosen)
    after = f"{address_of_campaign(asked)}/letters?kind={topic}"

    def work(listen: Listener) -> str:
        with opened(asked) as one:
            posting = _with_links(asked, one, post_of(one, resend=resend))
            mailed = send_campaign_letters(one, wish, posting, by, listen)
        for withheld in mailed.withheld:
            listen(Notice(f"{withheld.unit.name if withheld.unit else withheld.path}：{withheld.reason}"))
        done = "发出" if posting.route else "写成文件"
        listen(Notice(f"{done} {mailed.went} 封信函" + (f"，{len(mailed.withheld)} 封没有" if mailed.withheld else "")))
        return after

    undertaking = asked.live.undertakings.start(_TOPICS[topic][0], asked.visitor, work)
    return see(asked, f"/progress/{undertaking.key}")


LETTER_ROUTES = (
    get("/c/{campaign}/letters", _letters, "viewer"),
    post("/c/{campaign}/letters", _send, "clerk", act="发信函"),
)
