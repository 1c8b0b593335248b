"""What openpyxl does not carry from a workbook into the copy it saves.

Measured with openpyxl 3.1: of what a submission may hold besides cells, these parts and elements are gone after
load and save. The annotated copy names those that the original had.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class _Loss(NamedTuple):
    says: str
    member: re.Pattern[str]
    """The members of the package that may hold it."""
    holds: re.Pattern[bytes] | None = None
    """What such a member holds then; None where being there is enough."""


def _loss(says: str, member: str, holds: bytes | None = None) -> _Loss:
    return _Loss(says, re.compile(member, re.IGNORECASE), re.compile(holds) if holds else None)


_SHEET = r"xl/worksheets/[^/]+\.xml"
_DRAWING = r"xl/drawings/[^/]+\.xml"

_LOSSES = (
    _loss("宏（VBA 代码）", r"xl/vbaProject\.bin"),
    _loss("文本框、图形和组合图", _DRAWING, rb"<(?:\w+:)?(?:sp|cxnSp|grpSp)[ >]"),
    _loss("EMF/WMF 图片", r"xl/media/[^/]+\.(?:emf|wmf)"),
    _loss("SVG 图片", r"xl/media/[^/]+\.svg"),
    _loss("单元格内嵌图片", r"xl/(?:cellimages|richData/[^/]+)\.xml"),
    _loss("工作表背景图", _SHEET, rb"<(?:\w+:)?picture[ >]"),
    _loss("页眉页脚中的图片", _SHEET, rb"<(?:\w+:)?legacyDrawingHF[ >]"),
    _loss("迷你图", _SHEET, rb"sparklineGroup[ >]"),
    _loss("数据条、图标集等扩展条件格式", _SHEET, rb"<x14:conditionalFormatting[ >]"),
    _loss("引用其他工作表的数据有效性", _SHEET, rb"<x14:dataValidation[ >]"),
    _loss("单元格复选框", r"xl/featurePropertyBag/[^/]+\.xml"),
    _loss("动态数组公式的标记", r"xl/metadata\.xml", rb"XLDAPR"),
    _loss("会话式批注的回复记录", r"xl/(?:threadedComments|persons)/[^/]+\.xml"),
    _loss("按钮、下拉框等控件", r"xl/(?:ctrlProps|activeX)/[^/]+\.xml"),
    _loss("嵌入的文件", r"xl/embeddings/[^/]+"),
    _loss("切片器和日程表", r"xl/(?:slicers|timelines)/[^/]+\.xml"),
    _loss("外部数据连接", r"xl/(?:connections|queryTables/[^/]+)\.xml"),
    _loss("数字签名", r"_xmlsignatures/[^/]+"),
)


def losses(parts: Mapping[str, bytes]) -> tuple[str, ...]:
    """What of a workbook its annotated copy will not hold, in a clerk's words.

    Args:
        parts: the members of the .xlsx package, inflated.
    """
    return tuple(
        loss.says
        for loss in _LOSSES
        if any(
            loss.member.fullmatch(name) and (loss.holds is None or loss.holds.search(content))
            for name, content in parts.items()
        )
    )


def keeps_pictures() -> bool:
    """Whether Pillow is there, without which openpyxl drops every picture."""
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        return False
    return True
