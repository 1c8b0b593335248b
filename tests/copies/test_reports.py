"""What stands at the head of a marked document, besides the findings: what to do with it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.making.written_reports import marked_report
from xlcheck.model.office import Office

ASKED = Office(reply_to="gk@example.org")


def head(kind: str, key: str, value: int) -> str:
    """The texts of a copy without markup, those of its comments where it has them."""
    copy = marked_report(kind, {key: value}, ASKED)
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(copy)) as archive:
            copy = archive.read("word/comments.xml")
    return re.sub("<[^>]*>", "", copy.decode())


@pytest.mark.parametrize(
    ("kind", "mend", "back"),
    [("docx", "直接在本文件里改", "请把改好的本文件发到"), ("html", "本文件只供查看", "请把改好的文件发到")],
)
def test_it_says_where_a_document_of_this_kind_is_mended(kind: str, mend: str, back: str) -> None:
    wrong = head(kind, "disclosure.regulations.issued", -1)
    assert "不通过，请改正后重新报送" in wrong and "强制性问题必须改正（有关的格标红）" in wrong
    assert mend in wrong and back in wrong and "回信" not in wrong
    doubtful = head(kind, "disclosure.fees.amount", 125000)
    assert "核实性问题请核实（有关的格标黄）" in doubtful and "在回信里写明原因" in doubtful and "封面" not in doubtful
