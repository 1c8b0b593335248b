"""All pages of the office."""

from __future__ import annotations

from xlcheck.web.pages.accounts import ACCOUNT_ROUTES
from xlcheck.web.pages.arrivals import ARRIVAL_ROUTES
from xlcheck.web.pages.board import BOARD_ROUTES
from xlcheck.web.pages.campaigns import CAMPAIGN_ROUTES
from xlcheck.web.pages.explanations import EXPLANATION_ROUTES
from xlcheck.web.pages.history import HISTORY_ROUTES
from xlcheck.web.pages.intake import INTAKE_ROUTES
from xlcheck.web.pages.letters import LETTER_ROUTES
from xlcheck.web.pages.outcome import OUTCOME_ROUTES
from xlcheck.web.pages.rounds import ROUND_ROUTES
from xlcheck.web.pages.terms import TERMS_ROUTES
from xlcheck.web.pages.units import UNIT_ROUTES

OFFICE_ROUTES = (
    *CAMPAIGN_ROUTES, *BOARD_ROUTES, *ARRIVAL_ROUTES, *INTAKE_ROUTES, *HISTORY_ROUTES, *ROUND_ROUTES, *EXPLANATION_ROUTES, *LETTER_ROUTES,
    *OUTCOME_ROUTES, *UNIT_ROUTES, *TERMS_ROUTES, *ACCOUNT_ROUTES,
)  # fmt: skip
