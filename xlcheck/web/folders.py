"""The campaigns of a site, each a folder that is found by a key; they stay open as long as the server runs."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

from sqlalchemy import Engine

from xlcheck.campaign.ledger.database import is_same_ledger
from xlcheck.campaign.ledger.values import Campaign
from xlcheck.campaign.opening import (
    NewCampaign,
    NoCampaign,
    OpenCampaign,
    campaign_folders,
    campaign_in,
    campaigns,
    is_own_form,
    new_campaign,
    open_campaign,
)
from xlcheck.campaign.settings import SETTINGS_FILE, CampaignSettings, change_settings, load_settings
from xlcheck.files.content import why
from xlcheck.model.errors import Error
from xlcheck.tasks.given import CannotDo
from xlcheck.web.refusal import NotDone

_PLAIN = re.compile(r"[\w-]{1,40}")


class CampaignFolders:
    """Campaigns in folders right below one, or the one that the folder itself is of.

    Each is opened when it is first asked for, and again when its settings change; all are closed with the server.

    Args:
        parent: the folder.
        ledger: the address of the ledger that new ones are entered in; empty for one in each folder.
        engine: the connections to that ledger, whose campaigns alone are opened; None where there is none.
    """

    def __init__(self, parent: Path, ledger: str = "", engine: Engine | None = None) -> None:
        self._parent = parent
        self._ledger = ledger
        self._engine = engine
        self._lock, self._joining = threading.Lock(), threading.Lock()
        self._stack = ExitStack()
        self._known: dict[Path, tuple[object, OpenCampaign]] = {}

    def folders(self) -> dict[str, Path]:
        """All folders of campaigns, by their keys."""
        here = [self._parent] if (self._parent / SETTINGS_FILE).exists() else campaign_folders(self._parent)
        return {key_of(folder.resolve().name): folder for folder in here}

    def opened(self, key: str) -> OpenCampaign:
        """The campaign of that key; it stays open.

        Raises:
            NotDone: there is none.
            Error: it cannot be used; the message says why.
        """
        folder = self._folder(key)
        with self._lock:
            stamp = self._stamp(folder)
            known = self._known.get(folder)
            if known is None or known[0] != stamp:
                # One that was opened before is closed at the end only: somebody may be using it.
                known = self._known[folder] = stamp, self._stack.enter_context(self._opening(folder))
            return known[1]

    def make(self, new: NewCampaign, by: str, at: int) -> str:
        """A new campaign in a folder of its own; its key.

        Raises:
            NoCampaign: there is one of this year and name already, or its folder cannot be made.
        """
        folder = self._free(new.year)
        new_campaign(folder, new, by, at, CampaignSettings(0, ledger=self._ledger))
        return key_of(folder.name)

    def join_missing(self, at: int) -> dict[str, str]:
        """Make folders for the campaigns of the ledger that have none here: somebody else made them, or a folder is gone.

        Returns:
            By what it is called, why that cannot be done for a campaign.
        """
        with self._joining:
            return self._joined(at)

    def _joined(self, at: int) -> dict[str, str]:
        failed = {}
        for one in self._missing():
            new = NewCampaign(one.year, (), name=one.name, form=one.form)
            try:
                if is_own_form(one.form):
                    raise NoCampaign(f"表样“{one.form}”不在这台计算机上；请把它的文件夹复制到“{self._parent}”")
                new_campaign(self._free(one.year), new, "", at, CampaignSettings(0, ledger=self._ledger), join=True)
            except Error as error:
                failed[f"{one.year} 年度 {one.name}"] = error.message
        return failed

    def _missing(self) -> list[Campaign]:
        if self._engine is None or (self._parent / SETTINGS_FILE).exists():
            return []  # all is in the folders, or only the one campaign of this folder is served
        here = set()
        for folder in self.folders().values():
            with suppress(Error):
                settings = load_settings(folder)
                here.add(settings.campaign if is_same_ledger(settings.ledger_in(folder), self._ledger) else 0)
        return [one for one in campaigns(self._engine) if one.id not in here]

    def _free(self, year: int) -> Path:
        """Where a folder for a campaign of that year can be made."""
        taken = {path.name for path in self._parent.iterdir()} if self._parent.is_dir() else set()
        name, number = str(year), 2
        while name in taken:
            name, number = f"{year}-{number}", number + 1
        return self._parent / name

    def change(self, key: str, change: Callable[[CampaignSettings], CampaignSettings]) -> None:
        """Change the settings of a campaign; who asks for it next has it with the new ones.

        Raises:
            NotDone: there is none of that key.
            CannotDo: they cannot be written.
        """
        folder = self._folder(key)
        with self._lock:
            try:
                change_settings(folder, change(load_settings(folder)))
            except OSError as error:
                raise CannotDo("output", f"设置没有存下来（{why(error)}）") from error

    def close(self) -> None:
        """Close all."""
        with self._lock:
            self._known.clear()
            self._stack.close()

    def _folder(self, key: str) -> Path:
        folder = self.folders().get(key)
        if folder is None:
            raise NotDone(404, "没有这项报送工作；它的文件夹可能移走或改名了")
        return folder

    def _opening(self, folder: Path) -> AbstractContextManager[OpenCampaign]:
        if self._engine is None:
            return open_campaign(folder)
        settings = load_settings(folder)
        # Links, tokens and users are the ledger's: in another one their numbers are somebody else's.
        if not is_same_ledger(settings.ledger_in(folder), self._ledger):
            raise NotDone(404, "这项报送工作的台账不在本服务器的数据库里；请在本机用 xlcheck serve 打开它的文件夹")
        return campaign_in(self._engine, settings.campaign, folder, settings)

    def _stamp(self, folder: Path) -> object:
        """What changes when it must be opened anew: its settings, or the folders beside it, one of which may be last year's."""
        try:
            found = (folder / SETTINGS_FILE).stat()
            return found.st_mtime_ns, found.st_ino, tuple(self.folders())
        except OSError:
            return None


def key_of(name: str) -> str:
    """What stands in addresses for a folder of that name: the name itself, where no address reads it otherwise."""
    return (
        name
        if _PLAIN.fullmatch(name)
        else f"x{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
    )
