"""A campaign's letters: who gets which and why, once, over a server or as files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.making.campaigns import UNITS, WRONG, handed_in, made_campaign, taken, unit_of
from tests.servers import postgres as postgresql
from tests.servers.postgres import DatabaseServer
from tests.servers.smtp import PASSWORD, USER, Running
from xlcheck.campaign import sending
from xlcheck.campaign.acts import accept, answer_reply, change_units, explain, return_to
from xlcheck.campaign.addressing import LetterTopic, LetterWish
from xlcheck.campaign.archive import archive_campaign
from xlcheck.campaign.history import history_of
from xlcheck.campaign.ledger.checks import check_of, warnings_of
from xlcheck.campaign.ledger.database import reading
from xlcheck.campaign.ledger.letters import sending_alone
from xlcheck.campaign.ledger.reminders import reminders_of
from xlcheck.campaign.ledger.replies import replies_of
from xlcheck.campaign.ledger.transfer import content_digests
from xlcheck.campaign.ledger.values import ArrivalWarning, CampaignUnit
from xlcheck.campaign.opening import OpenCampaign, open_campaign
from xlcheck.campaign.restoring import restore_campaign
from xlcheck.campaign.sending import (
    LETTERS_FOLDER,
    TEMPLATES_FOLDER,
    PlannedLetters,
    PostOptions,
    letters_of_unit,
    letters_on_campaign,
    plan_campaign_letters,
    post_of,
    send_campaign_letters,
)
from xlcheck.campaign.settings import SendSettings
from xlcheck.mail.address import parse_address
from xlcheck.mail.sending.mime import words_of
from xlcheck.mail.sending.prepare import LINK_KEPT
from xlcheck.model.submission import Submission
from xlcheck.reading.open import Forms, open_submission
from xlcheck.tasks.events import ignore
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.leaving import SMTP_VARIABLE, Mailed

HERE = PostOptions(None, parse_address("gk@example.org"))
JYJ, SLJ, MZJ = UNITS


def plan(opened: OpenCampaign, topic: LetterTopic = "results", **wish: Any) -> PlannedLetters:
    return plan_campaign_letters(opened, LetterWish(topic, **wish), HERE)


def send(opened: OpenCampaign, topic: LetterTopic = "results", post: PostOptions = HERE, **wish: Any) -> Mailed:
    return send_campaign_letters(opened, LetterWish(topic, **wish), post, "王科")


def kinds(planned: PlannedLetters) -> dict[str, str]:
    return {one.unit.name: one.kind for one in planned.letters}


def reasons(planned: PlannedLetters) -> dict[str, str]:
    return {one.unit.name: one.reason for one in planned.planned.plan.unasked}


def attachment(data: bytes) -> Submission:
    return open_submission(data, Forms()).submission


def outbox(opened: OpenCampaign) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (opened.folder / LETTERS_FOLDER / "outbox").glob("*.eml")}


def attached(message: bytes) -> bytes:
    import email
    import email.policy

    (part,) = email.message_from_bytes(message, policy=email.policy.SMTP).iter_attachments()
    return bytes(part.get_content())


def told(opened: OpenCampaign, arrival: int) -> tuple[ArrivalWarning, ...]:
    with reading(opened.engine) as connection:
        check = check_of(connection, arrival)
        assert check is not None
        return warnings_of(connection, check.id)


def test_each_unit_that_handed_in_nothing_gets_its_own_template_once(opened: OpenCampaign) -> None:
    taken(opened, handed_in("市水利局"))
    planned = plan(opened, "templates")
    assert kinds(planned) == {JYJ.name: "template", MZJ.name: "template"}
    assert reasons(planned) == {SLJ.name: "已经报送（第 1 次），不下发"}
    assert (planned.letters[0].to, planned.letters[0].attachment) == (("u0@example.org",), "市教育局.xlsx")
    assert "请填报" in planned.letters[0].words.subject and "怎样填写、报回" in planned.letters[0].words.html
    assert letters_on_campaign(opened) == ()
    assert not (opened.folder / LETTERS_FOLDER).exists()
    assert send(opened, "templates").went == 2
    mine = attached(outbox(opened)["市教育局.下发.eml"])
    cover = attachment(mine)
    assert (cover.unit, cover.unit_code, cover.year) == (JYJ.name, JYJ.code, 2025)
    assert {letter.state for letter in letters_on_campaign(opened)} == {"written"}
    assert send(opened, "templates").went == 2  # the same files
    assert len(letters_on_campaign(opened)) == len(outbox(opened)) == 2
    assert send(opened, "templates", round=2).went == 2
    assert kinds(plan(opened, "templates")) == {JYJ.name: "template", MZJ.name: "template"}
    assert "（第 2 次下发）" in plan(opened, "templates").letters[0].words.subject


def test_results_follow_from_how_a_unit_stands(opened: OpenCampaign) -> None:
    taken(opened, handed_in("市教育局", **WRONG))
    taken(opened, handed_in("市水利局"))
    assert kinds(plan(opened)) == {JYJ.name: "failed", SLJ.name: "passed"}
    assert kinds(plan(opened, passed=False)) == {JYJ.name: "failed"}
    assert reasons(plan(opened)) == {MZJ.name: "没有报送；要催报的，请发催报信"}
    assert kinds(plan(opened, units=[unit_of(opened, "市水利局").id])) == {SLJ.name: "passed"}
    taken(opened, b"no workbook", unit_id=unit_of(opened, "市民政局").id)
    assert kinds(plan(opened))[MZJ.name] == "unreadable"
    assert send(opened).went == 3
    copy = attached(outbox(opened)["市教育局.退改.eml"])
    assert attachment(copy).unit == JYJ.name
    assert "报表.审核.xlsx" in words_of(outbox(opened)["市教育局.退改.eml"]).text


def test_what_the_office_says_itself_is_told(opened: OpenCampaign) -> None:
    arrival = taken(opened, handed_in("市水利局")).arrival
    send(opened)
    return_to(opened, arrival.id, "王科", 1, "请附收费依据。")
    (letter,) = plan(opened).letters
    assert (letter.kind, letter.attachment) == ("failed", "")
    assert "退回修改" in letter.words.text and "请附收费依据。" in letter.words.text
    send(opened)
    return_to(opened, arrival.id, "王科", 2, "还请盖章。")
    assert "还请盖章。" in plan(opened).letters[0].words.text
    assert send(opened).went == 1
    accept(opened, arrival.id, "王科", 3)
    assert kinds(plan(opened)) == {SLJ.name: "passed"}
    unit = unit_of(opened, "市水利局")
    # The letter that says that it passed was never sent, so that it is written anew; those that returned it are taken back.
    send(opened)
    assert [(one.kind, one.state) for one in letters_of_unit(opened, unit)] == [("passed", "written")]
    assert list(outbox(opened)) == ["市水利局.通过.eml"]


def test_explanations_count_wherever_they_are_given(tmp_path: Path) -> None:
    with open_campaign(made_campaign(tmp_path / "2024", 2024)) as before:
        taken(before, handed_in("市教育局", 2024))
    with open_campaign(made_campaign(tmp_path / "2025")) as opened:
        arrival = taken(opened, handed_in("市教育局")).arrival
        (letter,) = plan(opened).letters
        assert (letter.kind, letter.attachment) == ("review", "报表.审核.xlsx")
        warnings = told(opened, arrival.id)
        assert warnings
        for code, cells in warnings:
            explain(opened, arrival.id, code, cells, "收费项目取消。", "市教育局", 1)
        assert plan(opened).letters == ()
        assert "还没有答复" in reasons(plan(opened))[JYJ.name]
        with reading(opened.engine) as connection:
            replies = replies_of(connection, arrival.id)
        for reply in replies:
            answer_reply(opened, reply.id, "王科", 2, accepted=False, note="请写明依据文号。")
        (letter,) = plan(opened).letters
        assert letter.kind == "review"
        assert "“收费项目取消。”没有采纳：请写明依据文号。" in letter.words.text
        for reply in replies:
            answer_reply(opened, reply.id, "王科", 3, accepted=True)
        (letter,) = plan(opened).letters
        assert letter.kind == "passed"
        assert "都已说明" in letter.words.text


def test_who_handed_in_is_not_reminded_and_every_reminder_is_noted(opened: OpenCampaign) -> None:
    taken(opened, handed_in("市教育局", **WRONG))
    assert send(opened, "reminders").went == 2
    unit = unit_of(opened, "市水利局")

    def noted() -> list[tuple[str, int]]:
        with reading(opened.engine) as connection:
            return [(one.way, one.round) for one in reminders_of(connection, unit.id)]

    assert noted() == [("letter", 1)]
    taken(opened, handed_in("市民政局"))
    assert send(opened, "reminders").went == 1
    assert list(outbox(opened)) == ["市水利局.催报.eml"]  # the other one is meant no more
    send(opened, "reminders", round=2)
    assert noted() == [("letter", 1), ("letter", 2)]
    taken(opened, handed_in("市水利局"))
    send(opened)
    assert sorted(outbox(opened)) == ["市教育局.退改.eml", "市民政局.通过.eml", "市水利局.通过.eml"]


def test_letters_leave_over_the_server_of_the_settings_once(
    opened: OpenCampaign, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    monkeypatch.setenv(SMTP_VARIABLE, PASSWORD)
    units = [JYJ._replace(email="refuse-a@example.org"), SLJ, MZJ._replace(email="")]
    change_units(opened, units, "王科", 1)
    taken(opened, handed_in("市教育局", **WRONG))
    opened = opened._replace(
        settings=opened.settings._replace(send=SendSettings(f"smtps://{USER}@localhost:{server.port}"))
    )
    post = post_of(opened)
    assert post.sender is not None and post.sender.name == "市政务公开办"
    mailed = send(opened, "reminders", post)
    assert (mailed.went, [one.reason for one in mailed.withheld]) == (1, ["名单里没有电子邮箱"])
    assert send(opened, "reminders", post)[:2] == (0, 1)
    refused = send(opened, post=post)
    assert refused.went == 0 and "no such user" in refused.withheld[0].reason
    change_units(opened, [JYJ, *units[1:]], "王科", 2)
    assert send(opened, post=post).went == 1
    assert dict(server.received) == {"u1@example.org": 1, "u0@example.org": 1}
    assert [letter.state for letter in letters_on_campaign(opened)] == ["sent", "sent"]
    assert (opened.folder / LETTERS_FOLDER / "未发送.csv").exists() is False


def test_several_people_send_from_one_ledger(
    postgres: DatabaseServer, server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    monkeypatch.setenv(SMTP_VARIABLE, PASSWORD)
    monkeypatch.setenv("PGPASSWORD", postgresql.PASSWORD)
    url = postgres.make("letters").replace(f":{postgresql.PASSWORD}@", "@")
    with open_campaign(made_campaign(tmp_path / "2025", ledger=url)) as opened:
        smtp = SendSettings(f"smtps://{USER}@localhost:{server.port}")
        one = opened._replace(settings=opened.settings._replace(send=smtp))
        other = one._replace(folder=tmp_path / "other")
        taken(one, handed_in("市教育局", **WRONG))
        assert send(one, post=post_of(one)).went == 1
        assert send(one, "reminders", post_of(one)).went == 2
        with sending_alone(other.engine, other.campaign.id), pytest.raises(CannotDo, match="另一处正在发"):
            send(one, "reminders", post_of(one))
        assert send(other, "reminders", post_of(other))[:2] == (0, 2)
        assert dict(server.received) == {f"u{number}@example.org": 1 for number in range(3)}


def test_a_template_that_was_sent_is_not_drawn_again(
    opened: OpenCampaign, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    monkeypatch.setenv(SMTP_VARIABLE, PASSWORD)
    post = post_of(
        opened._replace(settings=opened.settings._replace(send=SendSettings(f"smtps://{USER}@localhost:{server.port}")))
    )
    assert send(opened, "templates", post).went == 3
    monkeypatch.setattr(sending, "unit_template", None)
    assert send(opened, "templates", post) == (0, 3, ())
    assert [one.attachment for one in letters_on_campaign(opened)] == [f"{unit.name}.xlsx" for unit in UNITS]


def test_each_letter_to_who_handed_in_nothing_has_a_link_of_its_own(opened: OpenCampaign) -> None:
    made: list[str] = []

    def link(unit: CampaignUnit) -> str:
        made.append(f"https://example.org/u/{unit.unit.name}/{len(made)}")
        return made[-1]

    taken(opened, handed_in("市教育局"))
    post = HERE._replace(link=link)
    planned = plan_campaign_letters(opened, LetterWish("templates"), post)
    assert made == [] and all("发送时写上本单位的链接" in one.words.text for one in planned.letters)
    send(opened, "templates", post)
    send(opened, post=post)
    assert [one.rpartition("/")[0] for one in made] == [f"https://example.org/u/{unit.name}" for unit in (SLJ, MZJ)]
    assert made[0] in words_of(outbox(opened)["市水利局.下发.eml"]).text


SECRET = "Geheim-0123456789_abcdefghijklmnopqrstuvwxy"


@pytest.mark.parametrize("form", ["{{ link }}", "{{ link | upper }}", "{{ link[-20:] }}", "{{ link | urlencode }}"])
def test_what_letters_say_is_kept_without_the_link_in_them(opened: OpenCampaign, tmp_path: Path, form: str) -> None:
    words = opened.folder / TEMPLATES_FOLDER
    words.mkdir()
    for name in ("letter.txt", "subject.txt"):
        (words / name).write_text(f"请到 {form} 报送", encoding="utf-8")
    send(opened, "templates", HERE._replace(link=lambda _: f"https://example.org/u/{SECRET}"))
    (letter,) = (one for name, one in outbox(opened).items() if name.startswith(SLJ.name))
    parts = [SECRET, SECRET.upper(), SECRET[-20:]]
    assert any(part in words_of(letter).text for part in parts)
    archive_campaign(opened, tmp_path / "a.zip", 1)
    restore_campaign(tmp_path / "a.zip", tmp_path / "恢复")
    with open_campaign(tmp_path / "恢复") as restored:
        for one in (opened, restored):
            (turn,) = history_of(one, unit_of(one, SLJ.name).id, 1).letters
            assert turn.state == "written"
            assert (
                turn.text.startswith("请到 ") and turn.text.endswith(" 报送\n") and turn.text != words_of(letter).text
            )
    with zipfile.ZipFile(tmp_path / "a.zip") as box:
        kept = [box.read(name) for name in box.namelist()]
    kept += [path.read_bytes() for path in tmp_path.rglob("台账.sqlite*")]
    assert any("报送\n".encode() in one for one in kept)
    assert not any(part.encode() in one for part in parts for one in kept)


def test_a_letter_that_is_written_once_more_with_another_link_says_the_same(opened: OpenCampaign) -> None:
    links = iter(f"https://example.org/u/{number}" for number in range(9))
    post = HERE._replace(link=lambda _: next(links))
    send(opened, "templates", post)
    with reading(opened.engine) as connection:
        before = content_digests(connection)
    send(opened, "templates", post)
    with reading(opened.engine) as connection:
        assert content_digests(connection) == before
    (turn,) = history_of(opened, unit_of(opened, SLJ.name).id, 1).letters
    assert LINK_KEPT in turn.text and "example.org/u/" not in turn.text


def test_settings_that_cannot_be_used_are_one_sentence(opened: OpenCampaign) -> None:
    for send_settings, said in (
        (SendSettings("smtp://"), "smtp"),
        (SendSettings("smtps://localhost:1"), "campaign.toml 的 sender"),
        (SendSettings(sender="不是邮箱"), "campaign.toml 的 sender"),
        (SendSettings(rate="fast"), "campaign.toml 的 rate"),
    ):
        with pytest.raises(CannotDo, match=said):
            post_of(opened._replace(settings=opened.settings._replace(send=send_settings)))
    (opened.folder / "信件模板").mkdir()
    (opened.folder / "信件模板" / "letter.txt").write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(CannotDo, match=r"letter\.txt"):
        send_campaign_letters(opened, LetterWish("reminders"), HERE, "王科", ignore)
