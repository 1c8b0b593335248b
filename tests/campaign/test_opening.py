"""A campaign is made once, opened by its folder, and knows last year's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.making.campaigns import BEFORE, UNITS, handed_in, made_campaign, states, taken
from xlcheck.campaign.archive import archive_campaign
from xlcheck.campaign.ledger.campaigns import enter_campaign
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.opening import (
    NewCampaign,
    NoCampaign,
    campaign_folders,
    campaign_in,
    campaigns,
    new_campaign,
    open_campaign,
)
from xlcheck.campaign.restoring import restore_campaign
from xlcheck.campaign.settings import (
    SETTINGS_FILE,
    CampaignSettings,
    InvalidSettings,
    load_settings,
    write_settings,
)
from xlcheck.model.errors import LedgerTrouble

NEW = NewCampaign(2025, UNITS)


def former_of(folder: Path) -> tuple[Path | None, str]:
    """The folder of last year's campaign, and why it cannot be used."""
    with open_campaign(folder) as opened:
        return opened.former.folder if opened.former else None, opened.doubt


def test_a_new_one_is_there_with_its_list(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "深" / "2025")
    with open_campaign(folder) as opened:
        assert (opened.campaign.year, opened.terms.office, opened.form) == (2025, "市政务公开办", "disclosure-2021")
        assert list(states(opened)) == ["市教育局", "市水利局", "市民政局"]
    with pytest.raises(NoCampaign, match="已经是"):
        made_campaign(folder)


def test_one_that_was_killed_is_taken_up(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "2025")
    (folder / SETTINGS_FILE).unlink()  # it is written last
    made_campaign(folder)
    with open_campaign(folder) as opened:
        assert len(campaigns(opened.engine)) == 1
        assert len(states(opened)) == 3


def test_a_ledger_of_several_is_joined_not_doubled(tmp_path: Path) -> None:
    settings = CampaignSettings(1, "../共用.sqlite")
    new_campaign(tmp_path / "甲", NEW, "甲", BEFORE, settings)
    with pytest.raises(NoCampaign, match="--join"):
        new_campaign(tmp_path / "乙", NEW, "乙", BEFORE, settings)
    new_campaign(tmp_path / "乙", NEW._replace(units=()), "乙", BEFORE, settings, join=True)
    with open_campaign(tmp_path / "甲") as one, open_campaign(tmp_path / "乙") as other:
        taken(one, handed_in())
        assert states(other) == states(one)
    with pytest.raises(NoCampaign, match="没有 2024 年"):
        new_campaign(tmp_path / "丙", NEW._replace(year=2024), "丙", BEFORE, settings, join=True)


def test_nothing_is_made_where_the_address_holds_a_password(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="密码"):
        new_campaign(tmp_path / "甲", NEW, "甲", BEFORE, CampaignSettings(1, "postgresql://u:secret@db/xl"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "lose", [Path.unlink, lambda path: path.write_bytes(b""), lambda path: (path.unlink(), path.mkdir())]
)
def test_without_its_ledger_it_is_not_opened_anew(tmp_path: Path, lose: Callable[[Path], object]) -> None:
    folder = made_campaign(tmp_path / "2025")
    lose(folder / "台账.sqlite")
    for beside in folder.glob("台账.sqlite-*"):
        beside.unlink()
    before = sorted(folder.iterdir())
    with pytest.raises(NoCampaign, match="没有找到台账"), open_campaign(folder):
        pass
    assert sorted(folder.iterdir()) == before


def test_where_a_server_cannot_be_used_no_folder_is_left(tmp_path: Path) -> None:
    nowhere = "postgresql://localhost:1/nowhere"
    with pytest.raises(LedgerTrouble):
        made_campaign(tmp_path / "2025", ledger=nowhere)
    with open_campaign(made_campaign(tmp_path / "2024", 2024)) as opened:
        archive_campaign(opened, tmp_path / "a.zip", 0)
    with pytest.raises(LedgerTrouble):
        restore_campaign(tmp_path / "a.zip", tmp_path / "2025", nowhere)
    assert not (tmp_path / "2025").exists()


def test_a_ledger_without_it_is_said(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "2025")
    write_settings(folder, load_settings(folder)._replace(campaign=3))
    with pytest.raises(NoCampaign, match="第 3 项"), open_campaign(folder):
        pass


def test_a_damaged_ledger_is_said(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "2025")
    (folder / "台账.sqlite").write_bytes(b"no ledger" * 1000)
    with pytest.raises(LedgerTrouble), open_campaign(folder):
        pass


# --- last year's -----------------------------------------------------------------------------------------------------


def test_last_years_is_found_beside(tmp_path: Path) -> None:
    now = made_campaign(tmp_path / "2025")
    assert former_of(now) == (None, "")
    made_campaign(tmp_path / "2023", 2023)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / SETTINGS_FILE).write_text("?", encoding="utf-8")
    assert former_of(now) == (None, "")
    then = made_campaign(tmp_path / "2024", 2024)
    assert former_of(now) == (then, "")
    assert campaign_folders(tmp_path) == [tmp_path / name for name in ("2023", "2024", "2025", "damaged")]


def test_of_several_beside_none_is_guessed(tmp_path: Path) -> None:
    now, then = made_campaign(tmp_path / "2025"), made_campaign(tmp_path / "2024", 2024)
    shutil.copytree(then, tmp_path / "2024 副本")
    found, doubt = former_of(now)
    assert found is None
    assert "2024 副本" in doubt
    write_settings(now, load_settings(now)._replace(last_year="../2024"))
    assert former_of(now)[0] == now / "../2024"


def test_what_the_settings_name_must_be_last_years(tmp_path: Path) -> None:
    now = made_campaign(tmp_path / "2025")
    made_campaign(tmp_path / "旧" / "2023", 2023)
    for named, said in (("../旧/2023", "2023 年的"), ("../无", "没有 campaign.toml")):
        write_settings(now, load_settings(now)._replace(last_year=named))
        found, doubt = former_of(now)
        assert found is None
        assert said in doubt


def test_last_years_is_found_in_the_same_ledger(tmp_path: Path) -> None:
    folder = made_campaign(tmp_path / "2025")
    with open_campaign(folder) as opened:
        with writing(opened.engine) as connection:
            enter_campaign(connection, "other", 2024, "别的", BEFORE)
            mine = enter_campaign(connection, "disclosure-2021", 2024, opened.campaign.name, BEFORE)
            enter_campaign(connection, "disclosure-2021", 2024, "另外", BEFORE)
        with campaign_in(opened.engine, opened.campaign.id, folder, opened.settings) as again:
            assert again.former is not None
            assert again.former.campaign == mine
