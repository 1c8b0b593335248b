"""Whose letter it is, and what becomes of its attachments."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.hostile.makers import encrypted_workbook
from tests.making.filling import clean_values, form
from tests.making.written_reports import marked_report, packed, word_report
from tests.servers.replies import XLSX, Part, attached, headed, letter, multipart, text, workbook_of
from xlcheck.copies.seal import COPY_SEAL
from xlcheck.mail.fetching.letter import parse_letter
from xlcheck.mail.fetching.sort import MOST_ATTACHMENTS, Sorted, addresses, sort
from xlcheck.roster.units import Unit

UNITS = (
    Unit("市教育局", "11510400008000000P", "jyj@example.org；jyj2@Example.org", cc="leader@example.org"),
    Unit("市卫生健康委员会", "", "wjw@例子.中国"),
    Unit("江北街道", "11510400008000001T", "jiedao@example.org"),
    Unit("江南街道", "11510400008000002X", "jiedao@example.org, other@example.org"),
    Unit("没有邮箱的局"),
)
BOOK = workbook_of("市教育局")


def sorted_letter(raw: bytes, own: str = "office@example.org") -> Sorted:
    return sort(parse_letter(raw), UNITS, addresses(UNITS), form(), own)


def reasons(found: Sorted) -> list[str]:
    return [held.reason for held in found.held]


def test_a_workbook_goes_to_the_unit_of_its_sender() -> None:
    found = sorted_letter(letter("jyj@example.org", attached(BOOK)))
    assert [(UNITS[t.unit].name, t.file, t.data, t.notice) for t in found.taken] == [
        ("市教育局", "年报.xlsx", BOOK, "")
    ]
    assert (found.kind, found.held, found.others) == ("submission", (), ())


@pytest.mark.parametrize(
    "sender",
    ["JYJ@EXAMPLE.ORG", "jyj2@example.org", "wjw@例子.中国", "wjw@xn--fsqu00a.xn--fiqs8s", "WJW@XN--fsqu00a.中国"],
)
def test_addresses_are_compared_whatever_their_case_and_form(sender: str) -> None:
    assert sorted_letter(letter(sender, attached(workbook_of()))).kind == "submission"


@pytest.mark.parametrize("sender", ["jyj@example.com", "xjyj@example.org", "leader@example.org", "jyj@example.org.cn"])
def test_nobody_else_belongs_to_a_unit_not_even_who_gets_copies(sender: str) -> None:
    found = sorted_letter(letter(sender, attached(BOOK)))
    assert (found.kind, found.taken) == ("stranger", ())
    assert f"发件人“{sender}”不在单位名单的电子邮箱里" in reasons(found)[0]


def test_two_senders_are_none() -> None:
    found = sorted_letter(letter("jyj@example.org, wjw@example.org", attached(BOOK)))
    assert (found.kind, reasons(found)) == ("stranger", ["信上没有唯一的发件人地址，不能确定是哪个单位的"])


def test_letters_of_no_concern() -> None:
    picture = headed(b"Content-Disposition: attachment; filename=a.png", b"\x89PNG", "image/png")
    assert sorted_letter(letter("news@example.com")).kind == "unrelated"
    assert sorted_letter(letter("news@example.com", picture)).kind == "unrelated"
    assert sorted_letter(letter("Office@example.org", attached(BOOK))).kind == "unrelated"


def test_letters_that_were_not_delivered_come_to_notice() -> None:
    raw = letter("MAILER-DAEMON@example.org", text()).replace(b"mixed;", b"report; report-type=delivery-status;")
    assert reasons(sorted_letter(raw)) == ["这是退信：有信没有送到，请打开看是哪个地址"]


def test_the_cover_decides_between_units_of_one_address() -> None:
    raw = letter(
        "jiedao@example.org",
        attached(workbook_of("江南街道")),
        attached(workbook_of("", "11510400008000001T")),
        attached(workbook_of(), "空白封面.xlsx"),
        attached(workbook_of("江东街道"), "不在名单.xlsx"),
        attached(workbook_of("江南街道", "11510400008000001T"), "矛盾.xlsx"),
    )
    found = sorted_letter(raw)
    assert [UNITS[taken.unit].name for taken in found.taken] == ["江南街道", "江北街道"]
    both = "而发件人的地址属于“江北街道”、“江南街道”，不能确定是哪一个的；请核实后人工处理"
    assert reasons(found) == [
        f"封面没有填单位名称和代码，{both}",
        f"封面上的单位“江东街道”不在名单里，{both}",
        "封面的名称和代码分属“江北街道”、“江南街道”；请核实后人工处理",
    ]


def test_a_cover_that_names_another_unit_is_held_back() -> None:
    found = sorted_letter(letter("jyj@example.org", attached(workbook_of("市卫生健康委员会"))))
    assert found.taken == ()
    assert reasons(found) == ["封面是“市卫生健康委员会”的，发件人却是“市教育局”的；请核实后人工处理"]


@pytest.mark.parametrize(
    ("unit", "notice"),
    [("", "封面没有填单位名称和代码"), ("教育局", "封面上的单位“教育局”不在名单里")],
)
def test_a_cover_that_names_none_of_the_list_goes_by_its_sender(unit: str, notice: str) -> None:
    (taken,) = sorted_letter(letter("jyj@example.org", attached(workbook_of(unit)))).taken
    assert (UNITS[taken.unit].name, taken.notice) == ("市教育局", notice)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("年报.xlsx", BOOK)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (attached(zipped(), "年报.zip"), "附件是压缩包，没有打开"),
        (attached(b"Rar!\x1a\x07\x00", "年报"), "附件是压缩包，没有打开"),
        (attached(b"x", "winmail.dat", "application/ms-tnef"), "附件是 Outlook 专用格式"),
        (attached(b"x", "转发.eml"), "附件是一封信"),
        (Part(b"Content-Type: message/rfc822", letter("a@b", attached(BOOK), boundary="i")), "另一封信中，没有取"),
        (attached(encrypted_workbook()), "密码"),
        (attached(b"%PDF-1.7"), "PDF 的结构"),
        (attached(b"a,b\r\n1,2\r\n", "年报.csv"), "这是文本（如 CSV），不是工作簿"),
        (attached(BOOK[:3000]), "文件已损坏"),
        (attached(b""), "文件是空的"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_held_back_with_the_reason(part: Part, reason: str) -> None:
    for sender in ("jyj@example.org", "jiedao@example.org"):
        found = sorted_letter(letter(sender, part))
        assert found.taken == ()
        assert [reason in said for said in reasons(found)] == [True], reasons(found)


@pytest.mark.parametrize(
    "part",
    [
        attached(BOOK, "年报"),
        attached(BOOK, "年报.dat"),
        attached(BOOK, "年报.zip"),
        headed(b"X: y", BOOK, XLSX),
        headed(b"X: y", BOOK),
        headed(b"Content-Disposition: inline; filename=a.xlsx", BOOK, "text/plain"),
        multipart(multipart(attached(BOOK), boundary="b2"), boundary="b1"),
    ],
    ids=["no ending", "odd ending", "ending of an archive", "no name", "nothing but bytes", "called a text", "nested"],
)
def test_workbooks_are_known_by_their_content_too(part: Part) -> None:
    assert [taken.data for taken in sorted_letter(letter("jyj@example.org", part)).taken] == [BOOK]


def test_an_annotated_copy_counts_once_somebody_worked_in_it() -> None:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from tests.making.command import xlcheck
    from tests.making.filling import edit

    with TemporaryDirectory() as folder:
        path = Path(folder, "年报.xlsx")
        path.write_bytes(workbook_of("市教育局", received=99))
        assert xlcheck("verify", path).code == 1
        sent = path.with_name("年报.审核.xlsx").read_bytes()
    book, saved = edit(sent)
    assert book
    found = sorted_letter(
        letter("jyj@example.org", attached(sent, "年报.审核.xlsx"), attached(saved(), "年报.审核.xlsx"))
    )
    assert [(taken.name, taken.file) for taken in found.taken] == [("年报.审核.xlsx", "年报.xlsx")]
    assert reasons(found) == ["这是发出的审核副本，没有人改过；请对方在副本里改好并保存后再发"]


def test_too_many_at_once_are_left_to_a_person() -> None:
    found = sorted_letter(letter("jyj@example.org", *[attached(b"x")] * (MOST_ATTACHMENTS + 1)))
    assert reasons(found) == [f"附件超过 {MOST_ATTACHMENTS} 个，没有取；请人工处理"]


def test_addresses_of_the_list() -> None:
    listed = addresses((Unit("a", email=" A@x.org；b@x.org,\n无 "), Unit("b", email="a＠x.org、c@x.org")))
    assert listed == {"a@x.org": (0, 1), "b@x.org": (0,), "c@x.org": (1,)}


@pytest.mark.parametrize(
    ("results", "held"),
    [
        (
            "mx.example.org; spf=pass smtp.mailfrom=example.org; dmarc=fail (p=none) header.from=example.org",
            "dmarc=fail",
        ),
        ("MX.example.org 1; dmarc=FAIL", "dmarc=fail"),
        ("mx.example.org; spf=fail smtp.mailfrom=example.org", "spf=fail"),
        ("mx.example.org; spf/1 = fail", "spf=fail"),
        ("mx.example.org (a (nested; dmarc=pass) comment); spf=fail", "spf=fail"),
        ("mx.example.org; spf=fail; dmarc=pass", ""),
        ("mx.example.org; spf=softfail; dkim=fail", ""),
        ('mx.example.org; spf=pass reason="x; dmarc=fail"', ""),
        ("mx.example.org; spf=pass (dmarc=fail; \\) spf=fail)", ""),
        ("mx.example.org.evil.com; dmarc=fail", ""),
        ("mx.example.org; none", ""),
        ("mx.example.org; dmarc=permerror header.from=example.org", "dmarc=permerror"),
        ("mx.example.org; dmarc=temperror; spf=pass", "dmarc=temperror"),
        ("mx.example.org; dmarc=none; spf=permerror", "spf=permerror"),
        ("mx.example.org; dmarc=none; spf=fail", "spf=fail"),
        ("mx.example.org; dmarc=none; spf=pass", ""),
        ("mx.example.org; dmarc=bestguesspass action=none header.from=example.org", ""),
        ("mx.example.org; spf=temperror", "spf=temperror"),
        ("mx.example.org; dmarc=pass (p=none) header.from=example.com", "header.from=example.com"),
        ("mx.example.org; dmarc=pass header.from=EXAMPLE.org", ""),
        ("mx.example.org; dmarc=pass header . from = jyj@example.org", ""),
        ("mx.example.org; dkim=pass header.d=example.com; dmarc=pass header.from=example.org", ""),
        ("mx.example.org; dmarc=pass (unfinished; dmarc=fail", "dmarc=unreadable"),
        ("", ""),
    ],
)
def test_what_the_own_server_thinks_of_the_sender(results: str, held: str) -> None:
    raw = f"Authentication-Results: {results}\r\n".encode() + letter("jyj@example.org", attached(BOOK))
    found = sort(parse_letter(raw), UNITS, addresses(UNITS), form(), server="mx.example.org")
    assert [f"（{held}）" in reason for reason in reasons(found)] == ([True] if held else [])
    assert len(found.taken) == (0 if held else 1)
    assert len(sorted_letter(raw).taken) == 1


def test_a_forged_result_does_not_outweigh_the_true_one() -> None:
    heads = (
        b"Authentication-Results: mx.example.org; dmarc=fail\r\nAuthentication-Results: mx.example.org; dmarc=pass\r\n"
    )
    found = sort(
        parse_letter(heads + letter("jyj@example.org", attached(BOOK))),
        UNITS,
        addresses(UNITS),
        form(),
        server="mx.example.org",
    )
    assert found.taken == ()


def test_a_report_is_taken_where_there_is_no_workbook() -> None:
    """A unit that sends what it publishes handed in; with a workbook beside it, the workbook is what it handed in."""
    report = attached(word_report(clean_values()), "年报.docx")
    found = sorted_letter(letter("jyj@example.org", report))
    assert [(one.file, one.data) for one in found.taken] == [("年报.docx", word_report(clean_values()))]
    assert found.held == ()
    both = sorted_letter(letter("jyj@example.org", report, attached(BOOK)))
    assert [one.data for one in both.taken] == [BOOK]
    other = sorted_letter(letter("jyj@example.org", attached(word_report({}, lambda _: "<w:p/>"), "通知.docx")))
    assert (other.taken, [one.name for one in other.held]) == ((), ["通知.docx"])
    assert reasons(other)[0].startswith("附件是文字文档，没有取（文档里没有《")


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_a_marked_document_counts_once_somebody_worked_in_it(kind: str) -> None:
    marked = marked_report(kind, {"disclosure.regulations.issued": -1})
    assert reasons(sorted_letter(letter("jyj@example.org", attached(marked, f"年报.审核.{kind}"))))[0].startswith(
        "这是发出的审核副本，没有人改过"
    )
    saved = marked + b"\n" if kind == "html" else repacked(marked)
    found = sorted_letter(letter("jyj@example.org", attached(saved, f"年报.审核.{kind}")))
    assert [one.file for one in found.taken] == [f"年报.{kind}"]


def repacked(data: bytes) -> bytes:
    """A .docx as a word processor saves it: without what we left in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist() if name != COPY_SEAL})
