"""A campaign whose ledger is filled without checking anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.making.ledgers import a_campaign
from xlcheck.campaign.ledger.database import open_ledger_database, writing
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.settings import CampaignSettings
from xlcheck.roster.units import Unit

UNITS = (Unit("市政府", reports="否"), Unit("甲局"), Unit("乙局"), Unit("丙局"), Unit("丁局"))


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[OpenCampaign]:
    """One that has begun, with five units."""
    with open_ledger_database(tmp_path / "台账.sqlite") as engine:
        with writing(engine) as connection:
            made = a_campaign(connection, UNITS)
        yield OpenCampaign(engine, made, tmp_path, CampaignSettings(made.id))
