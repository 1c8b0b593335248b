"""The list of units of a campaign (单位名单): looked at, and given anew."""

from __future__ import annotations

import io
import zipfile

from starlette.responses import Response

from xlcheck.campaign.acts import change_units, left_with_rounds
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.units import campaign_units
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.campaign.templates import unit_template
from xlcheck.model.tuples import NamedTuple
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.campaigns import listed_units
from xlcheck.web.pages.frame import UNITS_TAB, address_of_campaign, frame, unit_asked
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import XLSX, download_of, see, show
from xlcheck.web.routing import Asked, get, post


class ListedUnitRow(NamedTuple):
    """A line of the list."""

    name: str
    href: str
    code: str
    parent: str
    contact: str
    phone: str
    email: str
    reports: str
    withdrawn: bool


def _units(asked: Asked) -> Response:
    base = address_of_campaign(asked)
    with opened(asked) as one:
        with reading(one.engine) as connection:
            rows = [_row(unit, base) for unit in campaign_units(connection, one.campaign.id, withdrawn=True)]
        return show(asked, "units.html", campaign=frame(asked, one, UNITS_TAB), units=rows)


def _row(unit: CampaignUnit, base: str) -> ListedUnitRow:
    listed = unit.unit
    return ListedUnitRow(
        listed.name,
        f"{base}/unit/{unit.id}",
        listed.code,
        listed.parent,
        listed.contact,
        listed.phone,
        listed.email,
        "是" if unit.hands_in else "否",
        unit.withdrawn,
    )


def _import(asked: Asked) -> Response:
    if not asked.files:
        raise NotDone(409, "没有选择名单")
    doubts: list[str] = []
    units = listed_units(asked, doubts)
    with opened(asked) as one:
        changed = change_units(one, units, asked.visitor.name, asked.at, is_whole=not asked.field("more"))
        if left := left_with_rounds(one, changed):
            doubts.append(left)
    said = (
        f"名单已导入：新增 {len(changed.new)} 个单位，修改 {len(changed.changed)} 个，移出 {len(changed.withdrawn)} 个"
    )
    return see(asked, f"{address_of_campaign(asked)}/units", "\n".join([said, *doubts]))


def _template(asked: Asked) -> Response:
    with opened(asked) as one:
        made = unit_template(one, unit_asked(asked, one))
        return download_of(made.data, made.name, XLSX)


def _templates(asked: Asked) -> Response:
    """The templates of all units that hand in, as one zip."""
    box = io.BytesIO()
    with opened(asked) as one:
        with reading(one.engine) as connection:
            units = [unit for unit in campaign_units(connection, one.campaign.id) if unit.hands_in]
        with zipfile.ZipFile(box, "w") as archive:  # workbooks are compressed already
            for unit in units:
                made = unit_template(one, unit)
                archive.writestr(zipfile.ZipInfo(made.name), made.data)
        return download_of(box.getvalue(), f"{one.campaign.year}年度填报表.zip", "application/zip")


UNIT_ROUTES = (
    get("/c/{campaign}/unit/{unit:int}/template", _template, "viewer"),
    post("/c/{campaign}/templates", _templates, "viewer", checks=True, act="下载填报表"),
    get("/c/{campaign}/units", _units, "viewer"),
    post("/c/{campaign}/units", _import, "clerk", files=1, act="导入名单"),
)
