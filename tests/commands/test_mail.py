"""``xlcheck mail``: the right letter to the right department, once."""

from __future__ import annotations

import email
import email.policy
import hashlib
import html
import io
import json
import re
import shutil
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from tests.commands.test_cli import CONTROL, ENGLISH
from tests.making.command import Ran, xlcheck
from tests.servers.fixtures import Parsers, send
from tests.servers.letters import Handed, batch, clones, listed, workbook
from tests.servers.smtp import PASSWORD, Running, running
from xlcheck.mail.sending import proof
from xlcheck.mail.sending.ledger import locked
from xlcheck.reading.open import Forms
from xlcheck.roster.units import Unit, parse_units
from xlcheck.workers.spread import standing_by

JYJ = Unit("市教育局", "11510400008000000P", "jyj@example.org; jyj2@example.org", "", "张老师", "cc@example.org")
WJW = Unit("市卫生健康委员会", "", "wjw@example.org")
MZJ = Unit("市民政局", "", "mzj@example.org")
UNITS = (JYJ, WJW, MZJ)
EVERYBODY = ("--passed", "--remind", "--deadline", "2099-01-20")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    batch(folder, [Handed(JYJ.name, JYJ.code), Handed(WJW.name, faulty=False)])
    listed(folder, UNITS)
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A folder with results (``out``) and the list of units; nothing was sent yet."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def mail(place: Path, *options: str | Path, units: Path | None = None) -> Ran:
    return xlcheck("mail", place / "out", "--units", units or place / "单位名单.csv", *options)


def sent(place: Path, server: Running, *options: str, units: Path | None = None) -> Ran:
    return send(server, place / "out", units or place / "单位名单.csv", *options)


def outbox(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((place / "out" / "outbox").glob("*.eml"))}


def parsed_from(data: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def subject(data: bytes) -> str:
    return str(parsed_from(data)["Subject"])


def results(place: Path, change: Callable[[dict[str, str]], object]) -> None:
    """Change the first entry of the results."""
    path = place / "out" / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["files"][0])
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


# --- without a server ------------------------------------------------------------------------------------------------


def test_without_a_server_letters_become_files(place: Path, parsers: Parsers) -> None:
    ran = mail(place, *EVERYBODY, "--from", "市政务公开办 <gkb@example.org>")
    assert ran.code == 0
    assert "已写成 3 封信" in ran.out
    paths = sorted((place / "out" / "outbox").glob("*.eml"))
    assert [path.name for path in paths] == ["市卫生健康委员会.通过.eml", "市教育局.退改.eml", "市民政局.催报.eml"]
    copy = (place / "out" / "市教育局.审核.xlsx").read_bytes()
    for parser in ("mailparser", "postal-mime"):
        passed, failed, reminder = (read[parser] for read in parsers(paths))
        assert failed["to"] == [["市教育局", "jyj@example.org"], ["市教育局", "jyj2@example.org"]]
        assert failed["cc"] == [["", "cc@example.org"]]
        assert failed["from"] == [["市政务公开办", "gkb@example.org"]]
        assert [(one[0], one[2]) for one in failed["files"]] == [
            ("市教育局.审核.xlsx", hashlib.sha256(copy).hexdigest())
        ]
        assert passed["files"] == reminder["files"] == []
        assert passed["to"] == [["市卫生健康委员会", "wjw@example.org"]]
        assert "催报" in reminder["subject"]


def test_the_same_again_writes_the_same_bytes(place: Path) -> None:
    mail(place, *EVERYBODY)
    first = outbox(place)
    assert mail(place, *EVERYBODY).code == 0
    assert outbox(place) == first


def test_results_that_were_checked_again_are_the_same_letters(place: Path) -> None:
    """The zip of a new copy holds other times; what it holds is the same."""
    mail(place)
    first = outbox(place)
    fresh = place / "again"
    fresh.mkdir()
    batch(fresh, [Handed(JYJ.name, JYJ.code), Handed(WJW.name, faulty=False)])
    shutil.copy(fresh / "out" / "市教育局.审核.xlsx", place / "out")
    mail(place)
    assert list(outbox(place)) == list(first)
    ids = [email.message_from_bytes(data)["Message-ID"] for box in (first, outbox(place)) for data in box.values()]
    assert ids[0] == ids[1]


