"""Records of made-up batches for tests."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.making.filling import form
from xlcheck.forms.rules import catalogue
from xlcheck.results.counts import Status
from xlcheck.results.record import Line, Record
from xlcheck.roster.match import Roster, match
from xlcheck.roster.units import Unit

RULES = catalogue(form())


def line(code: str = "B103", message: str = "合计不符", explanation: str = "") -> Line:
    """A finding of a rule."""
    suggestions = (("依申请公开!J7", "1"),)
    severity = RULES[code].severity
    return Line(code, severity, message, ("依申请公开!J7",), "1", "2", suggestions, explanation, ("打错一位",))


def record(
    path: str, unit: str = "", *lines: Line, code: str = "", status: Status | None = None, **more: object
) -> Record:
    """A file's record; what is not said follows from the findings."""
    failed = any(one.severity == "error" for one in lines)
    copy = f"{path.removesuffix('.xlsx')}.审核.xlsx" if lines else ""
    made = Record(path, unit, code, 2025, status or ("failed" if failed else "passed"), copy, lines)
    return made._replace(**more)  # type: ignore[arg-type]


def roster(units: Sequence[Unit], records: Sequence[Record]) -> Roster:
    """The list with what came in."""
    return match(units, (one.handed for one in records))


UNITS = tuple(Unit(name, parent="市人民政府") for name in ("甲局", "乙局", "丙局"))

_LINES = st.builds(
    line,
    st.sampled_from(["B101", "B103", "C101", "P101", "P105"]),
    explanation=st.sampled_from(["", "", "已经核实"]),
)


@st.composite
def batches(draw: st.DrawFn) -> list[Record]:
    """Files of listed units, of strangers, and of nobody; some unreadable; each path once."""
    made = []
    for number in range(draw(st.integers(0, 8))):
        lines = draw(st.lists(_LINES, max_size=4))
        name = draw(st.sampled_from(["甲局", "乙局", "丙局", "丁局", ""]))
        one = record(f"{number}.xlsx", name, *lines, modified=float(draw(st.integers(0, 3))))
        made.append(
            one if draw(st.booleans()) else one._replace(status=draw(st.sampled_from([one.status, "unreadable"])))
        )
    return made
