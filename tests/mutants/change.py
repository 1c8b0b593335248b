"""The mutants of a module: every small change of its logic that a test should notice.

Comparisons, boolean and arithmetic operators, numbers, conditions, results, loops, arguments and members of sets are
changed; texts, docstrings and annotations are not.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple, TypeVar

_Node = TypeVar("_Node", bound=ast.AST)

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
}
_OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SETS = ("set", "frozenset")
_NO_LOGIC = frozenset({"annotation", "returns", "decorator_list", "format_spec", "type_params"})
"""Fields of nodes."""
_ABOUT = 24
"""Characters shown on each side of a change."""


class Mutant(NamedTuple):
    """One change: it replaces a node of a module's tree by another one."""

    line: int
    was: str
    now: str
    apply: Callable[[], None]
    """Changes the tree that the mutant was made from."""


class _Spot(NamedTuple):
    """A node, and where it hangs."""

    node: ast.AST
    line: int
    parent: ast.AST
    field: str
    at: int | None

    def put(self, new: ast.AST) -> None:
        """Hang `new` in the node's place."""
        if self.at is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.at] = new


def mutants(tree: ast.Module) -> list[Mutant]:
    """All mutants of a module, in the order of its text."""
    return [_mutant(spot, new) for spot in _spots(tree, 1) for new in _others(spot.node)]


def _mutant(spot: _Spot, new: ast.AST) -> Mutant:
    was, now = _difference(_told(spot.node), _told(new))
    return Mutant(spot.line, was, now, lambda: spot.put(ast.fix_missing_locations(new)))


def _told(node: ast.AST) -> str:
    return ast.unparse(node.test if isinstance(node, ast.If | ast.While) else node).strip()


def _difference(was: str, now: str) -> tuple[str, str]:
    """Both texts with only a little of what they have in common."""
    before = _common(was, now)
    behind = _common(was[before:][::-1], now[before:][::-1])
    start, end = max(0, before - _ABOUT), max(0, behind - _ABOUT)
    return was[start : len(was) - end], now[start : len(now) - end]


def _common(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _spots(parent: ast.AST, line: int) -> Iterator[_Spot]:
    """Every node below `parent` that can hold logic, outer ones first."""
    for field, value in ast.iter_fields(parent):
        if field in _NO_LOGIC:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_alias(node):
                continue
            at = getattr(node, "lineno", line)
            yield _Spot(node, at, parent, field, index)
            yield from _spots(node, at)


def _is_alias(node: ast.AST) -> bool:
    """Whether this names a type: ``Numbers = tuple[Number | None, ...]``."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript) and node.col_offset == 0


def _with(node: _Node, **fields: object) -> _Node:
    """`node` with other `fields`."""
    return ast.copy_location(type(node)(**{**dict(ast.iter_fields(node)), **fields}), node)


def _without(items: Sequence[_Node]) -> Iterator[list[_Node]]:
    """`items`, each time without another one of them."""
    for at in range(len(items)):
        yield [*items[:at], *items[at + 1 :]]


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of `node`."""
    for kind, others in _BY_KIND.items():
        if isinstance(node, kind):
            yield from others(node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for at, (operator, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
        for other in _COMPARISONS[type(operator)]:
            yield _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])
        if isinstance(right, ast.Tuple | ast.List) and isinstance(operator, ast.In | ast.NotIn):
            for fewer in _without(right.elts):
                rights = [*node.comparators[:at], _with(right, elts=fewer), *node.comparators[at + 1 :]]
                yield _with(node, comparators=rights)


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for fewer in _without(node.values):
        yield _with(node, values=fewer) if len(fewer) > 1 else fewer[0]


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.BitOr):
        yield from (node.left, node.right)
    elif type(node.op) in _OPERATORS:
        yield _with(node, op=_OPERATORS[type(node.op)]())


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in _OPERATORS:
        yield _with(node, op=_OPERATORS[type(node.op)]())
    yield ast.Pass()


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node.value, int | float):
        yield _with(node, value=node.value + 1)
        if node.value >= 1:
            yield _with(node, value=node.value - 1)


def _condition(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    for forced in (True, False):
        yield _with(node, test=ast.Constant(forced))


def _comprehension(node: ast.comprehension) -> Iterator[ast.AST]:
    for fewer in _without(node.ifs):
        yield _with(node, ifs=fewer)
        yield _with(node, ifs=[*fewer, ast.Constant(False)])


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield _with(node, value=ast.Constant(None))


def _call(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in _OPPOSITES:
        yield _with(node, func=ast.Name(_OPPOSITES[name], ast.Load()))
    for fewer in _without(node.keywords):
        yield _with(node, keywords=fewer)
    if node.args and (name[:1].isupper() or (name == "next" and len(node.args) > 1)):
        yield _with(node, args=node.args[:-1])
    if name in _SETS and len(node.args) == 1 and isinstance(node.args[0], ast.Tuple | ast.List):
        for members in _without(node.args[0].elts):
            yield _with(node, args=[_with(node.args[0], elts=members)])


def _members(node: ast.Set) -> Iterator[ast.AST]:
    for fewer in _without(node.elts):
        if fewer:
            yield _with(node, elts=fewer)


def _constants(node: ast.Assign) -> Iterator[ast.AST]:
    """A module's own tuple of things, such as the units of counts."""
    if node.col_offset == 0 and isinstance(node.value, ast.Tuple):
        for fewer in _without(node.value.elts):
            yield _with(node, value=_with(node.value, elts=fewer))


def _statement(node: ast.Expr | ast.Raise) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise) or isinstance(node.value, ast.Call):
        yield ast.Pass()


def _leap(node: ast.Break | ast.Continue) -> Iterator[ast.AST]:
    yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()


_BY_KIND: dict[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.Constant: _constant,
    (ast.If, ast.While, ast.IfExp): _condition,
    ast.comprehension: _comprehension,
    ast.Return: _returned,
    ast.Call: _call,
    ast.Set: _members,
    ast.Assign: _constants,
    (ast.Expr, ast.Raise): _statement,
    (ast.Break, ast.Continue): _leap,
}
