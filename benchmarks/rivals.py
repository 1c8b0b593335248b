"""When is the truth identifiable? Decided here without the code that is measured.

A *correction* is a set of changed fields with their new values after which all relations hold and no changed field is
negative; the truth is one. A correction is a *rival* of the truth if it is another one and takes

- at most as many changed fields (and, blanks aside, at most as many changed numbers),
- at most as many mistakes (two changes that an exchange or a move explains are one mistake), and
- at most as many changes that no typing error explains.

The truth is *identifiable* if it breaks a relation and has no rival. What typing errors explain is decided by making
every slip of the right number and looking for the wrong one among them.

Corrections are enumerated by brute force: in a smallest set some broken relation has one changed field only (it is a
forest; a cycle takes at least four fields of this form, and its changes are not unique then), so every field of every
broken relation is tried as that one, and what is left is corrected likewise. The only cuts: a field is changed once,
and as many changes must be left as there are broken row relations, or broken column relations of one code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlcheck.model.form import Form

STATES = 400_000
"""After so many states a case is left undecided."""

Correction = frozenset[tuple[str, int]]
"""(field, new value) pairs."""


@dataclass
class Rivals:
    """Looks for rivals in one form."""

    form: Form
    member: dict[int, list[tuple[str, int]]] = field(init=False)
    links: dict[str, list[tuple[int, int]]] = field(init=False)
    cells: dict[str, tuple[str, tuple[int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        self.member, self.links = {}, {f.key: [] for f in self.form.fields}
        self.cells = {f.key: (f.sheet, f.cell) for f in self.form.fields}
        for number, relation in enumerate(self.form.relations):
            pairs = [(f.key, 1) for f in relation.left_fields] + [(f.key, -1) for f in relation.right_fields]
            self.member[number] = pairs
            for key, sign in pairs:
                self.links[key].append((number, sign))

    def residuals(self, values: Mapping[str, int]) -> dict[int, int]:
        """What is broken, by relation."""
        sums = {r: sum(sign * values[key] for key, sign in pairs) for r, pairs in self.member.items()}
        return {r: value for r, value in sums.items() if value}

    def identifiable(self, values: Mapping[str, int], unknown: frozenset[str], truth: Mapping[str, int]) -> bool | None:
        """Has the truth no rival? None: too many corrections to tell.

        Args:
            values: what is typed, with 0 for the unknown fields.
            unknown: the blank fields.
            truth: the right values of all fields that are wrong or blank.
        """
        right = frozenset((key, value) for key, value in truth.items() if values[key] != value)
        limits = self._measure(right, values, unknown)
        seen: set[Correction] = set()
        stack: list[tuple[Correction, dict[int, int]]] = [(frozenset(), self.residuals(values))]
        while stack:
            done, broken = stack.pop()
            if done in seen:
                continue
            seen.add(done)
            if len(seen) > STATES:
                return None
            if not broken:
                measure = self._measure(done, values, unknown)
                if done != right and all(a <= b for a, b in zip(measure, limits, strict=True)):
                    return False
                continue
            stack += self._steps(done, broken, values, limits[0])
        return True

    def _steps(
        self, done: Correction, broken: Mapping[int, int], values: Mapping[str, int], most: int
    ) -> list[tuple[Correction, dict[int, int]]]:
        steps = []
        changed = {key for key, _ in done}
        for relation, residual in broken.items():
            for key, sign in self.member[relation]:
                new = values[key] - sign * residual
                if new < 0 or key in changed:
                    continue
                after = dict(broken)
                for other, side in self.links[key]:
                    after[other] = after.get(other, 0) - side * sign * residual
                    if not after[other]:
                        del after[other]
                if self._least(after) <= most - len(done) - 1:
                    steps.append((done | {(key, new)}, after))
        return steps

    def _least(self, broken: Mapping[int, int]) -> int:
        codes = [self.form.relations[r].code for r in broken]
        return max((codes.count(code) for code in set(codes)), default=0)

    def _measure(self, correction: Correction, values: Mapping[str, int], unknown: frozenset[str]) -> tuple[int, ...]:
        """Changed fields, changed numbers, mistakes, changes without a typing error."""
        numbers = {key: new for key, new in correction if key not in unknown}
        pairs = [
            (a, b)
            for a in numbers
            for b in numbers
            if a < b and self._in_line(a, b) and _one_mistake(values[a], values[b], numbers[a], numbers[b])
        ]
        paired: set[str] = set()
        for a, b in pairs:
            if not paired & {a, b}:
                paired |= {a, b}
        alone = [key for key in numbers if key not in paired]
        bare = [key for key in alone if values[key] not in slips(numbers[key])]
        return len(correction), len(numbers), len(alone) + len(paired) // 2, len(bare)

    def _in_line(self, a: str, b: str) -> bool:
        (sheet, first), (other, second) = self.cells[a], self.cells[b]
        return sheet == other and (first[0] == second[0] or first[1] == second[1])


def _one_mistake(old_a: int, old_b: int, new_a: int, new_b: int) -> bool:
    exchanged = (old_a, old_b) == (new_b, new_a)
    moved = (old_a == 0 and old_b == new_a) or (old_b == 0 and old_a == new_b)
    return exchanged or moved


def slips(right: int) -> frozenset[int]:
    """Every number that one slip makes of `right`: a digit replaced, dropped, added, two swapped, the sign flipped."""
    text, digits = str(right), "0123456789"
    made = {f"-{text}"}
    for place in range(len(text) + 1):
        made |= {text[:place] + digit + text[place:] for digit in digits}
        made |= {text[:place] + digit + text[place + 1 :] for digit in digits}
        made.add(text[:place] + text[place + 1 :])
        made.add(text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :])
    return frozenset(int(word) for word in made if word not in ("", "-"))
