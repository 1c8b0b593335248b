"""Links, users, sessions and tokens: who comes in, until when, and that the ledger holds nothing that lets anybody in."""

from __future__ import annotations

import datetime

import pytest
from sqlalchemy import Connection, Engine

from tests.campaign.released import rows_of
from tests.making.ledgers import DEADLINE, OVER, START, TERMS, a_campaign, the_units
from xlcheck.campaign.ledger.access import (
    api_tokens,
    begin_session,
    end_session,
    enter_user,
    grant_link,
    grant_token,
    link_expires,
    link_of,
    links_of,
    office_users,
    revoke_link,
    revoke_token,
    session_of,
    token_of,
    user_named,
)
from xlcheck.campaign.ledger.audit import audit_count, audit_lines, enter_audit
from xlcheck.campaign.ledger.campaigns import enter_terms
from xlcheck.campaign.ledger.database import writing
from xlcheck.campaign.ledger.values import Campaign, CampaignUnit

END = START + 100
DAY = 24 * 60 * 60


def a_unit(connection: Connection, campaign: Campaign) -> CampaignUnit:
    return the_units(connection, campaign)["甲局"]


def test_a_link_lets_in_until_it_ends_or_is_revoked(engine: Engine) -> None:
    with writing(engine) as connection:
        unit = a_unit(connection, a_campaign(connection, ["甲局"]))
        link, secret = grant_link(connection, unit.id, START, "王科")
        other, second = grant_link(connection, unit.id, START, "王科")
        assert link_of(connection, secret, link.expires - 1) == link
        assert link_of(connection, secret, link.expires) is None
        assert link_of(connection, secret[:-1], START) is None
        assert link_of(connection, "\udcff", START) is None
        assert revoke_link(connection, link.id, START + 1)
        assert not revoke_link(connection, link.id, START + 2)
        assert link_of(connection, secret, START + 1) is None
        assert link_of(connection, second, START + 1) == other
        assert links_of(connection, unit.id) == (link._replace(revoked=START + 1), other)


@pytest.mark.parametrize("before", [None, DEADLINE, DEADLINE.replace(month=3)])
@pytest.mark.parametrize("after", [DEADLINE, DEADLINE.replace(month=3)])
def test_a_link_goes_on_for_as_long_as_the_deadline_of_now_says(
    engine: Engine, before: datetime.date | None, after: datetime.date
) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        enter_terms(connection, campaign.id, TERMS._replace(deadline=before))
        unit = a_unit(connection, campaign)
        link, secret = grant_link(connection, unit.id, START, "王科")
        assert link.expires == link_expires(before, START)
        enter_terms(connection, campaign.id, TERMS._replace(deadline=after))
        end = link_expires(after, START)
        assert link_of(connection, secret, end - 1) == link._replace(expires=end)
        assert link_of(connection, secret, end) is None


def test_links_outlive_the_deadline() -> None:
    assert link_expires(DEADLINE, START) == link_expires(DEADLINE, START + 5)
    assert link_expires(DEADLINE, START) == OVER + 60 * DAY
    assert link_expires(DEADLINE, OVER + 90 * DAY) == OVER + 150 * DAY
    assert link_expires(None, START) == START + 180 * DAY


def test_a_token_lets_in_until_it_ends_or_is_revoked(engine: Engine) -> None:
    with writing(engine) as connection:
        token, secret = grant_token(connection, "另一个系统", "查看", START, END, "王科")
        assert token_of(connection, secret, END - 1) == token
        assert token_of(connection, secret, END) is None
        assert revoke_token(connection, token.id, START)
        assert token_of(connection, secret, START) is None
        assert api_tokens(connection) == (token._replace(revoked=START),)


def test_a_user_stands_as_he_was_entered_last(engine: Engine) -> None:
    with writing(engine) as connection:
        first = enter_user(connection, " 王科", "$1", "查看", START, "本机", must_change=False)
        second = enter_user(connection, "王科", "$2", "经办", START + 1, "本机", must_change=True)
        enter_user(connection, "李科", "$3", "查看", START, "本机", must_change=False, disabled=True)
        assert first.id == second.id
        assert user_named(connection, "王科") == second
        assert (first.must_change, second.must_change) == (False, True)
        assert user_named(connection, "张科") is None
        assert [(one.name, one.disabled) for one in office_users(connection)] == [("王科", False), ("李科", True)]


def test_a_session_lets_in_until_it_ends(engine: Engine) -> None:
    with writing(engine) as connection:
        user = enter_user(connection, "王科", "$1", "经办", START, "本机", must_change=False)
        session, secret = begin_session(connection, user, START, END)
        _, second = begin_session(connection, user, START, END)
        assert session_of(connection, secret, END - 1) == session
        assert session_of(connection, secret, END) is None
        end_session(connection, secret)
        assert session_of(connection, secret, START) is None
        assert session_of(connection, second, START) is not None


@pytest.mark.parametrize("disabled", [False, True])
def test_who_gets_another_password_or_is_disabled_is_out(engine: Engine, disabled: bool) -> None:
    with writing(engine) as connection:
        user = enter_user(connection, "王科", "$1", "经办", START, "本机", must_change=False)
        _, secret = begin_session(connection, user, START, END)
        later = enter_user(connection, "王科", "$2", "经办", START + 1, "本机", must_change=False, disabled=disabled)
        assert session_of(connection, secret, START + 1) is None
        _, fresh = begin_session(connection, later, START + 1, END)
        assert (session_of(connection, fresh, START + 1) is None) == disabled


def test_sessions_that_are_over_are_forgotten(engine: Engine) -> None:
    with writing(engine) as connection:
        user = enter_user(connection, "王科", "$1", "经办", START, "本机", must_change=False)
        begin_session(connection, user, START, START + 1)
        begin_session(connection, user, START + 1, END)
        assert len(rows_of(connection)["office_session"]) == 1


def secrets_of(connection: Connection) -> list[str]:
    unit = next(iter(the_units(connection, a_campaign(connection, ["甲局"])).values()))
    user = enter_user(connection, "王科", "$1", "经办", START, "本机", must_change=False)
    _, link = grant_link(connection, unit.id, START, "王科")
    _, token = grant_token(connection, "另一个系统", "查看", START, END, "王科")
    _, session = begin_session(connection, user, START, END)
    return [link, token, session]


def test_the_ledger_holds_nothing_that_lets_in(engine: Engine) -> None:
    with writing(engine) as connection:
        secrets = secrets_of(connection)
        kept = str(rows_of(connection))
    assert len(set(secrets)) == 3
    assert all(len(secret) == 32 and secret not in kept for secret in secrets)


def test_who_did_what(engine: Engine) -> None:
    with writing(engine) as connection:
        campaign = a_campaign(connection, ["甲局"])
        lines = [enter_audit(connection, START, "王科", f"第 {number}", "甲\n局", campaign.id) for number in range(3)]
        login = enter_audit(connection, START, "王\0科", "登录")
        assert (login.who, lines[0].about) == ("王\ufffd科", "甲 局")
        assert audit_lines(connection) == (login, *reversed(lines))
        assert audit_lines(connection, campaign=campaign.id, start=1, count=1) == (lines[1],)
        assert (audit_count(connection), audit_count(connection, campaign=campaign.id)) == (4, 3)
