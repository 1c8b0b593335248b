"""The whole ledger as one zip: every content, every row, and a list of their hashes; a backup, and what is kept for years.

| in the zip | |
|---|---|
| ``manifest.json`` | what wrote it, and of every other member how many rows it has and its SHA-256 |
| ``rows/TABLE.jsonl`` | the rows of a table, one a line; what lets somebody in, also as a hash, is left out |
| ``content/DIGEST`` | what came in and went out, each under its SHA-256 |
| ``campaign.toml`` | the settings of the folder; and beside them the form, where it is one of its own |
| ``目录.csv`` | for people: what each unit handed in, and under which digest it lies |
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection

from xlcheck import __version__
from xlcheck.campaign.ledger.arrivals import arrivals_of, unowned_arrivals
from xlcheck.campaign.ledger.campaigns import ledger_campaigns
from xlcheck.campaign.ledger.checks import checks_of
from xlcheck.campaign.ledger.contents import content_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.schema import REVISION
from xlcheck.campaign.ledger.transfer import TABLES, content_digests, harmless_rows, table_rows
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import UNOWNED_WORDS, Campaign, CampaignArrival
from xlcheck.campaign.opening import OpenCampaign, is_own_form
from xlcheck.campaign.settings import SETTINGS_FILE
from xlcheck.files.content import replacing, why
from xlcheck.model.errors import Error
from xlcheck.model.text import harmless
from xlcheck.model.times import said_time
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import CONCLUSIONS
from xlcheck.results.record import of_entry

MANIFEST = "manifest.json"
CONTENT = "content/"
ROWS = "rows/"
INDEX = "目录.csv"
ARCHIVE_VERSION = 1
"""Of the layout; it goes up when an earlier reader would misunderstand it."""

_WHEN = (2008, 5, 1, 0, 0, 0)
"""The time told of everything in the zip, so that the same ledger gives the same bytes."""


class InvalidArchive(Error):
    """An archive that cannot be written, is damaged, or is none; the message says why, for a clerk."""

    code = "archive"


class ArchiveCounts(NamedTuple):
    """What an archive holds."""

    campaigns: int
    rows: int
    contents: int
    users: int
    """Who logs in to a public server; after a restore each needs a new password."""


# --- writing ---------------------------------------------------------------------------------------------------------


def archive_campaign(opened: OpenCampaign, out: Path, at: int) -> ArchiveCounts:
    """Write the whole ledger, as it is at one moment, while others go on writing; and read it back.

    Args:
        opened: a campaign of the ledger.
        out: the zip; one that is there is replaced once the new one is whole.
        at: when it is made.

    Raises:
        InvalidArchive: it cannot be written, or what was written is not what stands in the ledger.
        LedgerTrouble: the ledger cannot be read.
    """
    try:
        with replacing(out) as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as box, reading(opened.engine) as connection:
                _write(box, connection, opened, at)
            file.flush()
            return verify_archive(Path(file.name))
    except OSError as error:
        raise InvalidArchive(f"无法写出“{out}”（{why(error)}）") from error


def _write(box: zipfile.ZipFile, connection: Connection, opened: OpenCampaign, at: int) -> None:
    members: dict[str, dict[str, Any]] = {}
    for name, table in TABLES.items():
        rows = harmless_rows(name, table_rows(connection, table))
        members[f"{ROWS}{name}.jsonl"] = _add_lines(box, f"{ROWS}{name}.jsonl", rows)
    for digest in content_digests(connection):
        # What came in is compressed already.
        box.writestr(_info(f"{CONTENT}{digest}", zipfile.ZIP_STORED), content_of(connection, digest))
        members[f"{CONTENT}{digest}"] = {"sha256": digest}
    settings = opened.folder / SETTINGS_FILE
    if settings.exists():
        members[SETTINGS_FILE] = _add(box, SETTINGS_FILE, settings.read_bytes())
    if is_own_form(form := opened.campaign.form):
        members[form] = _add(box, form, Path(opened.form).read_bytes())
    members[INDEX] = _add(box, INDEX, _index(connection))
    manifest = {
        "archive": ARCHIVE_VERSION,
        "xlcheck": __version__,
        "revision": REVISION,
        "made": at,
        "campaign": opened.campaign.id,
        "members": members,
    }
    box.writestr(_info(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1))


def _info(name: str, kind: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _WHEN)
    info.compress_type = kind
    return info


def _add(box: zipfile.ZipFile, name: str, data: bytes) -> dict[str, Any]:
    box.writestr(_info(name), data)
    return {"sha256": hashlib.sha256(data).hexdigest()}


def _add_lines(box: zipfile.ZipFile, name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Write rows one by one: those of a large ledger never lie in memory together."""
    total, hashed = 0, hashlib.sha256()
    with box.open(_info(name), "w", force_zip64=True) as member:
        for row in rows:
            line = (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
            member.write(line)
            hashed.update(line)
            total += 1
    return {"rows": total, "sha256": hashed.hexdigest()}


# --- for people ------------------------------------------------------------------------------------------------------

_HEADS = ("年度", "名称", "单位", "第几次", "报送时间", "文件", "结论", "原件", "审核副本")


def _index(connection: Connection) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(_HEADS)
    for campaign in ledger_campaigns(connection):
        for unit in campaign_units(connection, campaign.id, withdrawn=True):
            rows.writerows(_lines(connection, campaign, unit.unit.name, arrivals_of(connection, unit.id)))
        for kind, said in UNOWNED_WORDS.items():
            rows.writerows(_lines(connection, campaign, f"（{said}）", unowned_arrivals(connection, campaign.id, kind)))
    # Excel and WPS take a CSV file for UTF-8 only when it begins with a mark.
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _lines(
    connection: Connection, campaign: Campaign, unit: str, arrivals: Iterable[CampaignArrival]
) -> Iterator[list[str]]:
    arrivals = tuple(arrivals)
    checks = checks_of(connection, [one.id for one in arrivals])
    for one in arrivals:
        check = checks.get(one.id)
        said = CONCLUSIONS[of_entry(check.entry).tally.conclusion] if check else ""
        when = said_time(one.at)
        copy = f"{CONTENT}{check.copy}" if check and check.copy else ""
        told = (campaign.name, unit, str(one.number or ""), when, one.name, said, f"{CONTENT}{one.digest}", copy)
        yield [str(campaign.year), *map(harmless, told)]


# --- reading back ----------------------------------------------------------------------------------------------------


def verify_archive(path: Path) -> ArchiveCounts:
    """Whether all is there that was written, to the last bit; answers what it holds.

    Raises:
        InvalidArchive: it is not, or it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return _verified_box(file)
    except OSError as error:
        raise InvalidArchive(f"无法读取“{path}”（{why(error)}）") from error
    except InvalidArchive as error:
        raise InvalidArchive(f"“{path}”{error.message}") from error


def _verified_box(file: BinaryIO) -> ArchiveCounts:
    """The same of an opened file.

    Raises:
        InvalidArchive: as above, without its name.
    """
    try:
        with zipfile.ZipFile(file) as box:
            manifest = manifest_of(box)
            members: dict[str, dict[str, Any]] = manifest["members"]
            if sorted(box.namelist()) != sorted([MANIFEST, *members]):
                raise InvalidArchive("不完整：里面的文件与清单对不上")
            rows = sum(_verified(box, name, told) for name, told in members.items())
            digests = {name.removeprefix(CONTENT) for name in members if name.startswith(CONTENT)}
            if missing := _referred(box) - digests:
                raise InvalidArchive(f"不完整：缺少 {len(missing)} 份原件或副本")
            campaigns, users = (members[f"{ROWS}{table}.jsonl"]["rows"] for table in ("campaign", "office_user"))
            return ArchiveCounts(campaigns, rows, len(digests), users)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, KeyError, TypeError, ValueError) as error:
        raise InvalidArchive("已损坏，或者不是 xlcheck 的归档") from error


def manifest_of(box: zipfile.ZipFile) -> dict[str, Any]:
    """What the archive says of itself.

    Raises:
        InvalidArchive: it is none, or a later version wrote it.
        KeyError, ValueError, TypeError: it is damaged.
    """
    if MANIFEST not in box.namelist():
        raise InvalidArchive("不是 xlcheck 的归档")
    manifest: dict[str, Any] = json.loads(box.read(MANIFEST))
    if manifest["archive"] != ARCHIVE_VERSION:
        raise InvalidArchive("是更新版本的 xlcheck 写的，请先升级 xlcheck")
    return manifest


def _verified(box: zipfile.ZipFile, name: str, told: Mapping[str, Any]) -> int:
    """How many rows a member has, if its bytes are those that were written."""
    hashed, rows = hashlib.sha256(), 0
    with box.open(name) as member:
        while part := member.read(1 << 20):
            hashed.update(part)
            rows += part.count(b"\n")
    digest = name.removeprefix(CONTENT) if name.startswith(CONTENT) else told["sha256"]
    if hashed.hexdigest() != digest or hashed.hexdigest() != told["sha256"]:
        raise InvalidArchive(f"里的“{name}”与写的时候不一样，已损坏或被人改过")
    if name.startswith(ROWS) and rows != told["rows"]:
        raise InvalidArchive(f"里的“{name}”行数不对")
    return rows if name.startswith(ROWS) else 0


def rows_in(box: zipfile.ZipFile, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table."""
    with box.open(f"{ROWS}{table}.jsonl") as member:
        for line in member:
            yield json.loads(line)


def _referred(box: zipfile.ZipFile) -> set[str]:
    """The digests of the contents that rows refer to."""
    found: set[str] = set()
    for name, table in TABLES.items():
        columns = [key.parent.name for key in table.foreign_keys if key.target_fullname == "content.digest"]
        if columns:
            found |= {row[column] for row in rows_in(box, name) for column in columns if row.get(column)}
    return found
