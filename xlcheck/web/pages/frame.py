"""What stands around every page of a campaign: its name, and tabs that count what waits for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlcheck.campaign.ledger.arrivals import how_many_unowned
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.units import campaign_unit
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.campaign.ledger.waiting import how_many_wait
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.refusal import NotDone
from xlcheck.web.routing import Asked

if TYPE_CHECKING:
    from xlcheck.campaign.opening import OpenCampaign

BOARD_TAB, ARRIVALS_TAB, EXPLANATIONS_TAB, LETTERS_TAB, OUTCOME_TAB, UNITS_TAB, TERMS_TAB = (
    "报送台账", "收件记录", "待答复的说明", "信函", "汇总与通报", "单位名单", "设置",
)  # fmt: skip
"""The tabs."""

_BELOW = {
    BOARD_TAB: "", ARRIVALS_TAB: "/arrivals", EXPLANATIONS_TAB: "/explanations", LETTERS_TAB: "/letters", OUTCOME_TAB: "/outcome",
    UNITS_TAB: "/units", TERMS_TAB: "/settings",
}  # fmt: skip


class Tab(NamedTuple):
    """One of the pages of a campaign."""

    name: str
    href: str
    waiting: int
    """How many things wait there."""
    here: bool


class CampaignFrame(NamedTuple):
    """A campaign, as every page of it names it."""

    name: str
    href: str
    tabs: tuple[Tab, ...]


def address_of_campaign(asked: Asked) -> str:
    """Where the pages of the campaign that is asked for are."""
    return f"/c/{asked.path['campaign']}"


def frame(asked: Asked, opened: OpenCampaign, here: str) -> CampaignFrame:
    """What stands around a page.

    Args:
        asked: what was asked.
        opened: the campaign.
        here: the name of the tab.
    """
    href = address_of_campaign(asked)
    campaign = opened.campaign
    with reading(opened.engine) as connection:
        counts = {
            ARRIVALS_TAB: how_many_unowned(connection, campaign.id),
            EXPLANATIONS_TAB: how_many_wait(connection, campaign.id),
        }
    tabs = tuple(Tab(name, href + below, counts.get(name, 0), name == here) for name, below in _BELOW.items())
    office = opened.terms.office
    return CampaignFrame(f"{campaign.year} 年度 {campaign.name}{f'　{office}' if office else ''}", href, tabs)


def unit_asked(asked: Asked, one: OpenCampaign) -> CampaignUnit:
    """The unit that an address names.

    Raises:
        NotDone: the campaign has none with that number.
    """
    wanted = int(str(asked.path["unit"]))
    with reading(one.engine) as connection:
        found = campaign_unit(connection, wanted, one.campaign.id)
    if found is None:
        raise NotDone(404, "没有这个单位")
    return found


def number_in(text: str) -> int:
    """A number that a form of ours sends back.

    Raises:
        NotDone: it is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise NotDone(400)
    return int(text)
