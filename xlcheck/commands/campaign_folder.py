"""``xlcheck campaign new``, ``set``, ``archive`` and ``restore``: a campaign's folder, what it announces, and its backup."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlcheck.commands.campaign import CampaignCommand, campaign_at, clerk_option, folder_option, now
from xlcheck.commands.terminal import DAY, PLACE, fail, form_option, notice, say, tell

if TYPE_CHECKING:
    from xlcheck.campaign.ledger.units import ListedUnits
    from xlcheck.campaign.opening import OpenCampaign
    from xlcheck.roster.units import Unit

_units_option = click.option("--units", type=PLACE, metavar="文件", help="单位名单（CSV 或工作簿）。")
_office_option = click.option("--office", metavar="名称", help="哪个单位在收表审核，写在审核副本和信里。")
_phone_option = click.option("--phone", metavar="电话", help="有疑问打哪个电话。")
_reply_option = click.option("--reply-to", metavar="邮箱", help="改好的文件发到哪里。")
_deadline_option = click.option("--deadline", type=DAY, metavar="日期", help="报送的截止日期，如 2026-01-20。")
_prior_option = click.option(
    "--prior",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="上年的报送：上年报送工作的文件夹，或放着上年报送表的文件夹。",
)


@click.command(
    cls=CampaignCommand,
    example="xlcheck campaign new 2025 --units 单位名单.csv --office 某某市政务公开办 --deadline 2026-01-20",
)
@click.argument("year", type=click.IntRange(2008, 2100), metavar="年度")
@click.option("--folder", type=click.Path(path_type=Path), metavar="文件夹", help="建在哪里（默认“年度年报送”）。")
@_units_option
@_office_option
@_phone_option
@_reply_option
@_deadline_option
@click.option("--name", metavar="名称", help="这项工作叫什么（默认“政府信息公开工作年度报告”）。")
@_prior_option
@click.option("--ledger", metavar="地址", default="", help="几个人一起用的台账，如 postgresql://用户名@服务器/数据库。")
@click.option("--join", is_flag=True, help="台账里已有这项工作，只在本机建文件夹，和别人一起用。")
@form_option
@clerk_option
def campaign_new_command(
    year: int,
    folder: Path | None,
    units: Path | None,
    office: str | None,
    phone: str | None,
    reply_to: str | None,
    deadline: datetime.date | None,
    name: str | None,
    prior: Path | None,
    ledger: str,
    join: bool,
    form: str | None,
    clerk: str,
) -> int:
    """开始一年的报送工作：建一个文件夹，里面是台账和设置文件 campaign.toml。上年的文件夹在旁边的，自动与上年比对。"""
    from xlcheck.campaign.opening import CAMPAIGN_NAME, NewCampaign, is_own_form, new_campaign
    from xlcheck.campaign.settings import CampaignSettings
    from xlcheck.tasks.given import form_of

    if units is None and not join:
        raise fail("请用 --units 给出单位名单（CSV 或工作簿，第一行是表头，要有“单位名称”一列）")
    listed = _listed(units) if units is not None else ()
    where = folder if folder is not None else Path(f"{year}年报送")
    known = form_of(form)
    wanted = form if form is not None and is_own_form(form) else known.id
    new = NewCampaign(year, listed, office or "", phone or "", reply_to or "", deadline, name or CAMPAIGN_NAME, wanted)
    new_campaign(where, new, clerk, now(), CampaignSettings(1, ledger), join=join)
    say(f"已建立“{where}”：{year} 年，{len(listed)} 个单位\n" if listed else f"已建立“{where}”：{year} 年\n")
    trouble = prior is not None and _keep_prior(where, prior, clerk)
    say(f"接下来：xlcheck campaign add 报送文件夹 --folder {where}\n")
    return int(trouble)


@click.command(cls=CampaignCommand, example="xlcheck campaign set --deadline 2026-01-25")
@_units_option
@click.option("--more-units", "more", type=PLACE, metavar="文件", help="要加进名单或改正的单位，其他单位不变。")
@_office_option
@_phone_option
@_reply_option
@_deadline_option
@_prior_option
@folder_option
@clerk_option
def campaign_set_command(
    units: Path | None,
    more: Path | None,
    office: str | None,
    phone: str | None,
    reply_to: str | None,
    deadline: datetime.date | None,
    prior: Path | None,
    folder: Path | None,
    clerk: str,
) -> int:
    """改截止日期、单位名单等。以前的都留在台账里；新名单里没有的单位不再催报，它报送过的仍然保留。"""
    from xlcheck.campaign.acts import change_terms, change_units, left_with_rounds

    terms = (office, phone, reply_to, deadline)
    if not any(one is not None for one in (*terms, units, more, prior)):
        raise fail("请写明要改什么，如 --deadline 2026-01-25；发信、收信的设置请直接改文件夹里的 campaign.toml")
    lists = [(_listed(given), given is units) for given in (units, more) if given is not None]
    with campaign_at(folder) as opened:
        if any(one is not None for one in terms):
            change_terms(opened, clerk, now(), office=office, phone=phone, reply_to=reply_to, deadline=deadline)
            say("已改\n")
        for listed, is_whole in lists:
            changed = change_units(opened, listed, clerk, now(), is_whole=is_whole)
            say(_changed(changed))
            if left := left_with_rounds(opened, changed):
                say(f"{left}\n")
        where = opened.folder
    return int(prior is not None and _keep_prior(where, prior, clerk))


def _listed(place: Path) -> tuple[Unit, ...]:
    from xlcheck.tasks.given import units_of

    return units_of(place, notice)


def _changed(listed: ListedUnits) -> str:
    told = [f"新增 {len(listed.new)} 个", f"改动 {len(listed.changed)} 个", f"去掉 {len(listed.withdrawn)} 个"]
    gone = f"：{'、'.join(one.unit.name for one in listed.withdrawn)}" if listed.withdrawn else ""
    return f"单位名单：{'，'.join(told)}{gone}\n"


# --- last year -------------------------------------------------------------------------------------------------------


def _keep_prior(folder: Path, prior: Path, clerk: str) -> bool:
    """Have last year's submissions compared with; answers whether some could not be taken."""
    from xlcheck.campaign.settings import SETTINGS_FILE, change_settings, load_settings

    with campaign_at(folder) as opened:
        if not (prior / SETTINGS_FILE).exists():
            return _taken_prior(opened, prior, clerk)
    if load_settings(prior).campaign:
        relative = os.path.relpath(prior, folder).replace(os.sep, "/")
        change_settings(folder, load_settings(folder)._replace(last_year=relative))
        say(f"与上年比对：“{prior}”\n")
    return False