def test_a_letter_that_is_no_longer_meant_does_not_stay(place: Path) -> None:
    mail(place, *EVERYBODY)
    assert mail(place).code == 0
    assert list(outbox(place)) == ["市教育局.退改.eml"]


def test_what_somebody_changed_in_the_outbox_is_kept_and_warned_of(place: Path) -> None:
    mail(place)
    path = place / "out" / "outbox" / "市教育局.退改.eml"
    path.write_bytes(path.read_bytes() + b"more")
    (place / "out" / "outbox" / "别人的.eml").write_bytes(b"x")
    ran = mail(place)
    assert sorted(outbox(place)) == ["别人的.eml", "市教育局.退改.2.eml", "市教育局.退改.eml"]
    assert "“outbox/市教育局.退改.eml”被改动过" in ran.err
    page = (place / "out" / "outbox" / "index.html").read_text(encoding="utf-8")
    warned = page.partition("不要发送")[2]
    assert "别人的.eml" in warned
    assert "市教育局.退改.eml" in warned


def test_the_page_shows_every_letter_and_what_was_not_written(place: Path) -> None:
    evil = MZJ._replace(name="<script>局", email="bad")
    ran = mail(place, *EVERYBODY, units=listed(place, (JYJ, WJW, evil)))
    assert ran.code == 1
    page = (place / "out" / "outbox" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]*)"', page)
    assert len(links) == 2
    assert "<script" not in page
    assert "&lt;script&gt;局" in page
    for part in (
        "待发信件 2 封",
        "市教育局.审核.xlsx",
        "jyj@example.org; jyj2@example.org; cc@example.org",
        "“bad”不是邮箱地址",
    ):
        assert part in html.unescape(page)


def test_the_dry_run_tells_and_writes_nothing(place: Path) -> None:
    before = sorted(place.rglob("*"))
    ran = mail(place, "--dry-run", "--remind", units=listed(place, (*UNITS, Unit("市气象局", "", "bad"))))
    assert ran.code == 1
    assert sorted(place.rglob("*")) == before
    rows = [line.split() for line in ran.out.splitlines()]
    assert [
        "市教育局",
        "退改",
        "jyj@example.org;",
        "jyj2@example.org;",
        "cc@example.org",
        "市教育局.审核.xlsx",
        "将发送",
    ] in rows
    assert ["市卫生健康委员会", "审核通过（要告知请加", "--passed）"] in rows
    assert ["市民政局", "催报", "mzj@example.org", "（无附件）", "将发送"] in rows
    assert ["市气象局", "不发", "“bad”不是邮箱地址"] in rows


