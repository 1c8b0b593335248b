"""A ledger made again from its archive, in a new folder or an empty database."""

from __future__ import annotations

import zipfile
from pathlib import Path

from sqlalchemy import Connection

from xlcheck.campaign.archive import (
    CONTENT,
    ROWS,
    ArchiveCounts,
    InvalidArchive,
    manifest_of,
    rows_in,
    verify_archive,
)
from xlcheck.campaign.ledger.contents import keep_content
from xlcheck.campaign.ledger.database import is_database_url, open_ledger_database, writing
from xlcheck.campaign.ledger.transfer import TABLES, harmless_rows, is_empty, put_rows
from xlcheck.campaign.ledger.upgrading import as_left_by
from xlcheck.campaign.opening import is_own_form
from xlcheck.campaign.settings import (
    SETTINGS_FILE,
    CampaignSettings,
    refuse_password,
    settings_of,
    write_settings,
)
from xlcheck.files.content import why, write_bytes
from xlcheck.files.paths import make_folder


def restore_campaign(path: Path, folder: Path, ledger: str = "") -> ArchiveCounts:
    """Make a ledger of an archive, all of it or nothing.

    Args:
        path: the archive.
        folder: the campaign's new folder; it is made.
        ledger: where the ledger goes, as the settings name it; all other settings are those of the archive.

    Raises:
        InvalidArchive: it is damaged, another version wrote it, or there is something where it should go.
        InvalidSettings: the settings have a fault.
        LedgerTrouble: the ledger cannot be written.
    """
    if (folder / SETTINGS_FILE).exists():
        raise InvalidArchive(f"“{folder}”已经是一项报送工作的文件夹，没有恢复；请换一个新的文件夹")
    refuse_password(ledger)
    counts = verify_archive(path)
    try:
        with zipfile.ZipFile(path) as box:
            manifest = manifest_of(box)
            settings = _settings(box, int(manifest["campaign"]), ledger)
            # Where a server cannot be used, no folder is left behind.
            if not is_database_url(settings.ledger_in(folder)):
                make_folder(folder)
            with open_ledger_database(settings.ledger_in(folder)) as engine, writing(engine) as connection:
                _put(connection, box, settings, str(manifest["revision"]))
            make_folder(folder)
            for name in box.namelist():
                if is_own_form(name) and name != SETTINGS_FILE and "/" not in name:
                    write_bytes(folder / name, box.read(name))
        write_settings(folder, settings)
    except OSError as error:
        raise InvalidArchive(f"无法恢复到“{folder}”（{why(error)}）") from error
    return counts


def _settings(box: zipfile.ZipFile, campaign: int, ledger: str) -> CampaignSettings:
    if SETTINGS_FILE not in box.namelist():
        return CampaignSettings(campaign, ledger)
    return settings_of(box.read(SETTINGS_FILE))._replace(campaign=campaign, ledger=ledger)


def _put(connection: Connection, box: zipfile.ZipFile, settings: CampaignSettings, revision: str) -> None:
    if not is_empty(connection):
        where = "数据库" if settings.ledger else "文件夹"
        raise InvalidArchive(f"那里已有台账，没有恢复；请换一个空的{where}")
    with as_left_by(connection, revision) as tables:
        for name in box.namelist():
            if name.startswith(CONTENT):
                keep_content(connection, box.read(name))
        for name, table in tables.items():
            # Archives of earlier versions hold hashes of what lets somebody in.
            if name in TABLES and f"{ROWS}{name}.jsonl" in box.namelist():
                put_rows(connection, table, harmless_rows(name, rows_in(box, name)))