def _taken_prior(opened: OpenCampaign, prior: Path, clerk: str) -> bool:
    from xlcheck.campaign.former import keep_last_year

    kept, refused = 0, 0
    for one in keep_last_year(opened, [str(prior)], clerk, now(), listen=notice):
        kept += one.taken is not None and one.taken.unit is not None
        if one.refusal and not one.is_other:
            tell(f"“{one.path}”没有收入：{one.refusal}")
            refused += 1
    say(f"上年的报送表收入 {kept} 份，用于比对\n")
    return refused > 0


# --- the backup ------------------------------------------------------------------------------------------------------


@click.command(cls=CampaignCommand, example="xlcheck campaign archive -o 2025年报送.zip")
@click.option("-o", "out", type=click.Path(path_type=Path), metavar="文件", help="写到哪个 .zip 文件。")
@click.option(
    "--verify",
    "given",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="不写，只检查这个归档是否完整、没有人改过。",
)
@folder_option
def campaign_archive_command(out: Path | None, given: Path | None, folder: Path | None) -> None:
    """把整本台账连同收到和发出的每一份文件归档成一个 .zip，写完马上核对一遍。别人正在用也可以归档；平时可以用来备份。"""
    from xlcheck.campaign.archive import archive_campaign, verify_archive

    if given is not None and out is None:
        counts = verify_archive(given)
        say(f"“{given}”完整：{counts.campaigns} 项报送工作，台账 {counts.rows} 行，文件 {counts.contents} 份\n")
        return
    if out is None or given is not None:
        raise fail("请用 -o 写明归档写到哪个 .zip 文件；只检查已有的归档，用 --verify")
    if out.suffix.lower() != ".zip":
        raise fail(f"归档的文件名要以 .zip 结尾，不能是“{out.name}”")
    with campaign_at(folder) as opened:
        counts = archive_campaign(opened, out, now())
    say(f"已归档到“{out}”并核对无误：台账 {counts.rows} 行，文件 {counts.contents} 份\n")


@click.command(cls=CampaignCommand, example="xlcheck campaign restore 2025年报送.zip --folder 恢复")
@click.argument("archive", type=click.Path(path_type=Path), metavar="归档文件")
@click.option(
    "--folder", type=click.Path(path_type=Path), required=True, metavar="文件夹", help="恢复到哪个新的文件夹。"
)
@click.option("--ledger", metavar="地址", default="", help="恢复到哪个空的数据库（默认在文件夹里）。")
def campaign_restore_command(archive: Path, folder: Path, ledger: str) -> None:
    """从归档恢复台账，到新的文件夹（或空的数据库）；先检查归档是否完整。"""
    from xlcheck.campaign.restoring import restore_campaign

    counts = restore_campaign(archive, folder, ledger)
    say(f"已恢复到“{folder}”：台账 {counts.rows} 行，文件 {counts.contents} 份\n")
    if counts.users:
        tell(
            f"归档里没有密码、链接和令牌：{counts.users} 个用户请用 xlcheck serve user password 重设密码，"
            "单位的链接和接口的令牌请重新发给"
        )
