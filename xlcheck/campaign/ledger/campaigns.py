"""Campaigns, and what their offices announce."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from xlcheck.campaign.ledger.rows import add_row
from xlcheck.campaign.ledger.schema import CAMPAIGNS, TERMS
from xlcheck.campaign.ledger.values import ActRefused, Campaign, CampaignTerms
from xlcheck.model.text import entered


def enter_campaign(connection: Connection, form: str, year: int, name: str, at: int) -> Campaign:
    """A new campaign.

    Raises:
        ActRefused: there is one of this form, year and name.
    """
    name = entered(name).strip()
    new = {"form": form, "year": year, "name": name, "created": at}
    same = select(CAMPAIGNS.c.id).filter_by(form=form, year=year, name=name)
    if connection.execute(same).first():
        raise ActRefused(f"台账里已经有 {year} 年的“{name}”，请换一个名称")
    return Campaign(add_row(connection, CAMPAIGNS, new), form, year, name, at)


def ledger_campaigns(connection: Connection) -> tuple[Campaign, ...]:
    """All campaigns, the newest year first."""
    wanted = select(CAMPAIGNS).order_by(CAMPAIGNS.c.year.desc(), CAMPAIGNS.c.id.desc())
    return tuple(Campaign(*row) for row in connection.execute(wanted))


def campaign_of(connection: Connection, campaign: int) -> Campaign | None:
    """The campaign with this number."""
    row = connection.execute(select(CAMPAIGNS).filter_by(id=campaign)).first()
    return Campaign(*row) if row else None


def enter_terms(connection: Connection, campaign: int, terms: CampaignTerms) -> CampaignTerms:
    """What the office announces from now on; answers it as it was entered."""
    clean = terms._replace(
        office=entered(terms.office).strip(),
        phone=entered(terms.phone).strip(),
        reply_to=entered(terms.reply_to).strip(),
    )
    deadline = clean.deadline.isoformat() if clean.deadline else ""
    add_row(connection, TERMS, {**clean._asdict(), "deadline": deadline, "campaign": campaign})
    return clean


def terms_of(connection: Connection, campaign: int) -> CampaignTerms:
    """What the office announces now.

    Raises:
        LookupError: it never announced anything.
    """
    return all_terms(connection, campaign)[-1]


def all_terms(connection: Connection, campaign: int) -> tuple[CampaignTerms, ...]:
    """All that the office ever announced, oldest first."""
    columns = [TERMS.c[name] for name in CampaignTerms._fields]
    wanted = select(*columns).where(TERMS.c.campaign == campaign).order_by(TERMS.c.id)
    return tuple(map(_terms, connection.execute(wanted)))


def _terms(row: Row[Any]) -> CampaignTerms:
    deadline = datetime.date.fromisoformat(row.deadline) if row.deadline else None
    return CampaignTerms(**{**row._mapping, "deadline": deadline})
