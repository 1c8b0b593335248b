"""Last year's submissions that lie in a folder, put into the ledger as last year's campaign, so that they are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from xlcheck.campaign.adding import AddedFile, add_files
from xlcheck.campaign.ledger.campaigns import enter_campaign, enter_terms, ledger_campaigns
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.units import campaign_units, enter_units
from xlcheck.campaign.ledger.values import Campaign
from xlcheck.campaign.opening import OpenCampaign, campaign_in
from xlcheck.tasks.events import Listener, ignore


def keep_last_year(
    opened: OpenCampaign,
    paths: Sequence[str],
    by: str,
    at: int,
    *,
    listen: Listener = ignore,
    workers: int | None = None,
) -> Iterator[AddedFile]:
    """Take files of last year into last year's campaign of the same ledger, which is made where it is not there.

    Run again, it goes on where it stopped. The units are this year's; what was renamed since is found by its code.

    Args:
        opened: this year's campaign.
        paths: files and folders.
        by: who takes them in.
        at: when.
        listen: as of :func:`xlcheck.campaign.adding.add_files`.
        workers: as there.

    Raises:
        CannotDo, LedgerTrouble, WorkersLost: as there.
    """
    with last_years_campaign(opened, by, at) as former:
        yield from add_files(former, paths, by, at, listen=listen, workers=workers)


@contextmanager
def last_years_campaign(opened: OpenCampaign, by: str, at: int) -> Iterator[OpenCampaign]:
    """Last year's campaign of the same ledger, made where it is not there, with this year's units.

    Raises:
        LedgerTrouble: the ledger cannot be used.
    """
    campaign = _campaign(opened, by, at)
    with campaign_in(opened.engine, campaign.id, opened.folder, opened.settings._replace(last_year="")) as former:
        yield former


def _campaign(opened: OpenCampaign, by: str, at: int) -> Campaign:
    now, terms = opened.campaign, opened.terms._replace(deadline=None, at=at, by=by)
    with writing(opened.engine) as connection:
        wanted = (now.form, now.year - 1, now.name)
        known = (one for one in ledger_campaigns(connection) if (one.form, one.year, one.name) == wanted)
        campaign = next(known, None)
        if campaign is None:
            campaign = enter_campaign(connection, *wanted, at)
            enter_terms(connection, campaign.id, terms)
        units = [one.unit for one in campaign_units(connection, now.id)]
        enter_units(connection, campaign.id, units, at, by, is_whole=False)
    return campaign
