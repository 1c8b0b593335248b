"""A campaign that is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.making.campaigns import made_campaign
from xlcheck.campaign.opening import OpenCampaign, open_campaign


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenCampaign]:
    """Of the year 2025, with the usual units, who handed in nothing yet."""
    with open_campaign(made_campaign(tmp_path / "2025")) as campaign:
        yield campaign
