"""The papers of a campaign: what the ledger holds, at one moment, in a folder of their own."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.making.ledgers import OVER, START, entry_of, finding, hand_in, the_units
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.decisions import enter_decision
from xlcheck.campaign.ledger.replies import enter_answer, enter_reply
from xlcheck.campaign.ledger.units import enter_units
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.report.papers import campaign_notice, campaign_summary, write_papers
from xlcheck.tasks.given import CannotDo


def lines(data: bytes, sheet: str) -> dict[str, tuple[object, ...]]:
    """The lines of a sheet of 审核汇总 by the unit's name."""
    rows = list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))
    return {str(row[0]): row for row in reversed(rows[1:])}


def conclusions(opened: OpenCampaign) -> dict[str, str]:
    data = campaign_summary(opened, OVER)
    words = {"通过", "待核实", "不通过", "无法读取", "缺报", "—"}
    return {unit: next(str(cell) for cell in row if cell in words) for unit, row in lines(data, "单位").items()}


def test_the_summary_says_what_the_board_says(campaign: OpenCampaign) -> None:
    """Also where something was said and decided after the check: the file's own findings do not know it."""
    with writing(campaign.engine) as connection:
        units = the_units(connection, campaign.campaign)
        hand_in(connection, campaign.campaign, units["甲局"], entry_of(finding("B101", "error")))
        warned = {
            name: hand_in(connection, campaign.campaign, units[name], entry_of(finding("P102")), at=START + 100)
            for name in ("甲局", "乙局", "丙局")
        }
        reply = enter_reply(connection, warned["甲局"].id, "P102", ("表一!D5",), "数无误", START + 200, "甲局")
        enter_decision(connection, warned["乙局"].id, "accepted", "电话核对过", START + 200, "王科")
    assert conclusions(campaign) == {"市政府": "—", "甲局": "通过", "乙局": "通过", "丙局": "待核实", "丁局": "缺报"}
    with writing(campaign.engine) as connection:
        enter_answer(connection, reply.id, accepted=False, note="不清楚", at=START + 300, by="王科")
        enter_decision(connection, warned["丙局"].id, "returned", "请核对", START + 300, "王科")
    assert conclusions(campaign) == {"市政府": "—", "甲局": "待核实", "乙局": "通过", "丙局": "不通过", "丁局": "缺报"}
    told = lines(campaign_summary(campaign, OVER), "单位")
    assert "办公室已退回：请核对" in told["丙局"]
    assert any("2026-01-01" in str(cell) for cell in told["丙局"])
    assert "办公室核对后通过：电话核对过" in told["乙局"]


def test_what_nobody_owns_is_no_units(campaign: OpenCampaign) -> None:
    with writing(campaign.engine) as connection:
        hand_in(connection, campaign.campaign, None, entry_of(finding("B101", "error")))
    book = openpyxl.load_workbook(io.BytesIO(campaign_summary(campaign, OVER)))
    assert any("归属不明，尚未归到单位" in map(str, row) for row in book["名单外与重复"].iter_rows(values_only=True))


def test_what_a_unit_handed_in_before_it_left_the_list_is_told(campaign: OpenCampaign) -> None:
    with writing(campaign.engine) as connection:
        units = the_units(connection, campaign.campaign)
        hand_in(connection, campaign.campaign, units["甲局"], entry_of())
        rest = [one.unit for name, one in units.items() if name != "甲局"]
        enter_units(connection, campaign.campaign.id, rest, START + 99, "王科")
    book = openpyxl.load_workbook(io.BytesIO(campaign_summary(campaign, OVER)))
    assert any(
        "单位已从名单中移出，不再计入" in map(str, row) for row in book["名单外与重复"].iter_rows(values_only=True)
    )
    assert any("名单外" in str(cell) for cell in lines(campaign_summary(campaign, OVER), "单位")["甲局"])


def test_who_need_not_hand_in_and_did_is_not_counted_among_those_that_must(campaign: OpenCampaign) -> None:
    with writing(campaign.engine) as connection:
        units = the_units(connection, campaign.campaign)
        for name in ("市政府", "乙局"):
            hand_in(connection, campaign.campaign, units[name], entry_of())
    data = campaign_summary(campaign, OVER)
    front = [str(cell) for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].values for cell in row]
    assert any(cell.startswith("应报 4 家，已报 1 家，缺报 3 家；") for cell in front)
    assert "不要求单独报送" in lines(data, "单位")["市政府"]
    notice = docx.Document(io.BytesIO(campaign_notice(campaign, OVER)))
    assert any("应报单位4家" in one.text and "已报1家" in one.text for one in notice.paragraphs)


def test_both_papers_are_of_one_moment_and_the_same_every_time(campaign: OpenCampaign) -> None:
    with writing(campaign.engine) as connection:
        hand_in(connection, campaign.campaign, the_units(connection, campaign.campaign)["甲局"])
    folder = write_papers(campaign, OVER)
    assert folder.relative_to(campaign.folder).as_posix() == "通报/2026-02-01 00.00.00"
    assert {path.name for path in folder.iterdir()} == {"通报.docx", "审核汇总.xlsx"}
    assert (folder / "通报.docx").read_bytes() == campaign_notice(campaign, OVER)
    assert (folder / "审核汇总.xlsx").read_bytes() == campaign_summary(campaign, OVER)
    texts = [paragraph.text for paragraph in docx.Document(str(folder / "通报.docx")).paragraphs]
    assert any(
        "本次应报单位4家，报送截止日期为2026年1月31日。已报1家，占25%；缺报3家，占75%。" in text for text in texts
    )


def test_without_the_library_one_sentence_says_so(campaign: OpenCampaign, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "docx" or "report.document" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "xlcheck.campaign.report.notice", raising=False)
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(CannotDo, match=r"没有安装，请先安装：pip install 'xlcheck\[campaign\]'"):
        write_papers(campaign, OVER)
    assert not (campaign.folder / "通报").exists()


def test_nothing_that_is_there_is_overwritten(campaign: OpenCampaign, tmp_path: Path) -> None:
    write_papers(campaign, OVER, tmp_path / "给领导")
    (tmp_path / "给领导" / "通报.docx").write_bytes(b"changed by hand")
    for folder in (tmp_path / "给领导", tmp_path / "台账.sqlite"):
        with pytest.raises(CannotDo) as caught:
            write_papers(campaign, OVER, folder)
        assert caught.value.code == "output"
    assert (tmp_path / "给领导" / "通报.docx").read_bytes() == b"changed by hand"
