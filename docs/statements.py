"""What sentences of a report state: the code is asked for each example."""

from __future__ import annotations

from xlcheck.checking.prose import rule_of
from xlcheck.reading.prose.read import read_statements

_UNIT, _YEAR = "某某市水利局", 2024

_STATING = (
    "全年共收到政府信息公开申请 1,204 件，均已按时答复",
    "2024年度未收到任何单位或个人的政府信息公开申请",
    "受理并办结依申请公开事项三件",
    "新收申请公开政府信息事项 48 件，加上上年结转 2 件，已办结 47 件，结转下年度继续办理 3 件",
    "办理政府信息公开申请 20 件（含2023年结转的 3 件），1 件结转至2025年继续办理",
    "收到信息公开申请 15 件，自然人、法人或其他组织分别提出 12 件、3 件",
    "收到信息公开申请 4 件，其中 3 件已书面答复，1 件结转2025年度继续办理",
    "办结信息公开申请 20 件，其中予以公开 8 件，占 40%；部分公开、不予公开分别为 4 件、3 件；因本机关不掌握等原因无法提供 5 件",
    "收到信息公开申请 3 项全部予以公开",
    "因政府信息公开引发行政复议 2 起，其中结果维持 1 起、尚未审结 1 起",
    "政府信息公开行政诉讼 3 件（未经复议直接起诉 2 件，复议后起诉 1 件）",
    "全年未发生因政府信息公开引起的行政复议、行政诉讼",
    "制定并公开行政规范性文件 4 件，清理废止文件 1 件，现行有效文件 20 件",
    "作出行政许可决定 35 件、行政处罚决定 2 件，收取行政事业性收费 12.5 万元",
)
_SILENT = (
    "全年主动公开政府信息 1,204 条，其中规范性文件 3 件",
    "全年制发公文 77 件，其中主动公开类 40 件，依申请公开类 15 件，不公开类 22 件",
    "其中网上申请 5 件、信函申请 3 件、当面申请 2 件",
    "受理12345热线工单 230 件，办结 230 件",
    "办理人大代表建议 5 件、政协提案 8 件，均已答复",
    "上半年收到政府信息公开申请 7 件",
    "2023年收到政府信息公开申请 18 件，办结 18 件",
    "自2008年以来累计收到政府信息公开申请 320 件",
    "政府信息公开申请较上年增加 5 件，同比增长 33.3%",
    "收到政府信息公开申请约 12 件",
    "全市共收到政府信息公开申请 95 件",
    "以市政府名义答复政府信息公开申请 17 件",
    "市教育局收到政府信息公开申请 12 件",
    "受理行政复议案件 12 件，其中涉及政府信息公开的 2 件",
    "其中涉及征地拆迁的申请 8 件",
    "因不属于本机关公开范围告知其他途径 3 件",
    "收取信息处理费 0 元",
)


def stating() -> str:
    """Examples of what is read, each with its rules and the facts that it states."""
    lines = ["| rule | sentence | states |", "|---|---|---|"]
    for sentence in _STATING:
        said = read_statements([sentence], _UNIT, _YEAR)
        rules = ", ".join(dict.fromkeys(map(rule_of, said)))
        facts = ", ".join(f"`{one.fact}` {one.number:f}{'%' * (one.unit == '%')}" for one in said)
        lines.append(f"| {rules} | {sentence} | {facts} |")
    return "\n".join(lines)


def silent() -> str:
    """Examples of what states nothing that the tables hold.

    Raises:
        ValueError: one of them does.
    """
    if taken := [sentence for sentence in _SILENT if read_statements([sentence], _UNIT, _YEAR)]:
        raise ValueError(taken)
    return "\n".join(f"- {sentence}" for sentence in _SILENT)
