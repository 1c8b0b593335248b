"""What pages ask for of a campaign: the one in the address, all of them, a new one, and the links of its units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xlcheck.campaign.ledger.access import grant_link, links_of, revoke_link
from xlcheck.campaign.ledger.database import reading, writing
from xlcheck.campaign.ledger.units import campaign_unit
from xlcheck.campaign.ledger.values import CampaignUnit, UnitLink
from xlcheck.campaign.opening import (
    NewCampaign,
    OpenCampaign,
)
from xlcheck.model.errors import Error
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.refusal import NotDone

if TYPE_CHECKING:
    from xlcheck.web.routing import Asked


@contextmanager
def opened(asked: Asked) -> Iterator[OpenCampaign]:
    """The campaign whose key stands in the address.

    Raises:
        NotDone: there is none.
    """
    one = asked.site.campaigns.opened(str(asked.path["campaign"]))
    if not _is_for(asked, one):
        raise NotDone(404, "这个令牌不能用于这项报送工作")
    yield one


class EveryCampaign(NamedTuple):
    """All campaigns of a site."""

    opened: tuple[tuple[str, OpenCampaign], ...]
    """With their keys, the newest year first."""
    shut: Mapping[str, str]
    """Of those that cannot be opened by the names of their folders why, in a clerk's words."""


def all_campaigns(asked: Asked) -> EveryCampaign:
    """All campaigns that are for the visitor, and what cannot be opened."""
    found, shut = [], {}
    for key, folder in asked.site.campaigns.folders().items():
        try:
            found.append((key, asked.site.campaigns.opened(key)))
        except Error as error:
            shut[folder.name] = error.message
    mine = [one for one in found if _is_for(asked, one[1])]
    mine.sort(key=lambda one: (-one[1].campaign.year, one[1].campaign.name))
    return EveryCampaign(tuple(mine), shut)


def every_campaign(asked: Asked) -> tuple[tuple[str, OpenCampaign], ...]:
    """All campaigns with their keys, the newest year first; of those that cannot be opened, none."""
    return all_campaigns(asked).opened


def _is_for(asked: Asked, one: OpenCampaign) -> bool:
    return asked.visitor.campaign in (None, one.campaign.id)


def make_campaign(asked: Asked, new: NewCampaign) -> str:
    """A new campaign; its key.

    Raises:
        NoCampaign: there is one of this year and name already, or its folder cannot be made.
    """
    return asked.site.campaigns.make(new, asked.visitor.name, asked.at)


@contextmanager
def opened_for_unit(asked: Asked) -> Iterator[tuple[OpenCampaign, CampaignUnit]]:
    """The campaign of the link in the address, and the unit whose link it is.

    Raises:
        NotDone: the unit is withdrawn, or its campaign is gone.
    """
    for _, one in every_campaign(asked):
        with reading(one.engine) as connection:
            unit = campaign_unit(connection, asked.visitor.unit or 0, one.campaign.id)
        if unit is not None and not unit.withdrawn:
            yield one, unit
            return
    raise NotDone(404, "这个链接的报送工作已经结束；有疑问请与发给你链接的单位联系")


# --- links -----------------------------------------------------------------------------------------------------------


def make_link(asked: Asked, one: OpenCampaign, unit: int) -> str:
    """A new link for a unit, whole, which nobody can read again; those that it had before let nobody in any more."""
    revoke_links(asked, one, unit)
    return add_link(asked, one, unit)


def add_link(asked: Asked, one: OpenCampaign, unit: int) -> str:
    """A link for a unit besides those that it has: a letter with one may be written twice, and either copy may arrive."""
    with writing(one.engine) as connection:
        _, secret = grant_link(connection, unit, asked.at, asked.visitor.name)
    return f"{asked.site.address}/u/{secret}"


def revoke_links(asked: Asked, one: OpenCampaign, unit: int) -> int:
    """Let nobody in by the links of a unit any more; how many there were."""
    with writing(one.engine) as connection:
        return sum(revoke_link(connection, link.id, asked.at) for link in links_of(connection, unit))


def link_state(asked: Asked, one: OpenCampaign, unit: int) -> dict[str, object]:
    """Whether a unit has a link that lets it in, and a sentence about it."""
    with reading(one.engine) as connection:
        links = links_of(connection, unit)
    good = [link for link in links if link.revoked is None and link.expires > asked.at]
    return {"has_link": bool(good), "link_says": _says(links, good)}


def _says(links: tuple[UnitLink, ...], good: list[UnitLink]) -> str:
    if good:
        return f"{said_time(good[-1].created)} 由 {good[-1].by} 发给，{said_time(good[-1].expires)} 前有效"
    if not links:
        return "还没有链接"
    return "链接已经收回" if links[-1].revoked is not None else "链接已经过期"
