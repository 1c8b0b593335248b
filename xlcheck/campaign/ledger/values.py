"""What stands in the ledger, as frozen values. Times are whole seconds since 1970; `by` is who did it, as the window knows him."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

from xlcheck.model.errors import Error
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.units import Unit

Way = Literal["folder", "letter", "upload", "hand", "api"]
"""How something came in."""

WAY_WORDS: Mapping[Way, str] = {
    "folder": "文件夹",
    "letter": "来信",
    "upload": "网上报送",
    "hand": "经办人收下",
    "api": "接口报送",
}

UnownedKind = Literal["unknown", "aside", "refused"]
"""Nobody knows whose it is, it is no submission, or it was not taken in."""

UNOWNED_WORDS: Mapping[UnownedKind, str] = {"unknown": "归属不明", "aside": "不是报送材料", "refused": "未收下"}

DecisionKind = Literal["accepted", "returned", "withdrawn"]
"""通过 or 退改; or that what was decided before holds no more."""

DECISION_WORDS: Mapping[DecisionKind, str] = {
    "accepted": "通过",
    "returned": "退改",
    "withdrawn": "改归本单位，原先的决定不再有效",
}

ReminderWay = Literal["letter", "phone"]

Role = Literal["经办", "查看"]
"""Who may change something, and who may only look."""


class ActRefused(Error):
    """Something that the ledger does not enter, since it would not be true; the message says why, for a clerk."""

    code = "act"


class Campaign(NamedTuple):
    """One year's collection of one form."""

    id: int
    form: str
    """The form's id."""
    year: int
    name: str
    created: int


class CampaignTerms(NamedTuple):
    """What the office announces; the newest ones count."""

    office: str
    """The office's name."""
    phone: str
    reply_to: str
    """The address that units answer to."""
    deadline: datetime.date | None
    """The last day on which to hand in, by Chinese time."""
    at: int
    by: str


class CampaignUnit(NamedTuple):
    """A unit of a campaign, as the newest list has it."""

    id: int
    unit: Unit
    place: int = 0
    """Its line in the list, from 0."""
    hands_in: bool = True
    """Whether it must hand in; one that others name as theirs above need not, unless the list says so."""
    withdrawn: bool = False
    """Whether the newest list names it no more."""


class CampaignArrival(NamedTuple):
    """Something that came in."""

    id: int
    campaign: int
    unit: int | None
    """Whose it is; None as long as nobody knows (归属不明)."""
    number: int
    """Which of its unit's it is (第几次), from 1, by `at`; 0 as long as nobody knows whose it is."""
    digest: str
    """SHA-256 of its content."""
    name: str
    """The file's, as it came."""
    at: int
    """When it reached the office."""
    way: Way
    sender: str
    """The address or the like that it came from; or empty."""
    by: str
    receipt: str
    """What a unit quotes when it asks about it: ``7KQD-2M9X``."""
    origin: str = ""
    """What it was taken from, so that the same is taken in once only; or empty."""


class Unowned(NamedTuple):
    """Why an arrival is no unit's; the newest one counts, as long as it is given to none."""

    kind: UnownedKind = "unknown"
    reason: str = ""
    """In a clerk's words."""
    unit: int | None = None
    """By whose link or address it came, as far as that is known."""
    at: int = 0
    by: str = ""


class ArrivalCheck(NamedTuple):
    """What checking an arrival came to; the newest one counts."""

    id: int
    arrival: int
    at: int
    version: str
    """Of xlcheck."""
    status: str
    """``passed``, ``failed`` or ``unreadable``, as results tell it."""
    review: bool
    """Whether it passes by itself, but with warnings that the file does not explain."""
    errors: int
    warnings: int
    copy: str
    """Digest of the annotated copy; or empty."""
    suffix: str
    """How the copy's name ends: ``.xlsx``; or empty."""
    last_year: str
    """What it was compared with, for a clerk; or empty."""
    drawn: str
    """Digest of what the form with red cells is drawn from; or empty."""
    entry: str
    """The file's entry in ``results.json``."""


class ArrivalWarning(NamedTuple):
    """A warning that a unit should explain, as it is known within its arrival."""

    code: str
    cells: tuple[str, ...]


class Decision(NamedTuple):
    """What the office decided of an arrival; the newest one counts."""

    id: int
    arrival: int
    kind: DecisionKind
    note: str
    at: int
    by: str


class WarningReply(NamedTuple):
    """What a unit says of a warning; the newest one counts."""

    id: int
    arrival: int
    code: str
    cells: tuple[str, ...]
    text: str
    at: int
    by: str


class OfficeAnswer(NamedTuple):
    """What the office says of an explanation; the newest one counts."""

    id: int
    reply: int
    accepted: bool
    note: str
    at: int
    by: str


class Reminder(NamedTuple):
    """A unit was reminded (催报)."""

    id: int
    unit: int
    way: ReminderWay
    round: int
    note: str
    at: int
    by: str


class UnitLink(NamedTuple):
    """What lets a unit in; only the hash of its secret is kept."""

    id: int
    unit: int
    created: int
    expires: int
    """From when on it lets nobody in, as the terms are now."""
    by: str
    revoked: int | None = None


class OfficeUser(NamedTuple):
    """Somebody of the office, as he stands now."""

    id: int
    name: str
    password: str
    """Its hash, as argon2 writes it."""
    role: Role
    disabled: bool
    at: int
    by: str
    must_change: bool
    """Whether somebody else chose the password, so that he must choose another before he does anything."""


class OfficeSession(NamedTuple):
    """A user who logged in."""

    id: int
    user: OfficeUser
    created: int
    expires: int


class ApiToken(NamedTuple):
    """What lets another system in."""

    id: int
    campaign: int | None
    """The only campaign that it is for; None for all."""
    name: str
    role: Role
    created: int
    expires: int
    by: str
    revoked: int | None = None


class AuditLine(NamedTuple):
    """Somebody did something."""

    id: int
    campaign: int | None
    at: int
    who: str
    what: str
    about: str
