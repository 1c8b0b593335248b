"""What checking three files came to, for tests: one fails, one passes, one cannot be read."""

from __future__ import annotations

from xlcheck.model.cells import Place
from xlcheck.model.finding import Finding, Outcome, Suggestion
from xlcheck.results.checked import Checked

PLACE = Place("依申请公开", (4, 3))
FINDING = Finding(
    "C104",
    "error",
    "“６”是文本",
    ("requests.received.person",),
    (PLACE,),
    "6",
    "６",
    (Suggestion("requests.received.person", PLACE, "6", "文本所表示的数"),),
)
FAILED = Checked(
    "a.xlsx",
    "failed",
    (FINDING,),
    "disclosure-2021",
    "某局",
    2025,
    (Outcome("B103", "not_evaluated", ("x", "y"), "“x”空着"),),
    "a.审核.xlsx",
)
PASSED = Checked("b.xlsx", "passed", (), "disclosure-2021", "乙局", 2025)
UNREADABLE = Checked("c.xlsx", "unreadable", (Finding("F101", "error", "文件“c.xlsx”已损坏"),))
ALL = [FAILED, PASSED, UNREADABLE]
