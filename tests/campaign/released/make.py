"""Write down a ledger of the newest migration, with something in each table."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine

from tests.campaign.released import FOLDER, rows_of
from tests.making.ledgers import OVER, START, a_campaign, entry_of, finding, hand_in, the_units
from xlcheck.campaign.ledger.access import begin_session, enter_user, grant_link, grant_token, revoke_link
from xlcheck.campaign.ledger.arrivals import set_arrival_aside
from xlcheck.campaign.ledger.audit import enter_audit
from xlcheck.campaign.ledger.board import board_page
from xlcheck.campaign.ledger.database import open_ledger_database, reading, writing
from xlcheck.campaign.ledger.decisions import enter_decision
from xlcheck.campaign.ledger.letters import CampaignLetterLedger
from xlcheck.campaign.ledger.reminders import enter_reminder
from xlcheck.campaign.ledger.replies import enter_answer, enter_reply
from xlcheck.campaign.ledger.schema import REVISION
from xlcheck.campaign.ledger.units import enter_units
from xlcheck.campaign.ledger.values import Campaign
from xlcheck.mail.sending.entries import Reply
from xlcheck.roster.units import Unit

UNITS = [Unit("甲局", "11440100007482476Q"), Unit("乙局"), Unit("丙局"), Unit("丁局"), Unit("戊局"), Unit("己局")]


def fill(engine: Engine) -> dict[str, str]:
    """Put something into each table; answers each unit's state."""
    with writing(engine) as connection:
        campaign, board = _filled(connection)
    letters = CampaignLetterLedger(engine, campaign.id, "王科", lambda: START)
    letter = letters.enter(UNITS[0], "passed", "a", "example.org", START)
    said = "请改正。"
    letters.change([letter._replace(text_digest=hashlib.sha256(said.encode()).hexdigest())], [said])
    letters.begin(letter, ["a@example.org"], ["a@example.org"])
    letters.settle(letter, {"a@example.org": Reply("accepted", "")})
    return board


def _filled(connection: Connection) -> tuple[Campaign, dict[str, str]]:
    campaign = a_campaign(connection, UNITS)
    units = the_units(connection, campaign)
    enter_units(connection, campaign.id, [*UNITS[:5], UNITS[5]._replace(phone="010-1")], START, "王科")
    hand_in(connection, campaign, units["甲局"], entry_of(finding("B101", "error")))
    hand_in(connection, campaign, units["甲局"], entry_of(), at=START + 99)
    hand_in(connection, campaign, units["乙局"], entry_of(finding("B101", "error")))
    warned = hand_in(connection, campaign, units["丙局"], entry_of(finding("P101")))
    reply = enter_reply(connection, warned.id, "P101", ("表一!D5",), "去年多报", START, "链接")
    enter_answer(connection, reply.id, accepted=False, note="不清楚", at=START, by="王科")
    hand_in(connection, campaign, units["丁局"], entry_of(status="unreadable"))
    accepted = hand_in(connection, campaign, units["戊局"], entry_of(finding("P101")))
    enter_decision(connection, accepted.id, "accepted", "已电话核实", START, "王科")
    hand_in(connection, campaign, None)
    set_arrival_aside(connection, hand_in(connection, campaign, None, data=b"x").id, "通知的回执", START, "王科")
    enter_reminder(connection, units["己局"].id, "phone", 1, "占线", START, "王科")
    link, _ = grant_link(connection, units["甲局"].id, START, "王科")
    revoke_link(connection, link.id, START + 1)
    user = enter_user(connection, "王科", "$argon2id$", "经办", START, "本机", must_change=True)
    begin_session(connection, user, START, OVER)
    grant_token(connection, "另一个系统", "查看", START, OVER, "王科", campaign=campaign.id)
    enter_audit(connection, START, "王科", "通过", "戊局", campaign.id)
    return campaign, {one.unit.unit.name: one.state for one in board_page(connection, campaign.id, OVER).rows}


def main() -> None:
    """Write the file."""
    with TemporaryDirectory() as folder, open_ledger_database(Path(folder) / "a.sqlite") as engine:
        board = fill(engine)
        with reading(engine) as connection:
            text = json.dumps({"rows": rows_of(connection), "board": board}, ensure_ascii=False, indent=1)
        (FOLDER / f"{REVISION}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
