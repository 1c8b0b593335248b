"""What an annotated copy cannot carry over is named, and nothing else is."""

from __future__ import annotations

import pytest

from tests.making.copies import parts_of
from tests.making.filling import clean_workbook
from xlcheck.copies.losses import keeps_pictures, losses

SHEET, DRAWING = "xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml"


def test_a_template_loses_nothing() -> None:
    assert losses(parts_of(clean_workbook())) == ()


@pytest.mark.parametrize(
    ("member", "content", "said"),
    [
        (DRAWING, b"<xdr:sp macro=''><a/></xdr:sp>", "文本框"),
        (DRAWING, b"<xdr:grpSp>", "组合图"),
        (SHEET, b"<x14:sparklineGroup displayEmptyCellsAs='gap'>", "迷你图"),
        (SHEET, b"<x14:sparklineGroup>", "迷你图"),
        (SHEET, b"<legacyDrawingHF r:id='rId1'/>", "页眉页脚"),
        (SHEET, b"<picture r:id='rId1'/>", "背景图"),
        (SHEET, b"<x14:conditionalFormatting xmlns:xm='x'>", "条件格式"),
        (SHEET, b"<x14:dataValidation type='list'>", "数据有效性"),
        ("xl/cellimages.xml", b"<etc:cellImages/>", "内嵌图片"),
        ("xl/richData/rdrichvalue.xml", b"<r/>", "内嵌图片"),
        ("xl/media/image1.emf", b"\1", "EMF"),
        ("xl/media/image1.svg", b"<svg/>", "SVG"),
        ("xl/featurePropertyBag/featurePropertyBag.xml", b"<a/>", "复选框"),
        ("xl/metadata.xml", b"<metadataType name='XLDAPR'/>", "动态数组"),
        ("xl/vbaProject.bin", b"\1", "宏"),
        ("xl/threadedComments/threadedComment1.xml", b"<a/>", "会话"),
        ("xl/ctrlProps/ctrlProp1.xml", b"<a/>", "控件"),
        ("xl/embeddings/oleObject1.bin", b"\1", "嵌入"),
        ("_xmlsignatures/sig1.xml", b"<a/>", "签名"),
    ],
)
def test_what_is_lost_is_named(member: str, content: bytes, said: str) -> None:
    (named,) = losses({member: content})
    assert said in named


@pytest.mark.parametrize(
    ("member", "content"),
    [(DRAWING, b"<xdr:pic><xdr:spPr/></xdr:pic>"), (SHEET, b"<drawing r:id='rId1'/>"), ("xl/media/image1.png", b"\1"), ("xl/charts/chart1.xml", b"<c:chart/>"),
     (SHEET, b"<conditionalFormatting sqref='A1'/>"), (SHEET, b"<dataValidation type='whole'/>"), ("xl/metadata.xml", b"<metadata/>")],
)  # fmt: skip
def test_what_is_kept_is_not_named(member: str, content: bytes) -> None:
    assert losses({member: content}) == ()


def test_pictures_are_kept_here() -> None:
    assert keeps_pictures()


def test_each_loss_is_named_once() -> None:
    many = {f"xl/drawings/drawing{n}.xml": b"<xdr:sp >" for n in range(3)}
    assert len(losses(many)) == 1
