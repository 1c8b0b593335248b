"""The tables that go out: each unit's own, with what its submission of last year knows of it."""

from __future__ import annotations

from functools import partial

from xlcheck.campaign.comparing import last_year_of
from xlcheck.campaign.ledger.values import CampaignUnit
from xlcheck.campaign.opening import OpenCampaign
from xlcheck.model.tuples import NamedTuple
from xlcheck.roster.stems import file_stem
from xlcheck.tasks.events import Listener, Notice, ignore
from xlcheck.tasks.given import CannotDo, form_of
from xlcheck.tasks.template import drawn_unit


class UnitTemplate(NamedTuple):
    """A unit's own table, to be filled in."""

    name: str
    """A file name."""
    data: bytes


def unit_template(opened: OpenCampaign, unit: CampaignUnit, listen: Listener = ignore) -> UnitTemplate:
    """The template of a unit, prefilled from last year's campaign as far as that has something of it.

    Raises:
        CannotDo: the form cannot be used.
        LedgerTrouble: the ledger cannot be read.
    """
    form, year, wanted = form_of(opened.form), opened.campaign.year, opened.settings.template
    before, _ = last_year_of(opened, unit)
    drawn = partial(drawn_unit, form, unit.unit, year, totals=wanted.totals, zeros=wanted.zeros)
    name = f"{file_stem(unit.unit.name)}.xlsx"
    try:
        return UnitTemplate(name, drawn(before.content if before else None))
    except CannotDo as error:
        if before is None:
            raise
        listen(Notice(f"“{unit.unit.name}”：{error.message}；模板没有预填上年数"))
        return UnitTemplate(name, drawn(None))
