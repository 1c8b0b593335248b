"""A campaign that is opened: its ledger, its folder with the settings, and last year's campaign beside it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from xlcheck.campaign.ledger.campaigns import campaign_of, enter_campaign, enter_terms, ledger_campaigns, terms_of
from xlcheck.campaign.ledger.database import is_database_url, open_ledger_database, reading, writing
from xlcheck.campaign.ledger.units import enter_units
from xlcheck.campaign.ledger.values import Campaign, CampaignTerms
from xlcheck.campaign.settings import (
    SETTINGS_FILE,
    CampaignSettings,
    load_settings,
    refuse_password,
    write_settings,
)
from xlcheck.files.content import why, write_bytes
from xlcheck.files.paths import make_folder
from xlcheck.forms.file import DEFAULT
from xlcheck.model.errors import Error
from xlcheck.model.office import Office
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.units import Unit

CAMPAIGN_NAME = "政府信息公开工作年度报告"
"""What a campaign is called, unless it has a name of its own."""


class NoCampaign(Error):
    """There is no such campaign, or none can be made here; the message says why, for a clerk."""

    code = "campaign"


class OpenCampaign(NamedTuple):
    """A campaign, ready for what an office does."""

    engine: Engine
    campaign: Campaign
    folder: Path
    settings: CampaignSettings
    former: OpenCampaign | None = None
    """Last year's campaign; None where there is none."""
    doubt: str = ""
    """Why last year's campaign, though there is one, cannot be used; in a clerk's words."""

    @property
    def form(self) -> str:
        """The form's id, or its file, which lies in the folder."""
        form = self.campaign.form
        return str(self.folder / form) if is_own_form(form) else form

    @property
    def terms(self) -> CampaignTerms:
        """What the office announces now."""
        with reading(self.engine) as connection:
            return terms_of(connection, self.campaign.id)


class NewCampaign(NamedTuple):
    """What a campaign is made of."""

    year: int
    units: tuple[Unit, ...]
    office: str = ""
    phone: str = ""
    reply_to: str = ""
    deadline: datetime.date | None = None
    name: str = CAMPAIGN_NAME
    form: str = DEFAULT
    """The form's id, or its file, which is put into the folder."""


def office_of(terms: CampaignTerms) -> Office:
    """The office as marked copies and letters name it."""
    return Office(terms.office, terms.phone, terms.reply_to, terms.deadline)


# --- making one ------------------------------------------------------------------------------------------------------


def new_campaign(
    folder: Path, new: NewCampaign, by: str, at: int, settings: CampaignSettings, *, join: bool = False
) -> Campaign:
    """Make a campaign in a folder; a run that was killed in the middle is taken up by the next one.

    Args:
        folder: where its settings go, and its ledger where they name none; it is made.
        new: what it is made of.
        by: who makes it.
        at: when.
        settings: those of the folder; which campaign it is, is put in.
        join: the ledger, which others use already, has the campaign: only the folder is made.

    Raises:
        NoCampaign: the folder is another one's, or the ledger has it already, or has not what is to be joined.
        InvalidSettings: the settings have a fault.
        LedgerTrouble: the ledger cannot be used.
    """
    if (folder / SETTINGS_FILE).exists():
        raise NoCampaign(f"“{folder}”已经是一项报送工作的文件夹；要改截止日期、名单等请用 xlcheck campaign set")
    refuse_password(settings.ledger)
    ledger, form = settings.ledger_in(folder), new.form
    new = new._replace(form=Path(form).name if is_own_form(form) else form)
    try:
        # Where a server cannot be used, no folder is left behind.
        if not is_database_url(ledger):
            make_folder(folder)
        with open_ledger_database(ledger) as engine:
            found = _same(engine, new)
            # Nobody but this folder uses the ledger in it, so that what is there is of a run that was killed.
            if found is None and join:
                raise NoCampaign(f"台账里没有 {new.year} 年的“{new.name}”")
            if found is not None and settings.ledger and not join:
                said = "要在这个文件夹里一起用它，请加 --join；另一项工作请用 --name 另取名称"
                raise NoCampaign(f"台账里已经有 {new.year} 年的“{new.name}”；{said}")
            make_folder(folder)
            _keep_form(folder, form)
            campaign = found if found is not None and join else _entered(engine, new, found, by, at)
        write_settings(folder, settings._replace(campaign=campaign.id))
    except OSError as error:
        raise NoCampaign(f"无法建立文件夹“{folder}”（{why(error)}）") from error
    return campaign


def _keep_form(folder: Path, form: str) -> None:
    """A form of one's own lies in the folder, too."""
    own = folder / Path(form).name
    if is_own_form(form) and Path(form).resolve() != own.resolve():
        write_bytes(own, Path(form).read_bytes())


def is_own_form(form: str) -> bool:
    """Whether a campaign's form is a file of its own, and none of those that come with xlcheck."""
    return form.endswith(".toml")


def _same(engine: Engine, new: NewCampaign) -> Campaign | None:
    with reading(engine) as connection:
        wanted = (new.form, new.year, new.name)
        return next((one for one in ledger_campaigns(connection) if (one.form, one.year, one.name) == wanted), None)


