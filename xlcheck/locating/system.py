"""The relations of a form as a sparse linear system: what a change of one field does to each balance.

Fields and relations are indices here. The residual of a relation is its left side minus its right side; a field adds
``sign × value`` to the residual of each of its relations. A table is clean when every residual is 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from xlcheck.model.form import Field, Form, Relation
from xlcheck.model.numbers import Number
from xlcheck.model.tuples import NamedTuple

Links = tuple[tuple[int, int], ...]
"""(index, sign) pairs; the sign is +1 on the left of a relation and -1 on its right."""


class System(NamedTuple):
    """The fields that stand in relations, and how."""

    fields: tuple[Field, ...]
    relations: tuple[Relation, ...]
    members: tuple[Links, ...]
    """Per relation: its fields."""
    links: tuple[Links, ...]
    """Per field: its relations."""
    layers: tuple[tuple[int, ...], ...]
    """The relations, parted so that no field stands in two of one layer."""
    by_key: Mapping[str, int]
    """The fields by their keys."""
    sums: Mapping[int, tuple[tuple[int, int], ...]]
    """Per total, the relations that add it up, and its sign there: it stands alone on its side."""
    signed: frozenset[int]
    """The fields that may hold a number below 0."""

    @classmethod
    def from_form(cls, form: Form) -> System:
        """The system of all relations of `form`; fields under no relation are left out."""
        index: dict[str, int] = {}
        fields: list[Field] = []
        links: list[list[tuple[int, int]]] = []
        members: list[Links] = []
        for number, relation in enumerate(form.relations):
            row: list[tuple[int, int]] = []
            for sign, side in ((1, relation.left_fields), (-1, relation.right_fields)):
                for field in side:
                    if field.key not in index:
                        index[field.key] = len(fields)
                        fields.append(field)
                        links.append([])
                    row.append((index[field.key], sign))
                    links[index[field.key]].append((number, sign))
            members.append(tuple(row))
        sums: dict[int, tuple[tuple[int, int], ...]] = {}
        for number, links_ in enumerate(members):
            for f, sign in _alone(links_):
                sums[f] = (*sums.get(f, ()), (number, sign))
        return cls(
            tuple(fields),
            form.relations,
            tuple(members),
            tuple(map(tuple, links)),
            _layers(members),
            index,
            sums,
            frozenset(f for f, field in enumerate(fields) if field.signed),
        )

    def residuals(self, values: Sequence[Number]) -> list[Number]:
        """Left minus right of every relation."""
        return [self.residual(relation, values) for relation in range(len(self.members))]

    def residual(self, relation: int, values: Sequence[Number] | Mapping[int, Number]) -> Number:
        """Left minus right."""
        return sum((sign * values[field] for field, sign in self.members[relation]), 0)

    def without(self, relations: Collection[int]) -> System:
        """The system in which `relations` ask for nothing; the indices stay."""
        members = tuple(() if r in relations else row for r, row in enumerate(self.members))
        links = tuple(tuple(link for link in row if link[0] not in relations) for row in self.links)
        return self._replace(members=members, links=links)

    def dependencies(self) -> list[dict[int, int]]:
        """Weights of relations with which the residuals add up to 0 whatever the fields hold; a basis of all such.

        A table whose rows and columns are both added up says its grand total twice. Gaussian elimination in integers.
        """
        pivots: dict[int, tuple[dict[int, int], dict[int, int]]] = {}
        found: list[dict[int, int]] = []
        for relation, members in enumerate(self.members):
            row, combined = dict(members), {relation: 1}
            while row and (lead := min(row)) in pivots:
                other, its = pivots[lead]
                up, down = other[lead], -row[lead]
                row, combined = _sum(row, up, other, down), _sum(combined, up, its, down)
            if row:
                pivots[min(row)] = row, combined
            else:
                found.append(combined)
        return found

    def roots(self, fields: Iterable[int]) -> list[int]:
        """Per relation, a number that it shares with the relations that `fields` join to it."""
        root = list(range(len(self.members)))

        def find(node: int) -> int:
            while root[node] != node:
                root[node] = root[root[node]]
                node = root[node]
            return node

        for field in fields:
            links = self.links[field]
            for other, _ in links[1:]:
                root[find(other)] = find(links[0][0])
        return [find(node) for node in root]

    def blocks(self, relations: Iterable[int], fields: Iterable[int]) -> list[tuple[int, ...]]:
        """Part `relations` so that any two that share one of `fields`, directly or through others, lie together.

        Relations outside `relations` connect too. Each block is sorted, and so are the blocks.
        """
        roots = self.roots(fields)
        blocks: dict[int, list[int]] = {}
        for relation in sorted(relations):
            blocks.setdefault(roots[relation], []).append(relation)
        return sorted(tuple(block) for block in blocks.values())


def _alone(members: Links) -> list[tuple[int, int]]:
    """The fields of a relation that stand alone on their side of it, its totals, with their signs."""
    sides = [[link for link in members if link[1] == side] for side in (1, -1)]
    return [side[0] for side in sides if len(side) == 1]


def _sum(a: Mapping[int, int], times: int, b: Mapping[int, int], of_b: int) -> dict[int, int]:
    """``times × a + of_b × b``, without zeros."""
    keys = sorted({*a, *b})
    return {key: value for key in keys if (value := times * a.get(key, 0) + of_b * b.get(key, 0))}


def _layers(members: Sequence[Links]) -> tuple[tuple[int, ...], ...]:
    """Greedy colouring: each relation goes to the first layer whose fields it shares none of."""
    layers: list[tuple[list[int], set[int]]] = []
    for relation, row in enumerate(members):
        fields = {field for field, _ in row}
        for layer, taken in layers:
            if not taken & fields:
                layer.append(relation)
                taken.update(fields)
                break
        else:
            layers.append(([relation], fields))
    return tuple(tuple(layer) for layer, _ in layers)
