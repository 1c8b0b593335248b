"""The campaigns of a site, each a folder that is found by a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.ledgers import START
from xlcheck.campaign.opening import NewCampaign
from xlcheck.web.folders import CampaignFolders, key_of
from xlcheck.web.refusal import NotDone


@pytest.mark.parametrize("name", ["2025", "年报2025", "a-b_c"])
def test_a_plain_name_is_its_key(name: str) -> None:
    assert key_of(name) == name


@pytest.mark.parametrize("name", ["a/b", "a?b", "50%", "a b", "..", "x" * 41, "<b>", "a#b"])
def test_any_other_has_a_plain_key_of_its_own(name: str) -> None:
    assert key_of(name).isalnum()
    assert key_of(name) != key_of(name + "c")


def test_folders_are_found_and_opened_once(tmp_path: Path) -> None:
    campaigns = CampaignFolders(tmp_path)
    assert campaigns.folders() == {}
    first, second = (campaigns.make(NewCampaign(2025, (), name=name), "本机", START) for name in ("甲", "乙"))
    assert (first, second) == ("2025", "2025-2")
    one = campaigns.opened(first)
    assert campaigns.opened(first) is one
    assert one.campaign.name == "甲"
    with pytest.raises(NotDone):
        campaigns.opened("../2025")
    (tmp_path / "2025").rename(tmp_path / "甲 2025")
    assert campaigns.opened(key_of("甲 2025")).campaign.name == "甲"
    campaigns.close()


def test_the_folder_of_one_campaign_will_do(tmp_path: Path) -> None:
    made = CampaignFolders(tmp_path)
    made.make(NewCampaign(2025, ()), "本机", START)
    alone = CampaignFolders(tmp_path / "2025")
    assert list(alone.folders()) == ["2025"]
    assert alone.opened("2025").campaign.year == 2025
    for one in (made, alone):
        one.close()


def test_changed_settings_are_read_anew(tmp_path: Path) -> None:
    campaigns = CampaignFolders(tmp_path)
    key = campaigns.make(NewCampaign(2025, ()), "本机", START)
    assert campaigns.opened(key).settings.send.smtp == ""
    settings = tmp_path / "2025" / "campaign.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('smtp = ""', 'smtp = "a@qq.com"'), encoding="utf-8"
    )
    assert campaigns.opened(key).settings.send.smtp == "a@qq.com"
    campaigns.close()
