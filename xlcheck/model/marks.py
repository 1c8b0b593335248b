"""What xlcheck leaves in a workbook, so that it knows it again."""

from __future__ import annotations

PROPERTY_FORM = "xlcheck.form"
PROPERTY_EDITION = "xlcheck.edition"
PROPERTY_TEMPLATE = "xlcheck.template"
"""Custom document properties of the template."""

RESULT_SHEET = "审核结果"
"""The name of the sheet with the findings."""

RESULT_TITLE = "政府信息公开工作年度报告统计表审核结果"
"""Its first cell; a sheet of that name without this text is somebody else's."""

TOTAL_SHEET = "汇总明细"
"""The name of the sheet that tells who gave what to a total."""

TOTAL_TITLE = "各单位报送数汇总明细"
"""Its first cell; a sheet of that name without this text is somebody else's."""

TOTAL_HEADS = ("序号", "单位名称", "统一社会信用代码", "报送文件", "审核", "空缺（格）")
"""The heads of its first columns, in the row above the units."""

COMMENT_AUTHOR = "xlcheck"
"""The author of our comments."""

COMMENT_HEAD = "【xlcheck 审核意见】"
"""The first line of our comments."""

COMMENT_LINES = ("■ ", "　 ")
"""What every other line of our comments begins with."""

COMMENT_END = "\u200b"
"""What those lines end with (it does not show): what stands behind it was typed by somebody else."""

COMMENT_BELOW = "【原有批注】"
"""Above the text that stood in a comment before ours."""

LAST_YEAR = "上年 "
"""What a number begins with that the template shows of last year, beside a table."""

RED = "FFFFC7CE"
"""The fill of cells with errors (ARGB)."""

DEEP_RED = "FFFF8F8F"
"""The fill of the cell that is suspected of a broken balance (ARGB)."""

PALE_RED = "FFFDECEE"
"""The fill of the other cells of that balance (ARGB)."""

AMBER = "FFFFD966"
"""The fill of cells with warnings only (ARGB)."""

BLUE = "FF9DC3E6"
"""The fill of cells that a suggested mend changed (ARGB)."""

INPUT = "FFFFFBE6"
"""The fill of the template's cells that can be typed into (ARGB)."""

FILLS = frozenset({RED, DEEP_RED, PALE_RED, AMBER, BLUE})
"""All fills of marks."""

CHANGED = "FFDDEBF7"
"""The fill that covers a mark once the cell's value was changed (ARGB)."""

CHANGED_NAME = "审核已改"
"""The defined name of the cells on the result sheet that say which marked cells were changed."""
