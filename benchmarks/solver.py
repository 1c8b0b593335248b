"""Fellegi & Holt as a mixed-integer programme for HiGHS: the usual way, to compare with.

HiGHS solves in floating point, so nothing it says is believed: the changes are rounded, and every relation is then
checked in integers. There is no big M of its own: what a field may fall by is its value, and what it may rise by is the
sum of what is broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlcheck.model.form import Form


@dataclass(frozen=True, slots=True)
class Programme:
    """One table to correct."""

    keys: tuple[str, ...]
    values: tuple[int, ...]
    rows: tuple[tuple[tuple[int, int], ...], ...]
    """Per relation: (column, sign) pairs."""
    residuals: tuple[int, ...]


def smallest(form: Form, values: Mapping[str, int], seconds: float) -> dict[str, int] | None:
    """The new values of a smallest set of fields that makes all relations hold, none of them negative.

    Returns:
        None if HiGHS has not proved one within `seconds`, or what it found is wrong in exact arithmetic.
    """
    import highspy

    programme = _programme(form, values)
    solver: Any = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 1),
        ("time_limit", seconds),
        ("mip_feasibility_tolerance", 1e-9),
        ("primal_feasibility_tolerance", 1e-9),
        ("mip_rel_gap", 0.0),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(_model(highspy, programme))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    column, count = solver.getSolution().col_value, len(programme.keys)
    deltas = [round(column[k]) - round(column[count + k]) for k in range(count)]
    return (
        {programme.keys[k]: programme.values[k] + d for k, d in enumerate(deltas) if d}
        if (_explains(programme, deltas))
        else None
    )


def _programme(form: Form, values: Mapping[str, int]) -> Programme:
    keys = tuple(dict.fromkeys(f.key for relation in form.relations for f in relation.fields))
    column = {key: k for k, key in enumerate(keys)}
    rows = tuple(
        (*((column[f.key], 1) for f in relation.left_fields), *((column[f.key], -1) for f in relation.right_fields))
        for relation in form.relations
    )
    typed = tuple(values[key] for key in keys)
    return Programme(keys, typed, rows, tuple(sum(sign * typed[k] for k, sign in row) for row in rows))


def _explains(programme: Programme, deltas: Sequence[int]) -> bool:
    if any(value + delta < 0 for value, delta in zip(programme.values, deltas, strict=True)):
        return False
    left = (
        residual + sum(sign * deltas[k] for k, sign in row)
        for residual, row in zip(programme.residuals, programme.rows, strict=True)
    )
    return not any(left)


def _model(highspy: Any, programme: Programme) -> Any:
    """Columns: what each field rises by, what it falls by, whether it changes. Rows: the relations, then the links."""
    count, infinity = len(programme.keys), float("inf")
    rise = sum(map(abs, programme.residuals))
    falls = [max(min(rise, value), 0) for value in programme.values]
    rows = [[*row, *((count + k, -sign) for k, sign in row)] for row in programme.rows]
    for k in range(count):
        rows.append([(k, 1), (2 * count + k, -rise)])
        rows.append([(count + k, 1), (2 * count + k, -falls[k])])
    targets = [-float(residual) for residual in programme.residuals]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 3 * count, len(rows)
    lp.col_cost_ = [0.0] * (2 * count) + [1.0] * count
    # A negative number has to rise to 0 at least.
    must = [float(max(-value, 0)) for value in programme.values]
    lp.col_lower_ = must + [0.0] * (2 * count)
    lp.col_upper_ = [float(rise)] * count + [float(fall) for fall in falls] + [1.0] * count
    lp.row_lower_ = targets + [-infinity] * (2 * count)
    lp.row_upper_ = targets + [0.0] * (2 * count)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * (3 * count)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = [sum(map(len, rows[:number])) for number in range(len(rows) + 1)]
    lp.a_matrix_.index_ = [k for row in rows for k, _ in row]
    lp.a_matrix_.value_ = [float(value) for row in rows for _, value in row]
    return lp
