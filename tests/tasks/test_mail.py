"""Sending letters as a task: a plan touches nothing, what leaves is told, and trouble is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.servers.letters import Handed, batch, listed
from tests.servers.smtp import PASSWORD, USER, Running
from xlcheck.mail.account import parse_account
from xlcheck.mail.address import named
from xlcheck.mail.sending.plan import Wanted
from xlcheck.mail.sending.send import Pace
from xlcheck.model.office import Office
from xlcheck.roster.units import Unit
from xlcheck.tasks.events import Event, LetterTried, Notice
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.leaving import SMTP_VARIABLE, Route
from xlcheck.tasks.mail import MailOptions, letters_on_record, plan_letters, send_letters

JYJ = Unit("市教育局", "11510400008000000P", "jyj@example.org")
WJW = Unit("市卫生健康委员会", "", "wjw@example.org")


@pytest.fixture
def options(tmp_path: Path) -> MailOptions:
    """Results of one unit that failed, and a list with another one that handed in nothing."""
    out = batch(tmp_path, [Handed(JYJ.name, JYJ.code)])
    units = listed(tmp_path, [JYJ, WJW])
    return MailOptions(out, units, Wanted(remind=True), Office("办公室"), named("办公室 <gkb@example.org>"))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_plan_says_what_would_leave_and_leaves_nothing(options: MailOptions) -> None:
    before = files(options.out)
    planned = plan_letters(options)
    assert [one.draft.unit.name for one in planned.prepared.ready] == [JYJ.name, WJW.name]
    assert planned.withheld == ()
    assert files(options.out) == before
    assert letters_on_record(options.out) == ()


def test_without_a_server_letters_are_written_once(options: MailOptions) -> None:
    mailed = send_letters(options)
    assert (mailed.went, mailed.before, mailed.withheld) == (2, 0, ())
    assert len(list((options.out / "outbox").glob("*.eml"))) == 2
    assert {letter.state for letter in letters_on_record(options.out)} == {"written"}


def test_each_letter_that_leaves_is_told(
    options: MailOptions, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    monkeypatch.setenv(SMTP_VARIABLE, PASSWORD)
    account = parse_account(f"smtps://{USER}@localhost:{server.port}", "smtps")
    sending = options._replace(route=Route(account, None, False, Pace(pause=0.05)))
    events: list[Event] = []
    assert send_letters(sending, events.append).went == 2
    assert events == [
        LetterTried(1, 2, JYJ.name, "sent", ""),
        LetterTried(2, 2, WJW.name, "sent", ""),
    ]
    assert send_letters(sending) == (0, 2, ())


def test_a_copy_that_is_gone_is_withheld_with_its_reason(options: MailOptions) -> None:
    for copy in options.out.glob("*.审核.xlsx"):
        copy.unlink()
    mailed = send_letters(options)
    assert [one.unit for one in mailed.withheld] == [JYJ]
    assert (options.out / "未发送.csv").exists()


def test_trouble_is_one_sentence(options: MailOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SMTP_VARIABLE, raising=False)
    (tmp_path / "empty").mkdir()
    (tmp_path / "password").write_text("")
    account = parse_account("smtps://gkb@localhost:1", "smtps")
    for wrong, code in (
        (options._replace(units=b"no head\n"), "units"),
        (options._replace(form="x"), "form"),
        (options._replace(out=tmp_path / "empty"), "letters"),
        (options._replace(templates=tmp_path / "empty"), "letters"),
        (options._replace(route=Route(account, tmp_path / "password", False, Pace())), "letters"),
    ):
        with pytest.raises(CannotDo) as caught:
            send_letters(wrong)
        assert (caught.value.code, caught.value.message != "") == (code, True)
    assert not (options.out / "outbox").exists()


def test_what_was_changed_by_hand_is_told(options: MailOptions) -> None:
    send_letters(options)
    letter = min((options.out / "outbox").glob("*.eml"))
    letter.write_bytes(letter.read_bytes() + b"changed by hand\r\n")
    events: list[Event] = []
    send_letters(options, events.append)
    assert any(isinstance(event, Notice) and letter.name in event.text for event in events)


def test_letters_of_the_outbox_stay_there_until_each_was_sent(
    options: MailOptions, server: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    monkeypatch.setenv(SMTP_VARIABLE, PASSWORD)
    refused = Unit("市审计局", "", "refuse-a@example.org")
    options = options._replace(units=listed(tmp_path, [JYJ, WJW, refused]))
    send_letters(options)
    box = options.out / "outbox"
    before = {path.name: path.read_bytes() for path in box.glob("*.eml")}
    nobody = parse_account(f"smtps://{USER}@localhost:1", "smtps")
    with pytest.raises(CannotDo):
        send_letters(options._replace(route=Route(nobody, None, False, Pace(pause=0))))
    assert {path.name: path.read_bytes() for path in box.glob("*.eml")} == before
    account = parse_account(f"smtps://{USER}@localhost:{server.port}", "smtps")
    assert send_letters(options._replace(route=Route(account, None, False, Pace(pause=0)))).went == 2
    assert [path.name for path in box.glob("*.eml")] == ["市审计局.催报.eml"]
    assert {letter.name: letter.file != "" for letter in letters_on_record(options.out)}[refused.name]
    assert "市审计局" in (box / "index.html").read_text(encoding="utf-8")


def test_what_a_killed_run_left_in_the_outbox_is_taken_out_by_the_next(
    options: MailOptions, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    monkeypatch.setenv(SMTP_VARIABLE, PASSWORD)
    send_letters(options)
    account = parse_account(f"smtps://{USER}@localhost:{server.port}", "smtps")
    sending = options._replace(route=Route(account, None, False, Pace(pause=0)))
    with monkeypatch.context() as patched:
        patched.setattr("xlcheck.tasks.leaving._take_out", lambda *_: None)
        assert send_letters(sending).went == 2
    assert len(list((options.out / "outbox").glob("*.eml"))) == 2
    assert send_letters(sending).before == 2
    assert list((options.out / "outbox").glob("*.eml")) == []


# --- who is reminded -------------------------------------------------------------------------------------------------


def _replaced(options: MailOptions, **former: object) -> None:
    """The results are those of another round, in which nobody handed in; of the round before so much is known."""
    path = options.out / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["files"] = []
    if former:
        known = {
            "path": "初报/a.xlsx",
            "unit": JYJ.name,
            "unit_code": "",
            "year": 2025,
            "status": "passed",
            "review": False,
        }
        document["former"] = [{**known, **former}]
        document["year"] = 2025
    path.write_text(json.dumps(document), encoding="utf-8")


def test_a_unit_whose_earlier_result_is_known_is_not_reminded(options: MailOptions) -> None:
    _replaced(options, path="初报/a.xlsx")
    planned = plan_letters(options)
    assert [one.draft.unit.name for one in planned.prepared.ready] == [WJW.name]
    assert [(one.unit.name, one.reason) for one in planned.plan.unasked] == [
        (JYJ.name, "以前核对过“初报/a.xlsx”（通过），不催报；请把以前的报送和这次的一起核对")
    ]
    _replaced(options, year=2024)
    assert [one.draft.unit.name for one in plan_letters(options).prepared.ready] == [JYJ.name, WJW.name]


def test_nor_is_one_that_handed_in_the_last_time(options: MailOptions) -> None:
    _replaced(options, path="初报/a.xlsx")
    path = options.out / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    (known,) = document.pop("former")
    document["last_round"] = [{key: known[key] for key in ("path", "unit", "unit_code", "year")}]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert [(one.unit.name, one.reason) for one in plan_letters(options).plan.unasked] == [
        (JYJ.name, "上次报送过“初报/a.xlsx”，不催报；请把以前的报送和这次的一起核对")
    ]


def test_a_unit_that_got_a_letter_about_its_result_is_not_reminded(options: MailOptions) -> None:
    assert send_letters(options).went == 2
    _replaced(options)
    planned = plan_letters(options)
    assert [one.draft.unit.name for one in planned.prepared.ready] == [WJW.name]
    assert [one.reason for one in planned.plan.unasked] == [
        "以前给它写过退改信，不催报；请把以前的报送和这次的一起核对"
    ]