def test_a_notice_carries_nothing(place: Path) -> None:
    mail(place, "--passed", "--notice", "内网公文箱“审核结果”")
    letters = outbox(place)
    assert list(letters) == ["市卫生健康委员会.通知.eml", "市教育局.通知.eml"]
    for data in letters.values():
        parsed = parsed_from(data)
        assert [part.get_content_type() for part in parsed.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        text = parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert ("内网公文箱“审核结果”" in text) == ("结论：通过" not in text), "a unit that passed has nothing to fetch"


def test_templates_of_the_office_and_their_errors(place: Path) -> None:
    (place / "letters").mkdir()
    (place / "letters" / "subject.txt").write_text("{{ unit }}：{{ verdict }}", encoding="utf-8")
    mail(place, "--template", place / "letters")
    assert [subject(data) for data in outbox(place).values()] == ["市教育局：failed"]
    (place / "letters" / "subject.txt").write_text("\n{{ nothing }}", encoding="utf-8")
    ran = mail(place, "--template", place / "letters", "--passed")
    assert ran.code == 2
    assert "“subject.txt”第 2 行" in ran.err
    assert list(outbox(place)) == ["市教育局.退改.eml"]


# --- the right workbook to the right department ----------------------------------------------------------------------


def not_sent(place: Path, reason: str) -> None:
    ran = mail(place)
    assert ran.code == 1
    assert outbox(place) == {}
    assert re.search(reason, ran.err), ran.err
    (unit,) = parse_units((place / "out" / "未发送.csv").read_bytes()).units
    assert unit.name == JYJ.name


def test_somebody_else_s_workbook_is_never_attached(place: Path) -> None:
    other = place / "other"
    other.mkdir()
    batch(other, [Handed(MZJ.name, name="市教育局.xlsx")])
    shutil.copy(other / "out" / "市教育局.审核.xlsx", place / "out")
    not_sent(place, "封面的单位是“市民政局”，不是“市教育局”")


def test_nor_one_of_the_same_name_and_another_code(place: Path) -> None:
    other = place / "other"
    other.mkdir()
    batch(other, [Handed(JYJ.name, "11510400008000001T")])
    shutil.copy(other / "out" / "市教育局.审核.xlsx", place / "out")
    not_sent(place, "封面的单位是“市教育局”（11510400008000001T）")


def test_nor_one_that_somebody_saved_since(place: Path) -> None:
    path = place / "out" / "市教育局.审核.xlsx"
    book = openpyxl.load_workbook(path)
    book.save(path)
    not_sent(place, "核对之后被改动过")


def test_nor_one_of_another_year(place: Path) -> None:
    other = place / "other"
    other.mkdir()
    batch(other, [Handed(JYJ.name, JYJ.code, year="2024")])
    shutil.copy(other / "out" / "市教育局.审核.xlsx", place / "out")
    not_sent(place, "报告年度与核对结果不一致")


@pytest.mark.parametrize("content", [b"", b"PK\3\4", None])
def test_nor_one_that_cannot_be_opened(place: Path, content: bytes | None) -> None:
    path = place / "out" / "市教育局.审核.xlsx"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    not_sent(place, "审核副本“市教育局.审核.xlsx”")


def test_nor_one_that_is_too_large(place: Path) -> None:
    ran = mail(place, "--max-size", "10KB")
    assert ran.code == 1
    assert "--max-size" in ran.err
    assert outbox(place) == {}


def test_the_last_look_reads_the_bytes_that_leave(place: Path) -> None:
    """Whatever went wrong before: bytes for one department never pass as another's."""
    from xlcheck.mail.sending.plan import Wanted, decide_letters
    from xlcheck.results.stored import load_results

    records = load_results(place / "out").records
    mail(place)
    (data,) = outbox(place).values()
    content = ""
    (draft,) = decide_letters((JYJ,), (), records, Wanted()).drafts
    from xlcheck.mail.sending.attachment import open_enclosure

    copy = (place / "out" / "市教育局.审核.xlsx").read_bytes()
    content = open_enclosure(copy, Forms())[1]
    with standing_by(proof.opening_again(Forms())) as opened:
        assert proof.prove_again(data, draft, content, opened) == ""
        assert "附件数目" in proof.prove_again(data, draft, "", opened)
        assert "不一致" in proof.prove_again(data, draft, "0" * 64, opened)
        assert "收件人" in proof.prove_again(data, draft._replace(to=draft.to[:1]), content, opened)
        assert "不是“市民政局”" in proof.prove_again(data, draft._replace(unit=MZJ), content, opened)


# --- results and options that cannot be used -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "无法读取核对结果"),
        ("{", "已损坏"),
        ("[1, 2]", "不是完整的核对结果"),
        ("{}", "不是完整的核对结果"),
        ('{"schema": 2, "files": []}', "另一个版本"),
        ('{"schema": 1, "files": [{}]}', "不是完整的核对结果"),
        ('{"schema": 1, "files": 5}', "不是完整的核对结果"),
        ("[" * 100_000, "已损坏"),
    ],
)
def test_results_that_are_none(place: Path, content: str | None, says: str) -> None:
    path = place / "out" / "results.json"
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    ran = mail(place)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not (place / "out" / ".xlcheck").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"annotated": "../市教育局.审核.xlsx"}, {"annotated": "/etc/passwd"}, {"annotated": "a/../../b.xlsx"},
        {"status": "great"}, {"unit": 5}, {"year": "2025"}, {"modified": "now"}, {"path": ""}, {"digest": 1}, {"findings": [{}]},
    ],
    ids=str,
)  # fmt: skip
def test_results_that_somebody_forged(place: Path, change: dict[str, object]) -> None:
    results(place, lambda entry: entry.update(change))  # type: ignore[arg-type]
    ran = mail(place)
    assert ran.code == 2
    assert "不是完整的核对结果" in ran.err


