"""What the office announces (office, telephone, address, deadline), and how letters leave and come."""

from __future__ import annotations

from starlette.responses import Response

from xlcheck.campaign.acts import change_terms
from xlcheck.campaign.ledger.campaigns import all_terms
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.values import CampaignTerms
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.settings import SETTINGS_FILE
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.campaigns import day_of
from xlcheck.web.pages.frame import TERMS_TAB, address_of_campaign, frame
from xlcheck.web.rendering import day_text, see, show
from xlcheck.web.routing import Asked, get, post


class TermsView(NamedTuple):
    """What is announced now, as the fields of a form hold it."""

    office: str
    phone: str
    reply_to: str
    deadline: str


class EarlierTerms(NamedTuple):
    """What was announced at some time."""

    at: str
    text: str
    by: str


def _terms(asked: Asked) -> Response:
    with opened(asked) as one:
        with reading(one.engine) as connection:
            announced = all_terms(connection, one.campaign.id)
        now = announced[-1]
        is_local = asked.site.mode == "local"
        return show(
            asked,
            "terms.html",
            campaign=frame(asked, one, TERMS_TAB),
            terms=TermsView(now.office, now.phone, now.reply_to, now.deadline.isoformat() if now.deadline else ""),
            settings_file=str(one.folder / SETTINGS_FILE) if is_local else "",
            settings=_settings(one),
            earlier=[_earlier(terms) for terms in reversed(announced)],
        )


def _settings(one: OpenCampaign) -> list[tuple[str, str]]:
    settings = one.settings
    return [
        ("发信服务器", settings.send.smtp),
        ("发件人", settings.send.sender),
        ("收信邮箱", settings.fetch.imap),
        ("上年的报送工作", settings.last_year or (str(one.former.folder) if one.former else one.doubt)),
    ]


def _earlier(terms: CampaignTerms) -> EarlierTerms:
    deadline = f"截止 {day_text(terms.deadline)}" if terms.deadline else "没有截止日期"
    parts = (terms.office, terms.phone, terms.reply_to, deadline)
    return EarlierTerms(said_time(terms.at), "，".join(part for part in parts if part), terms.by)


def _change(asked: Asked) -> Response:
    with opened(asked) as one:
        change_terms(
            one,
            asked.visitor.name,
            asked.at,
            office=asked.field("office"),
            phone=asked.field("phone"),
            reply_to=asked.field("reply_to"),
            deadline=day_of(asked.field("deadline")),
        )
    return see(asked, f"{address_of_campaign(asked)}/settings", "已保存")


TERMS_ROUTES = (
    get("/c/{campaign}/settings", _terms, "viewer"),
    post("/c/{campaign}/settings", _change, "clerk", act="修改设置"),
)
