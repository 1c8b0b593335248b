"""What units said of warnings and waits for the office, across the whole campaign; and the office's answers."""

from __future__ import annotations

from starlette.responses import Response

from xlcheck.campaign.acts import answer_reply
from xlcheck.campaign.ledger.arrivals import arrival_of
from xlcheck.campaign.ledger.checks import check_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.units import campaign_unit
from xlcheck.campaign.ledger.waiting import waiting_replies
from xlcheck.results.record import of_entry
from xlcheck.web.campaigns import opened
from xlcheck.web.pages.frame import EXPLANATIONS_TAB, address_of_campaign, frame
from xlcheck.web.pages.said import ReplyView, problem_of, reply_view
from xlcheck.web.refusal import NotDone
from xlcheck.web.rendering import see, show
from xlcheck.web.routing import Asked, get, post

_SHOWN = 100
"""The oldest that wait; the next ones follow as these are answered."""


def _explanations(asked: Asked) -> Response:
    base = address_of_campaign(asked)
    views: list[ReplyView] = []
    with opened(asked) as one:
        with reading(one.engine) as connection:
            for reply in waiting_replies(connection, one.campaign.id)[:_SHOWN]:
                arrival = arrival_of(connection, reply.arrival)
                check = check_of(connection, arrival.id)
                unit = campaign_unit(connection, arrival.unit) if arrival.unit is not None else None
                problem = problem_of(of_entry(check.entry), reply.code, reply.cells) if check else ""
                name = unit.unit.name if unit else ""
                views.append(reply_view(base, name, arrival, problem, reply, None, is_open=True))
        around = frame(asked, one, EXPLANATIONS_TAB)
        return show(asked, "explanations.html", campaign=around, replies=views, back=f"{base}/explanations")


def _answer(asked: Asked) -> Response:
    base = address_of_campaign(asked)
    accepted, note = asked.field("accepted") == "1", asked.field("note")
    if not accepted and not note:
        raise NotDone(409, "退回说明要写明原因，请返回上一页填写")
    with opened(asked) as one:
        answer_reply(one, int(str(asked.path["reply"])), asked.visitor.name, asked.at, accepted=accepted, note=note)
    # Only to a page of this campaign: the field comes from the browser.
    back = asked.field("back")
    where = back if back.startswith(f"{base}/") else f"{base}/explanations"
    return see(asked, where, "已采纳这条说明" if accepted else "已退回这条说明")


EXPLANATION_ROUTES = (
    get("/c/{campaign}/explanations", _explanations, "viewer"),
    post("/c/{campaign}/reply/{reply:int}", _answer, "clerk", act="答复说明"),
)