@pytest.mark.parametrize(
    "options",
    [
        ["--deadline", "1月20日"], ["--rate", "fast"], ["--rate", "0/min"], ["--max-size", "big"], ["--from", "nobody"], ["--reply-to", "nobody"],
        ["--smtp", "smtp://user:geheim@h"], ["--smtp", "mail.example.org"], ["--smtp", "smtps://mail.example.org"], ["--template", "none"],
        ["--smtp", "smtps://a@example.org@mail.example.org"], ["--smtp", "smtp://a@b.cn@mail.example.org", "--insecure"], ["--round", "0"],
        ["--smtp", "smtps://a@b.cn@h", "--password-file", "none"], ["--pause", "-1"], ["--pause", "x"], ["--resend-uncertain"], ["--form", "none"], ["--insecure=h", "--smtp", "smtp://x"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_options_that_make_no_sense(place: Path, options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XLCHECK_SMTP_PASSWORD", raising=False)
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    monkeypatch.chdir(place)
    ran = mail(place, *options)
    assert (ran.code, ran.out) == (2, "")
    assert re.search("[\u4e00-\u9fff]", ran.err)
    assert not ENGLISH.search(ran.err), ran.err
    assert "geheim" not in ran.err
    assert not (place / "out" / "outbox").exists()


@pytest.mark.parametrize(
    ("host", "insecure", "allowed"),
    [
        ("localhost", "--insecure", True), ("127.0.0.1", "--insecure", True), ("[::1]", "--insecure", True), ("mail.example.org", "--insecure=Mail.example.org", True),
        ("邮件.example.org", "--insecure=邮件.example.org", True), ("mail.example.org", "--insecure", False), ("mail.example.org", "--insecure=example.org", False),
        ("127.0.0.1.example.org", "--insecure", False),
    ],
)  # fmt: skip
def test_without_encryption_on_this_machine_or_on_the_host_that_is_named(
    place: Path, host: str, insecure: str, allowed: bool
) -> None:
    ran = mail(place, "--smtp", f"smtp://a@example.org@{host}", insecure, "--dry-run")
    assert (ran.code != 2, "--insecure 只能用于本机" not in ran.err) == (allowed, allowed)


def test_a_password_from_a_file_is_in_no_output_and_no_record(place: Path, server: Running, tmp_path: Path) -> None:
    file = tmp_path / "password"
    for password, code in (("geheim", 2), (PASSWORD, 0)):
        file.write_text(f"{password}\nsecond line\n")
        file.chmod(0o644)
        ran = sent(place, server, *EVERYBODY, "--password-file", str(file))
        assert (ran.code, "别的用户也能读" in ran.err) == (code, True)
        assert password not in ran.out + ran.err
        assert not any(password.encode() in path.read_bytes() for path in (place / "out").rglob("*") if path.is_file())
    assert len(server.received) > 0


def test_a_folder_or_a_list_is_missing(place: Path) -> None:
    assert "没有文件夹" in xlcheck("mail", place / "none", "--units", place / "单位名单.csv").err
    assert "缺少选项“--units”" in xlcheck("mail", place / "out").err
    assert "无法读取单位名单" in mail(place, units=place / "none.csv").err


def test_two_at_once_are_one_too_many(place: Path) -> None:
    with locked(place / "out"):
        ran = mail(place)
    assert ran.code == 2
    assert "另一个 xlcheck mail" in ran.err
    assert mail(place).code == 0


# --- with a server ---------------------------------------------------------------------------------------------------


def test_everybody_gets_one_letter_and_the_second_run_sends_none(
    place: Path, server: Running, parsers: Parsers
) -> None:
    first = sent(place, server, *EVERYBODY)
    assert first.code == 0, first.err
    assert "已发送 3 封" in first.out
    again = sent(place, server, *EVERYBODY)
    assert (again.code, "已发送 0 封，以前已发送 3 封" in again.out) == (0, True)
    assert set(server.received.values()) == {1}
    assert set(server.received) == {
        "jyj@example.org",
        "jyj2@example.org",
        "cc@example.org",
        "wjw@example.org",
        "mzj@example.org",
    }
    assert [letter.connection for letter in server.letters] == [1, 1, 1]
    read = parsers([server.folder / "1.eml"])[0]["mailparser"]
    assert read["files"][0][2] == hashlib.sha256((place / "out" / "市教育局.审核.xlsx").read_bytes()).hexdigest()
    status = xlcheck("mail", place / "out", "--status")
    assert status.code == 0
    assert status.out.count("已发送") == 4
    assert "共 3 封：已发送 3，失败 0，不确定 0，尚未发送 0" in status.out
    for ran in (first, again, status):
        assert not CONTROL.search(ran.out + ran.err)
        assert PASSWORD not in ran.out + ran.err
    assert PASSWORD.encode() not in (place / "out" / ".xlcheck" / "mail.sqlite").read_bytes()


def test_reminders_are_sent_once_a_round(place: Path, server: Running) -> None:
    for options in (
        ("--remind",),
        ("--remind", "--deadline", "2099-02-01"),
        ("--remind", "--round", "2"),
        ("--remind", "--round", "2"),
    ):
        assert sent(place, server, *options).code == 0
    assert server.received["mzj@example.org"] == 2
    assert server.received["jyj@example.org"] == 1


def test_a_new_result_is_a_new_letter(place: Path, server: Running) -> None:
    sent(place, server)
    batch(place, [Handed(JYJ.name, JYJ.code, values={"disclosure.fees.amount": -1}, modified=2_000_000.0)])
    assert sent(place, server).code == 0
    assert server.received["jyj@example.org"] == 2


def faults(place: Path) -> tuple[Path, Path]:
    names = ("refuse-a", "later2-b", "content-c", "mute-d", "lost-e", "busy1-f", "good-g", "both-h")
    units = [
        Unit(name, "", f"{name}@example.org" + ("; refuse-x@example.org" if name == "both-h" else "")) for name in names
    ]
    # One checked workbook is enough: its copies differ in the name only.
    folder = place / "faults"
    folder.mkdir()
    batch(folder, [Handed(name, faulty=False) for name in names])
    return folder, listed(folder, units)


def test_refusals_pauses_and_lost_connections(place: Path, server: Running) -> None:
    folder, units = faults(place)
    out = folder / "out"
    first = send(server, out, units, "--passed")
    assert first.code == 1
    got = {address.partition("@")[0]: times for address, times in server.received.items()}
    assert got == {"later2-b": 1, "lost-e": 1, "busy1-f": 1, "good-g": 1, "both-h": 1}
    missed = {unit.name for unit in parse_units((out / "未发送.csv").read_bytes()).units}
    assert missed == {"refuse-a", "content-c", "mute-d", "lost-e", "both-h"}
    status = xlcheck("mail", out, "--status")
    assert status.code == 1
    assert "共 8 封：已发送 3，部分收件人未收 1，失败 2，不确定 2，尚未发送 0" in status.out
    assert "550 5.1.1 no such user" in status.out

    send(server, out, units, "--passed")
    assert server.received["lost-e@example.org"] == 1
    assert server.received["mute-d@example.org"] == 0

    corrected = (
        (out / "未发送.csv")
        .read_text(encoding="utf-8-sig")
        .replace("refuse-a@", "right-a@")
        .replace("refuse-x@", "right-x@")
    )
    (out / "未发送.csv").write_text(corrected, encoding="utf-8-sig")
    second = send(server, out, out / "未发送.csv", "--passed", "--resend-uncertain")
    assert second.code == 1
    assert {name for name in server.received if server.received[name] > 1} == {"lost-e@example.org"}
    assert (
        server.received["right-a@example.org"]
        == server.received["right-x@example.org"]
        == server.received["mute-d@example.org"]
        == 1
    )
    resent = [letter.data for letter in server.letters if "lost-e@example.org" in letter.recipients]
    assert email.message_from_bytes(resent[0])["Message-ID"] == email.message_from_bytes(resent[1])["Message-ID"]
    assert {unit.name for unit in parse_units((out / "未发送.csv").read_bytes()).units} == {"content-c"}


def test_a_letter_written_before_and_sent_now_does_not_stay_in_the_outbox(place: Path, server: Running) -> None:
    mail(place, *EVERYBODY)
    ran = sent(place, server, *EVERYBODY)
    assert ran.code == 0
    assert "曾写在 outbox 里" in ran.err
    assert outbox(place) == {}
    assert "待发信件 0 封" in (place / "out" / "outbox" / "index.html").read_text(encoding="utf-8")
    assert mail(place, *EVERYBODY).code == 0
    assert outbox(place) == {}


def test_the_rate_is_kept(place: Path, server: Running) -> None:
    import time

    start = time.monotonic()
    assert sent(place, server, *EVERYBODY, "--rate", "2/s").code == 0
    assert time.monotonic() - start > 1


def test_nothing_is_sent_when_the_server_cannot_be_used(place: Path, tmp_path: Path) -> None:
    with running(tmp_path / "plain") as plain:
        ran = send(plain, place / "out", place / "单位名单.csv", scheme="smtp")
        assert (ran.code, "STARTTLS" in ran.err) == (2, True)
        ran = send(plain, place / "out", place / "单位名单.csv", "--insecure", scheme="smtp")
        assert ran.code == 0
        assert plain.received["jyj@example.org"] == 1


def test_units_with_hostile_names_stay_in_their_field(place: Path, parsers: Parsers) -> None:
    names = ['局"; x=y', "局\u202egnp.exe", "=cmd|' /C calc'!A0", "局, a <x@example.org>"]
    folder = place / "hostile"
    folder.mkdir()
    batch(folder, [Handed(name, name=f"{number}.xlsx") for number, name in enumerate(names)])
    units = listed(
        folder,
        [Unit(name, "", f"u{n}@example.org", "", "联系\r\nBcc: e@example.org", "") for n, name in enumerate(names)],
    )
    ran = xlcheck("mail", folder / "out", "--units", units)
    # Covers and lists are read alike, so the second name is its unit's; it goes without what turned it.
    assert (ran.code, ran.err.count("没有发送")) == (0, 0)
    read = parsers(sorted((folder / "out" / "outbox").glob("*.eml")))
    addressed = sorted(address for one in read for _, address in one["mailparser"]["to"])
    assert addressed == ["u0@example.org", "u1@example.org", "u2@example.org", "u3@example.org"]
    assert all(one["mailparser"]["cc"] == [] for one in read)
    assert not any("\u202e" in json.dumps(one, ensure_ascii=False) for one in read)


def test_an_attachment_opens_as_the_department_s_workbook(place: Path) -> None:
    mail(place)
    (data,) = outbox(place).values()
    parsed = parsed_from(data)
    (attached,) = parsed.iter_attachments()
    book = openpyxl.load_workbook(io.BytesIO(attached.get_content()))
    assert book.sheetnames[:2] == ["审核结果", "封面"]
    assert workbook(Handed(JYJ.name)) != attached.get_content()


def test_clones_are_honest(tmp_path: Path) -> None:
    """The many units of the benchmark and of the kill test are real results."""
    names = ["甲一局", "甲二局"]
    out = clones(tmp_path, names)
    ran = xlcheck(
        "mail", out, "--units", listed(tmp_path, [Unit(name, "", f"{n}@example.org") for n, name in enumerate(names)])
    )
    assert (ran.code, len(list((out / "outbox").glob("*.eml")))) == (0, 2)
