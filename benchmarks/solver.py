"""Fellegi & Holt as a mixed-integer programme, for what :mod:`xlcheck.search` could not explain.

HiGHS solves in floating point, so nothing it says is believed: the changes are rounded and every relation is then
checked in exact arithmetic. There is no big M of its own: what a field may fall by is its value, and what it may rise
by is the sum of what is broken. Without the package ``highspy`` the programme is simply not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlcheck.search import Deltas
from xlcheck.system import Number, System

LARGEST = 10**8
"""Beyond this a solver's tolerance is worth more than one count."""


def smallest(
    system: System,
    values: Sequence[Number],
    residuals: Sequence[Number],
    weights: Sequence[int],
    cost: int,
    seconds: float = 0.3,
) -> tuple[Deltas, ...]:
    """One set of changes of least weight, at most `cost`, that leaves no residual and no changed field negative.

    Args:
        values: per field, its present value; fields whose value is negative or no whole number are not changed.
        residuals: per relation, what is to be explained.
        weights: per field, the cost of changing it.
        seconds: the solver's time; what it has not proved by then is not used.

    Returns:
        The set, or nothing: no solver, no such set, not found in time, or wrong in exact arithmetic.
    """
    rise = sum(abs(residual) for residual in residuals)
    if rise > LARGEST or not all(isinstance(residual, int) for residual in residuals):
        return ()
    try:
        import highspy
    except ImportError:
        return ()
    broken = [r for r, residual in enumerate(residuals) if residual]
    block = system.blocks(range(len(residuals)), range(len(values)))
    relations = [r for part in block if set(part) & set(broken) for r in part]
    fields = sorted(
        {f for r in relations for f, _ in system.members[r] if isinstance(values[f], int) and values[f] >= 0}
    )
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 1),
        ("time_limit", seconds),
        ("mip_feasibility_tolerance", 1e-9),
        ("primal_feasibility_tolerance", 1e-9),
        ("mip_rel_gap", 0.0),
        ("objective_bound", float(cost)),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(_model(highspy, system, values, residuals, weights, relations, fields, int(rise)))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return ()
    solution = solver.getSolution().col_value
    count = len(fields)
    deltas = tuple(
        (f, delta) for k, f in enumerate(fields) if (delta := round(solution[k]) - round(solution[count + k]))
    )
    fits = sum(weights[f] for f, _ in deltas) <= cost and explains(system, values, residuals, deltas)
    return (deltas,) if fits else ()


def explains(system: System, values: Sequence[Number], residuals: Sequence[Number], deltas: Deltas) -> bool:
    """Does `deltas` leave no residual, and no changed field negative? Exact."""
    left = list(residuals)
    for field, delta in deltas:
        if values[field] + delta < 0:
            return False
        for relation, sign in system.links[field]:
            left[relation] += sign * delta
    return not any(left)


def _model(
    highspy: Any,
    system: System,
    values: Sequence[Number],
    residuals: Sequence[Number],
    weights: Sequence[int],
    relations: Sequence[int],
    fields: Sequence[int],
    rise: int,
) -> Any:
    """Columns: what each field rises by, what it falls by, whether it changes. Rows: the relations, then the links."""
    count, infinity = len(fields), float("inf")
    column = {f: k for k, f in enumerate(fields)}
    rows: list[list[tuple[int, float]]] = []
    for r in relations:
        known = [(column[f], float(sign)) for f, sign in system.members[r] if f in column]
        rows.append(known + [(count + k, -sign) for k, sign in known])
    for k, f in enumerate(fields):
        rows.append([(k, 1.0), (2 * count + k, -float(rise))])
        rows.append([(count + k, 1.0), (2 * count + k, -float(min(rise, int(values[f]))))])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 3 * count, len(rows)
    lp.col_cost_ = [0.0] * (2 * count) + [float(weights[f]) for f in fields]
    lp.col_lower_ = [0.0] * (3 * count)
    falls = [float(min(rise, int(values[f]))) for f in fields]
    lp.col_upper_ = [float(rise)] * count + falls + [1.0] * count
    targets = [-float(residuals[r]) for r in relations]
    lp.row_lower_ = targets + [-infinity] * (2 * count)
    lp.row_upper_ = targets + [0.0] * (2 * count)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * (3 * count)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row))
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = [k for row in rows for k, _ in row]
    lp.a_matrix_.value_ = [value for row in rows for _, value in row]
    return lp
