"""All campaigns, and a new one."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from xlcheck.campaign.ledger.board import board_page
from xlcheck.campaign.ledger.campaigns import terms_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.standings import STATE_WORDS, UnitState
from xlcheck.campaign.opening import NewCampaign, OpenCampaign
from xlcheck.forms.file import DEFAULT, form_ids
from xlcheck.model.errors import Error
from xlcheck.model.submission import parse_year
from xlcheck.model.times import CHINA
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.given import CannotDo, form_of, units_of
from xlcheck.web.campaigns import all_campaigns, every_campaign, make_campaign
from xlcheck.web.rendering import SaidKind, day_text, see, show
from xlcheck.web.routing import Asked, get, post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlcheck.roster.units import Unit


class CampaignRow(NamedTuple):
    """One campaign of the list."""

    name: str
    href: str
    form: str
    deadline: str
    units: int
    counts: Mapping[UnitState, int]


def _list(asked: Asked) -> Response:
    missing = asked.site.campaigns.join_missing(asked.at)
    found = all_campaigns(asked)
    rows = [_row(asked, key, one) for key, one in found.opened]
    return show(asked, "campaigns.html", campaigns=rows, state_words=STATE_WORDS, shut={**found.shut, **missing})


def _row(asked: Asked, key: str, one: OpenCampaign) -> CampaignRow:
    with reading(one.engine) as connection:
        counts = board_page(connection, one.campaign.id, asked.at, count=0).counts
        deadline = terms_of(connection, one.campaign.id).deadline
    name = f"{one.campaign.year} 年度 {one.campaign.name}"
    form = form_of(one.form)
    return CampaignRow(name, f"/c/{key}", form.title, day_text(deadline), sum(counts.values()), counts)


def _blank(asked: Asked) -> Response:
    year = datetime.datetime.fromtimestamp(asked.at, CHINA).year - 1
    given = {"year": str(year), "form": DEFAULT, "deadline": "", "office": "", "phone": "", "reply_to": ""}
    return _asked_for(asked, given)


def _asked_for(asked: Asked, given: Mapping[str, str], trouble: str = "") -> Response:
    forms = [{"id": name, "name": f"{form_of(name).title}（{form_of(name).edition}）"} for name in form_ids()]
    said: dict[str, str | SaidKind] | None = {"said": trouble, "kind": "bad"} if trouble else None
    status = 409 if trouble else 200
    return show(asked, "new.html", status=status, given=given, forms=forms, **({"said": said} if said else {}))


def _make(asked: Asked) -> Response:
    given = {name: asked.field(name) for name in ("year", "form", "deadline", "office", "phone", "reply_to")}
    doubts: list[str] = []
    try:
        new = NewCampaign(
            _year(given["year"]),
            _units(asked, doubts),
            given["office"],
            given["phone"],
            given["reply_to"],
            day_of(given["deadline"]),
            form=given["form"] if given["form"] in form_ids() else DEFAULT,
        )
        _check_is_first(asked, new)
        key = make_campaign(asked, new)
    except Error as error:
        return _asked_for(asked, given, error.message)
    said = f"已建立 {new.year} 年度的报送工作，名单上有 {len(new.units)} 个单位"
    return see(asked, f"/c/{key}" if new.units else f"/c/{key}/units", "\n".join([said, *doubts]))


def _check_is_first(asked: Asked, new: NewCampaign) -> None:
    """A second one of the same year is what a clerk makes who does not find the first."""
    wanted = (new.year, new.form, new.name)
    if any((one.campaign.year, one.form, one.campaign.name) == wanted for _, one in every_campaign(asked)):
        said = f"{new.year} 年度的报送工作已经建立过，请回到首页打开它；截止日期、名单可以在里面改"
        raise CannotDo("options", said)


def _year(text: str) -> int:
    year = parse_year(text)
    if year is None:
        raise CannotDo("options", "“填报年度”要是四位数字的年份，如 2025")
    return year


def day_of(text: str) -> datetime.date | None:
    """A day as a browser sends it; None where none is chosen.

    Raises:
        CannotDo: it is no day.
    """
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CannotDo("options", "“截止日期”不是日期，请重新选择") from error


def _units(asked: Asked, doubts: list[str]) -> tuple[Unit, ...]:
    if not asked.files:
        return ()
    return listed_units(asked, doubts)


def listed_units(asked: Asked, doubts: list[str]) -> tuple[Unit, ...]:
    """The units of the list that was sent; what a person should know of it goes into `doubts`.

    Raises:
        CannotDo: it is no list.
    """
    return tuple(units_of(asked.files[0].data, lambda event: doubts.append(getattr(event, "text", ""))))


CAMPAIGN_ROUTES = (
    get("/", _list, "viewer"),
    get("/new", _blank, "clerk"),
    post("/new", _make, "clerk", files=1, act="新建报送工作"),
)
