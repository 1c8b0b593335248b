"""The words: what a letter says, what it must not say, and templates of the office's own."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from xlcheck.mail.address import parse_address
from xlcheck.mail.sending.letter import FILES, InvalidTemplate, Words, context, templates, write_words
from xlcheck.mail.sending.plan import Draft, LetterKind
from xlcheck.model.office import Office
from xlcheck.results.counts import Status
from xlcheck.results.record import Line, Record
from xlcheck.roster.units import Unit

DAY = datetime.date(2026, 1, 10)
OFFICE = Office("市政务公开办公室", "0812-3330000", "", datetime.date(2026, 1, 20))
BALANCE = Line("B102", "error", "总计列：第三项（七）总计 6，（一）至（六）各明细之和 7，相差 1", tuple(f"依申请公开!J{n}" for n in range(6, 28)), "7", "6", (("依申请公开!J7", "1"),), "")  # fmt: skip
WARNING = Line("P105", "warning", "收费金额 125000 万元，数额很大", ("主动公开!B15",), "", "", (), "")


def record(*lines: Line, status: Status = "failed") -> Record:
    return Record("a.xlsx", "市教育局", "", 2025, status, "a.审核.xlsx", lines)


BOTH = record(BALANCE, WARNING)


def words(
    kind: LetterKind = "failed",
    given: Record | None = BOTH,
    folder: Path | None = None,
    unit: str = "市教育局",
    **more: Any,
) -> Words:
    draft = Draft(
        Unit(unit, "", "jyj@example.org", contact=more.pop("contact", "")),
        kind,
        given,
        (parse_address("jyj@example.org"),),
        (),
        more.pop("remarks", ()),
    )
    known = {
        "where": "内网公文箱",
        "attachment": "a.审核.xlsx" if kind in ("failed", "review") else "",
        "year": 2025,
        "day": DAY,
        "number": 1,
        **more,
    }
    return write_words(templates(folder), draft, context(draft, known.pop("office", OFFICE), **known))


def test_a_failed_unit_reads_verdict_counts_findings_deadline_and_what_to_do() -> None:
    said = words(contact="张老师")
    assert said.subject == "【审核未通过】请市教育局修改2025年政府信息公开工作年度报告统计表"
    for part in (
        "市教育局（张老师）：", "不通过", "强制性问题 1 处", "核实性问题 1 处", "“依申请公开”表 J6 等 22 格",
        "第三项（七）总计 6", "“依申请公开”表 J7 应为 1", "“主动公开”表 B15", "2026年1月20日前", "a.审核.xlsx", "回复本邮件", "市政务公开办公室",
        "0812-3330000", "2026年1月10日",
    ):  # fmt: skip
        assert part in said.text
        assert part in re.sub(r"<[^>]*>", "", said.html) or part == "不通过"


def test_the_text_reads_well_on_its_own() -> None:
    for kind, given in (
        ("failed", record(BALANCE, WARNING)),
        ("passed", record(status="passed")),
        ("review", record(WARNING, status="passed")),
        ("reminder", None),
        ("notice", record(BALANCE)),
    ):
        text = words(kind, given).text  # type: ignore[arg-type]
        assert not re.search(r"&\w+;|<|\n\n\n|[ \t]\n|\{|\}", text), text
        assert text.endswith("\n")
        assert not text.startswith(("\n", " "))


def test_a_passed_unit_reads_a_short_confirmation() -> None:
    said = words("passed", record(status="passed"))
    assert "结论：通过" in said.text
    assert "不需要再报送" in said.text
    assert len(said.text) < 120
    assert "附件" not in said.text + said.html


def test_a_template_goes_out_with_what_to_do_with_it() -> None:
    said = words("template", None, attachment="市教育局.xlsx")
    assert said.subject == "【请填报】请市教育局填报2025年政府信息公开工作年度报告统计表"
    for text in (said.text, said.html):
        for part in (
            "市教育局.xlsx",
            "2026年1月20日前",
            "没有发生的填 0",
            "回复本邮件",
            "0812-3330000",
            "怎样填写、报回",
        ):
            assert part in text
        assert not re.search("没有收到|审核|改正|第 1 次", text)
    again = words("template", None, attachment="市教育局.xlsx", number=2)
    assert "第 2 次下发" in again.subject
    assert "以前下发的不再使用" in again.text and "以前下发的不再使用" in again.html


def test_a_link_stands_where_a_unit_has_not_handed_in() -> None:
    link = "https://example.org/u/abc_-"
    kinds: tuple[LetterKind, ...] = ("template", "reminder")
    for kind in kinds:
        said = words(kind, None, link=link, attachment="市教育局.xlsx")
        assert f"\n　　{link}\n" in said.text
        assert f'<a href="{link}">{link}</a>' in said.html
        assert "网页" not in words(kind, None, attachment="市教育局.xlsx").text


def test_what_the_office_says_itself_stands_in_the_letter() -> None:
    for kind, given in (
        ("failed", BOTH),
        ("failed", record(WARNING, status="passed")),
        ("review", record(WARNING, status="passed")),
    ):
        said = words(kind, given, remarks=("请附收费依据。", "联系人已换"))  # type: ignore[arg-type]
        for text in (said.text, said.html):
            assert text.index("审核人员的意见") < text.index("请附收费依据。") < text.index("联系人已换")
            assert "审核人员" not in words(kind, given).text  # type: ignore[arg-type]
            assert "0 处" not in text


def test_what_the_office_returns_or_accepts_itself_is_told_so() -> None:
    warned = record(WARNING, status="passed")
    returned = words("failed", warned)
    assert "退回修改" in returned.text and "退回修改" in returned.html
    assert "结论：不通过" not in returned.text and ">不通过<" not in returned.html
    accepted = words("passed", warned)
    for text in (accepted.text, accepted.html):
        assert "已经核实，不需要再报送" in text
        assert "都已说明" not in text and "请核实" not in text


def test_warnings_that_nobody_explained_are_to_be_mended_or_explained() -> None:
    said = words("review", record(WARNING, status="passed"))
    assert said.subject == "【请核实】请市教育局核实2025年政府信息公开工作年度报告统计表"
    assert "结论：待核实" in said.text
    assert "有误的请改正，无误的请在封面“情况说明”里写明原因，于2026年1月20日前发回" in said.text
    assert "B15" in said.text
    assert "a.审核.xlsx" in said.text
    for text in (said.text, said.html):
        assert "强制性" not in text
        assert "红色的格" not in text
        assert "通过" not in text.replace("未通过", "")
    notice = words("notice", record(WARNING, status="passed"))
    assert "待核实" in notice.text
    assert "有误的请改正，无误的请" in notice.text


@pytest.mark.parametrize(
    ("kind", "mend"), [("docx", "直接在附件里改"), ("html", "附件只供查看"), ("pdf", "附件只供查看")]
)
def test_a_document_has_neither_sheets_nor_a_cover(kind: str, mend: str) -> None:
    place = "第 2 个表格第 {} 行第 4 列"
    lines = [BALANCE._replace(cells=tuple(map(place.format, (4, 5)))), WARNING._replace(cells=(place.format(9),))]
    for given in (record(*lines), record(lines[1], status="passed")):
        said = words("failed" if given.status == "failed" else "review", given._replace(document=kind))
        for text in (said.text, said.html):
            assert "工作表" not in text and "封面" not in text and "统计表" not in text
            assert mend in text and "在回信里写明原因" in text
    assert "第 2 个表格第 4 行第 4 列、第 5 行第 4 列　" in words(given=record(*lines)).text


def test_explained_warnings_need_nothing_more() -> None:
    said = words("passed", record(WARNING._replace(explanation="确实如此"), status="passed"))
    assert "结论：通过" in said.text
    assert "核实性问题 1 处都已说明，不需要再报送" in said.text
    assert "已说明的核实性问题" in said.text


def test_a_reminder_says_until_when() -> None:
    said = words("reminder", None)
    assert said.subject == "【催报】请市教育局报送2025年政府信息公开工作年度报告统计表"
    assert "没有收到" in said.text
    assert "2026年1月20日前" in said.text
    assert "第 2 次" in words("reminder", None, number=2).subject


def test_a_deadline_that_is_over_is_not_asked_for() -> None:
    said = words("reminder", None, day=datetime.date(2026, 1, 21))
    assert "已过" in said.text
    assert "日前" not in said.text
    assert "尽快" in words(office=Office()).text


def test_a_notice_has_neither_figures_nor_attachment() -> None:
    said = words("notice", record(BALANCE, WARNING))
    assert "不通过" in said.text
    assert "内网公文箱" in said.text
    told = said.subject + said.text + said.html
    for figure in ("B102", "J7", "相差", "强制性问题", "核实性问题", "总计", "a.审核.xlsx"):
        assert figure not in told


def test_only_the_first_findings_are_told_errors_first() -> None:
    lines = [WARNING, *(BALANCE._replace(message=f"第 {n} 个") for n in range(9))]
    said = words(given=record(*lines))
    assert "5. " in said.text
    assert "6. " not in said.text
    assert "另有 5 处" in said.text
    assert "B15" not in said.text


def test_strangers_texts_are_escaped_and_stay_on_their_line() -> None:
    evil = "<img src=x onerror=alert(1)>&\u202e\r\nBcc: x@example.org"
    said = words(given=record(BALANCE._replace(message=evil, cells=("<b>!A1",))), unit=f"局{evil}", contact=evil)
    assert "<img" not in said.html
    assert "&lt;img" in said.html
    assert "\u202e" not in said.subject + said.text + said.html
    assert "\n" not in said.subject
    assert not re.search(r"(?m)^Bcc:", said.text)


# --- templates of the office -----------------------------------------------------------------------------------------


def own(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.txt" if name != "html" else folder / "letter.html").write_text(content, encoding="utf-8")
    return folder


def test_files_are_replaced_one_by_one(tmp_path: Path) -> None:
    said = words(folder=own(tmp_path, subject="{{ unit }} {{ errors }}"))
    assert said.subject == "市教育局 1"
    assert "怎样改正" in said.text


def test_html_is_escaped_and_text_is_not(tmp_path: Path) -> None:
    said = words(folder=own(tmp_path, letter="{{ unit }}", html="<p>{{ unit }}</p>"), unit="A&B")
    assert said.text == "A&B\n"
    assert said.html == "<p>A&amp;B</p>"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("ok\n{% if %}", r"“letter.txt”第 2 行写法不对"),
        ("ok\n\n{{ nobody }}", r"“letter.txt”第 3 行用了没有的内容"),
        ("{{ unit.nothing.at_all }}", r"“letter.txt”第 1 行用了没有的内容"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", r"“letter.txt”第 1 行(做了不允许的事|用了没有的内容)"),
        ("{{ range(999999999) }}", r"“letter.txt”第 1 行"),
        ("{{ 1 / 0 }}", r"“letter.txt”第 1 行出错"),
        ("{% include 'other.txt' %}", r"要用的文件“other.txt”不在模板文件夹里"),
        ("{% include '../../../../etc/passwd' %}", r"不在模板文件夹里"),
        ("   \n", r"“letter.txt”给“市教育局”写出的内容是空的"),
    ],
)
def test_an_error_names_file_and_line(content: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidTemplate, match=says):
        words(folder=own(tmp_path, letter=content))


def test_a_notice_cannot_be_given_figures_by_a_template(tmp_path: Path) -> None:
    for name in ("errors", "warnings", "unexplained", "findings", "more"):
        with pytest.raises(InvalidTemplate, match=name):
            words("notice", folder=own(tmp_path, letter=f"{{{{ {name} }}}}"))


def test_a_folder_without_templates_or_in_another_encoding_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidTemplate, match="没有信件模板"):
        templates(tmp_path)
    (tmp_path / FILES[0]).write_bytes("主题".encode("gb18030"))
    with pytest.raises(InvalidTemplate, match="UTF-8"):
        templates(tmp_path)


# --- one word for one thing ------------------------------------------------------------------------------------------


def test_one_answer_to_several_findings_is_told_once() -> None:
    twice = BALANCE._replace(code="B103", message="另一处不平衡")
    assert words(given=record(BALANCE, twice, twice)).text.count("应为 1") == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [("疑为打错一位数字：2 应为 1", "疑为：“依申请公开”表 J7 应为 1"), ("可能之1：疑为漏了一位", "可能：“依申请公开”表 J7 应为 1"), ("文本所表示的数", "→ “依申请公开”表 J7 应为 1")],
)  # fmt: skip
def test_how_sure_an_answer_is(reason: str, said: str) -> None:
    assert said in words(given=record(BALANCE._replace(reasons=(reason,)))).text


def test_steps_speak_of_warnings_only_where_there_are_any() -> None:
    for text in (words(given=record(BALANCE)).text, words(given=record(BALANCE)).html):
        assert "核实性" not in text and "黄色" not in text
    steps = re.findall(r"^([1-9])\. .*$", words(given=record(BALANCE)).text.partition("怎样改正")[2], re.MULTILINE)
    assert steps == ["1", "2", "3"]
    steps = re.findall(r"^([1-9])\. .*$", words().text.partition("怎样改正")[2], re.MULTILINE)
    assert steps == ["1", "2", "3", "4"]


@pytest.mark.parametrize("where", ["内网公文箱", "到内网公文箱领取", "请到内网公文箱领取。", "请在内网公文箱下载"])
def test_where_it_can_be_fetched_is_said_once(where: str) -> None:
    text = words("notice", where=where).text
    assert "请到以下位置领取：\n　　内网公文箱\n" in text
    assert text.count("领取") == 2  # there, and to fetch the copy


def test_a_unit_that_passed_has_nothing_to_fetch() -> None:
    said = words("notice", record(status="passed"))
    for text in (said.text, said.html):
        assert "公文箱" not in text and "不需要再报送" in text


def test_a_file_that_cannot_be_opened_goes_back_with_its_name() -> None:
    broken = Line("F102", "error", "文件“收件/市教育局.xlsx”：已加密", (), "", "", (), "")
    said = words("unreadable", record(broken, status="unreadable")._replace(path="收件/市教育局.xlsx"))
    assert said.subject.startswith("【文件打不开】请市教育局重新报送")
    for text in (said.text, said.html):
        assert "“市教育局.xlsx”" in text and "取消密码" in text and "收件/" not in text
