"""What the office announces (office, telephone, address, deadline), and how a campaign is done."""

from __future__ import annotations

import os

from starlette.responses import Response

from xlcheck.campaign.acts import change_terms
from xlcheck.campaign.ledger.campaigns import all_terms
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.values import CampaignTerms
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.settings import TemplateSettings
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.campaigns import every_campaign, opened
from xlcheck.web.pages.accounts import account_views
from xlcheck.web.pages.campaigns import day_of
from xlcheck.web.pages.frame import TERMS_TAB, address_of_campaign, frame
from xlcheck.web.refusal import NotDone
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
        return show(
            asked,
            "terms.html",
            campaign=frame(asked, one, TERMS_TAB),
            terms=TermsView(now.office, now.phone, now.reply_to, now.deadline.isoformat() if now.deadline else ""),
            accounts=account_views(one),
            template=one.settings.template,
            years=_years(asked, one),
            former=_former(one),
            # Else it is another folder's, and what would be taken in here would not be compared with.
            takes_former=one.former is None or one.former.folder == one.folder,
            earlier=[_earlier(terms) for terms in reversed(announced)],
        )


class YearChoice(NamedTuple):
    """A campaign of the year before that this one may be compared with."""

    key: str
    """Empty to look for it."""
    says: str
    chosen: bool


def _years(asked: Asked, one: OpenCampaign) -> list[YearChoice]:
    """What this campaign may be compared with; none where there is nothing to choose."""
    named = (one.folder / one.settings.last_year).resolve() if one.settings.last_year else None
    choices = [
        YearChoice(
            key,
            f"{other.campaign.year} 年度 {other.campaign.name}（{other.folder.name}）",
            other.folder.resolve() == named,
        )
        for key, other in every_campaign(asked)
        if other.campaign.year == one.campaign.year - 1
    ]
    return [YearChoice("", "自动查找", named is None), *choices] if choices else []


def _former(one: OpenCampaign) -> str:
    """What is compared with, as a sentence."""
    if one.former is not None:
        return f"与 {one.former.campaign.year} 年度“{one.former.campaign.name}”比对"
    return one.doubt or f"没有 {one.campaign.year - 1} 年度的报送工作，没有与上年比对"


def _earlier(terms: CampaignTerms) -> EarlierTerms:
    deadline = f"截止 {day_text(terms.deadline)}" if terms.deadline else "没有截止日期"
    parts = (terms.office, terms.phone, terms.reply_to, deadline)
    return EarlierTerms(said_time(terms.at), "，".join(part for part in parts if part), terms.by)


def _change(asked: Asked) -> Response:
    deadline = day_of(asked.field("deadline"))
    with opened(asked) as one:
        change_terms(
            one,
            asked.visitor.name,
            asked.at,
            office=asked.field("office"),
            phone=asked.field("phone"),
            reply_to=asked.field("reply_to"),
            deadline=deadline,
            is_open_ended=deadline is None,
        )
    return see(asked, f"{address_of_campaign(asked)}/settings", "已保存")


def _change_template(asked: Asked) -> Response:
    wanted = TemplateSettings(bool(asked.field("totals")), bool(asked.field("zeros")))
    asked.site.campaigns.change(str(asked.path["campaign"]), lambda known: known._replace(template=wanted))
    return see(asked, f"{address_of_campaign(asked)}/settings", "已保存；以后下发、下载的填报表都照此办理")


def _change_year(asked: Asked) -> Response:
    key = asked.field("year")
    with opened(asked) as one:
        here, year = one.folder, one.campaign.year - 1
    there = ""
    if key:
        other = next((other for name, other in every_campaign(asked) if name == key), None)
        if other is None or other.campaign.year != year:
            raise NotDone(409, f"没有选中 {year} 年度的报送工作，请重新选择")
        there = os.path.relpath(other.folder.resolve(), here.resolve()).replace(os.sep, "/")
    asked.site.campaigns.change(str(asked.path["campaign"]), lambda known: known._replace(last_year=there))
    return see(asked, f"{address_of_campaign(asked)}/settings", "已保存；以后收到的表与它比对")


TERMS_ROUTES = (
    get("/c/{campaign}/settings", _terms, "viewer"),
    post("/c/{campaign}/settings", _change, "clerk", act="修改设置"),
    post("/c/{campaign}/settings/template", _change_template, "clerk", act="修改填报表的预填"),
    post("/c/{campaign}/settings/year", _change_year, "clerk", act="修改上年的报送工作"),
)
