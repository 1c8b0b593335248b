"""The settings file says what it means, is read as it was written, and holds no password."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlcheck.campaign.settings import (
    SETTINGS_FILE,
    CampaignSettings,
    FetchSettings,
    InvalidSettings,
    SendSettings,
    TemplateSettings,
    change_settings,
    load_settings,
    settings_of,
    write_settings,
)
from xlcheck.model.text import clean

TEXTS = st.text(max_size=20).map(clean)


SENDING = st.builds(SendSettings, TEXTS, TEXTS, TEXTS, TEXTS)
FETCHING = st.builds(FetchSettings, TEXTS, TEXTS, TEXTS)
SWITCHES = st.builds(TemplateSettings, st.booleans(), st.booleans())
SETTINGS = st.builds(
    CampaignSettings, st.just(7), st.just("postgresql://gkb@db/xl"), TEXTS, SENDING, FETCHING, SWITCHES
)


@given(SETTINGS)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, settings: CampaignSettings) -> None:
    folder = tmp_path_factory.mktemp("settings")
    write_settings(folder, settings)
    assert load_settings(folder) == settings
    assert "# 台账放在哪里" in (folder / SETTINGS_FILE).read_text(encoding="utf-8")


OWN = """\
campaign = 7  # 第七项
last_year   =   '../2024' # 在旁边

# 王科注：密码问李科
[send]
smtp = "smtp://a@b"   # 老服务器
[fetch] # 收信
# 没有别的
"""


@given(SETTINGS)
@example(CampaignSettings(7, last_year="", template=TemplateSettings(zeros=True)))
def test_what_a_person_wrote_beside_stays(tmp_path_factory: pytest.TempPathFactory, settings: CampaignSettings) -> None:
    folder = tmp_path_factory.mktemp("settings")
    for text in (OWN, OWN.replace("\n", "\r\n"), "\ufeff" + OWN):
        (folder / SETTINGS_FILE).write_bytes(text.encode())
        change_settings(folder, settings)
        assert load_settings(folder) == settings
        written = (folder / SETTINGS_FILE).read_text(encoding="utf-8")
        comments = ("# 第七项", "# 在旁边", "# 王科注：密码问李科", "# 老服务器", "# 收信", "# 没有别的")
        assert all(one in written for one in comments)
        assert [written.index(one) for one in comments] == sorted(map(written.index, comments))


def test_what_does_not_change_is_not_written_anew(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text(OWN, encoding="utf-8")
    change_settings(tmp_path, load_settings(tmp_path))
    assert (tmp_path / SETTINGS_FILE).read_text(encoding="utf-8") == OWN
    with pytest.raises(InvalidSettings, match="密码"):
        change_settings(tmp_path, CampaignSettings(7, "postgresql://u:secret@db/xl"))


def test_the_ledger_lies_in_the_folder_unless_they_name_another(tmp_path: Path) -> None:
    assert CampaignSettings(1).ledger_in(tmp_path) == str(tmp_path / "台账.sqlite")
    assert CampaignSettings(1, "../a.sqlite").ledger_in(tmp_path) == str(tmp_path / "../a.sqlite")
    assert CampaignSettings(1, "postgresql://db/xl").ledger_in(tmp_path) == "postgresql://db/xl"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "“campaign”"),
        ("campaign = 0", "“campaign”"),
        ("campaign = true", "“campaign”"),
        ("campaign = ", "写法有误"),
        ('campaign = 1\nledger = ""\nlast_year = 去年\n', "第 3 行写法有误；文字要放在英文双引号里"),
        ("campaign = 1\nledgr = ''", "ledgr"),
        ("campaign = 1\nledger = 3", "“ledger”要是放在英文双引号里的文字"),
        ("campaign = 1\nsend = 3", "[send]"),
        ("campaign = 1\n[send]\nsmpt = ''", "smpt"),
        ("campaign = 1\n[fetch]\nimap = 1", "“imap”"),
        ("campaign = 1\n[template]\nzeros = 0", "“zeros”要是 true 或 false"),
        ("campaign = 1\nledger = 'postgresql://u:secret@db/xl'", "密码"),
    ],
)
def test_a_fault_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidSettings) as error:
        load_settings(tmp_path)
    assert said in error.value.message
    assert SETTINGS_FILE in error.value.message
    assert "secret" not in error.value.message
    assert "\n" not in error.value.message


def test_what_is_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="UTF-8"):
        settings_of("campaign = 1 # 设置".encode("gb18030"))
    with pytest.raises(InvalidSettings, match="不是报送工作的文件夹"):
        load_settings(tmp_path)
    (tmp_path / SETTINGS_FILE).mkdir()
    with pytest.raises(InvalidSettings, match="无法读取"):
        load_settings(tmp_path)


def test_a_password_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings):
        write_settings(tmp_path, CampaignSettings(1, "postgresql://u:secret@db/xl"))
    assert list(tmp_path.iterdir()) == []