def _entered(engine: Engine, new: NewCampaign, found: Campaign | None, by: str, at: int) -> Campaign:
    with writing(engine) as connection:
        campaign = found or enter_campaign(connection, new.form, new.year, new.name, at)
        terms = CampaignTerms(new.office, new.phone, new.reply_to, new.deadline, at, by)
        enter_terms(connection, campaign.id, terms)
        enter_units(connection, campaign.id, new.units, at, by)
    return campaign


# --- opening ---------------------------------------------------------------------------------------------------------


@contextmanager
def open_campaign(folder: Path) -> Iterator[OpenCampaign]:
    """The campaign of a folder.

    Raises:
        InvalidSettings: the folder is none of a campaign, or its settings have a fault.
        NoCampaign: the ledger is gone, or has no such campaign.
        LedgerTrouble: the ledger cannot be used.
    """
    with ExitStack() as stack:
        opened = _opened(folder, stack)
        former, doubt = _former(opened, stack)
        yield opened._replace(former=former, doubt=doubt)


@contextmanager
def campaign_in(engine: Engine, campaign: int, folder: Path, settings: CampaignSettings) -> Iterator[OpenCampaign]:
    """A campaign of a ledger that is open already; see :func:`open_campaign`.

    Args:
        engine: the ledger's.
        campaign: its number there.
        folder: where its letters and reports go.
        settings: how letters leave and come.
    """
    with ExitStack() as stack:
        opened = _within(engine, folder, settings._replace(campaign=campaign))
        former, doubt = _former(opened, stack)
        yield opened._replace(former=former, doubt=doubt)


def campaigns(engine: Engine) -> tuple[Campaign, ...]:
    """All campaigns of a ledger, the newest year first."""
    with reading(engine) as connection:
        return ledger_campaigns(connection)


def campaign_folders(parent: Path) -> list[Path]:
    """The folders of campaigns right below a folder, in the order of their names; of one that cannot be looked into, none."""
    try:
        return sorted(one.parent for one in parent.glob(f"*/{SETTINGS_FILE}") if not one.parent.name.startswith("."))
    except OSError:
        return []


def _opened(folder: Path, stack: ExitStack) -> OpenCampaign:
    settings = load_settings(folder)
    ledger = settings.ledger_in(folder)
    if not is_database_url(ledger) and not _is_filled(Path(ledger)):
        raise NoCampaign(f"没有找到台账“{ledger}”；移到了别处的，请移回来，丢失了的，请从归档恢复")
    return _within(stack.enter_context(open_ledger_database(ledger)), folder, settings)


def _is_filled(path: Path) -> bool:
    """Whether it is a file with something in it: what is empty would only be made anew."""
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:  # whoever opens it says what is wrong
        return True


def _within(engine: Engine, folder: Path, settings: CampaignSettings) -> OpenCampaign:
    with reading(engine) as connection:
        campaign = campaign_of(connection, settings.campaign)
    if campaign is None:
        raise NoCampaign(
            f"台账里没有“{folder / SETTINGS_FILE}”所写的第 {settings.campaign} 项工作；请检查 ledger 和 campaign 两行"
        )
    return OpenCampaign(engine, campaign, folder, settings)


# --- last year's -----------------------------------------------------------------------------------------------------


def _former(opened: OpenCampaign, stack: ExitStack) -> tuple[OpenCampaign | None, str]:
    """Last year's campaign: the one that the settings name, or else one of the same ledger, or else one in a folder beside."""
    wanted = opened.campaign.year - 1
    if named := opened.settings.last_year:
        folder = opened.folder / named
        try:
            former = _opened(folder, stack)
        except Error as error:
            return None, f"没有与上年比对：{error.message}"
        year = former.campaign.year
        return (
            (former, "") if year == wanted else (None, f"没有与上年比对：“{folder}”是 {year} 年的，不是 {wanted} 年的")
        )
    same = _likeliest(opened.campaign, (one for one in campaigns(opened.engine) if one.year == wanted))
    if same is not None:
        return opened._replace(campaign=same, settings=opened.settings._replace(campaign=same.id)), ""
    return _beside(opened, wanted, stack)


def _likeliest(campaign: Campaign, others: Iterable[Campaign]) -> Campaign | None:
    """The one of the same name, or else of the same form, or else the newest."""
    return max(others, key=lambda one: (one.name == campaign.name, one.form == campaign.form, one.id), default=None)


def _beside(opened: OpenCampaign, wanted: int, stack: ExitStack) -> tuple[OpenCampaign | None, str]:
    here = opened.folder.resolve()
    found: list[OpenCampaign] = []
    for folder in campaign_folders(here.parent):
        if folder == here:
            continue
        try:
            other = _opened(folder, stack)
        except Error:  # a folder that nobody named
            continue
        if other.campaign.year == wanted:
            found.append(other)
    fit = [one for one in found if one.campaign.name == opened.campaign.name] or found
    if len(fit) > 1:
        some = "、".join(f"“{one.folder.name}”" for one in fit)
        return (
            None,
            f"没有与上年比对：旁边有几个 {wanted} 年的文件夹（{some}），请在 {SETTINGS_FILE} 的 last_year 里写明哪一个",
        )
    return (fit[0] if fit else None), ""
