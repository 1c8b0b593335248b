"""What a letter asks a department to do with the file that comes with it: a document is mended otherwise than a workbook."""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import Tally

_WORKBOOK = ""
"""How records call what is no document."""


class _Way(NamedTuple):
    """How copies of a kind are read and mended."""

    lists: str
    """Where all findings are told."""
    opened: str
    """What is seen of it when it is opened."""
    mend: str
    """Where numbers are to be mended."""
    back: str
    """What is to come back."""


_WAYS: Mapping[str, _Way] = {
    _WORKBOOK: _Way(
        "附件的“审核结果”工作表里",
        "第一张工作表“审核结果”列出全部问题，点“位置”可以跳到那一格。",
        "直接在附件里改",
        "把文件作为附件",
    ),
    "docx": _Way("附件的批注里", "批注写明审核结论和每一处的问题。", "直接在附件里改，批注不用删", "把文件作为附件"),
    "html": _Way(
        "附件开头",
        "开头列出全部问题，点一条可以跳到那一格。",
        "在原来的网页或文档里改（附件只供查看）",
        "把改好的网页或文档作为附件",
    ),
    "pdf": _Way(
        "附件的批注里",
        "批注写明审核结论和每一处的问题。",
        "在原来的文档里改，重新导出 PDF（附件只供查看）",
        "把改好的 PDF 或原来的 Word 文档作为附件",
    ),
}


class Handling(NamedTuple):
    """What the letter about one result says besides the findings."""

    lists: str
    """Where all findings are told; empty where nothing goes with the letter."""
    explain: str
    """Where a warning is answered that is right."""
    steps: tuple[str, ...]
    """What to do with the copy, in order; none where nothing goes with the letter."""


def handling(document: str, tally: Tally, attachment: str, by: str, reply_to: str) -> Handling:
    """What a letter asks for.

    Args:
        document: the kind of document that was checked; empty for a workbook.
        tally: what it came to.
        attachment: the name of the copy, or empty.
        by: until when, in a clerk's words.
        reply_to: where it is to be sent, or empty for an answer.
    """
    explain = "在回信里" if document else "在封面“情况说明”里"
    way = _WAYS.get(document)
    if not attachment or way is None:
        return Handling("", explain, ())
    reviewed = tally.conclusion == "review"
    seen = "，".join(["红色的格必须改正"] * (not reviewed) + ["黄色的格请核实"] * bool(tally.warnings))
    written = "、写好" if reviewed and not document else ""
    steps = [
        f"打开附件“{attachment}”。{way.opened}{seen}。",
        f"对照原始登记，有误的{way.mend}。不要为了凑平只改总计。",
        *[f"核实性问题，数确实无误的不要改，{explain}写明原因。"] * bool(tally.warnings),
        f"改好{written}后保存，{by}{_sent_to(reply_to)}，{way.back}。",
    ]
    return Handling(way.lists, explain, tuple(steps))


def filling(attachment: str, by: str, reply_to: str) -> tuple[str, ...]:
    """What to do with a template, in order; the arguments are those of :func:`handling`."""
    return (
        f"打开附件“{attachment}”，逐格填写；没有发生的填 0，不要留空，锁定的格不用填。",
        "填的时候看封面：还有几格没有填、有没有不平，都写在那里；不平的格显示为红色，改到没有红色为止。",
        f"填好后保存，{by}{_sent_to(reply_to)}，把文件作为附件。不要改动表的行列和工作表名称，也不要转成图片或 PDF。",
    )


def _sent_to(reply_to: str) -> str:
    return f"发到 {reply_to}" if reply_to else "回复本邮件"
