"""What typing errors cost: the code is asked for an example of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from xlcheck.forms.file import load_form
from xlcheck.locating.typos import PLAIN_COST, Edit, copied, pair_slip, slip
from xlcheck.model.form import Field


def costs() -> Mapping[str, int]:
    """The cost of each slip, without what each digit adds; and what is added for something."""
    form = load_form()
    names = ("person", "business", "research", "total")
    first, second, third, total = (form.by_key[f"requests.granted.{name}"] for name in names)
    digits = 2  # of the right number, in all examples but one
    copy = copied(Edit(first, 12, 34), [(total, 12)])
    return {
        "blank": slip(None, 12).cost,
        "sign": slip(-12, 12).cost,
        "point": slip(Decimal("1.2"), 12).cost,
        "swapped": slip(21, 12).cost - digits,
        "mistyped": slip(13, 12).cost - digits,
        "missing": slip(1, 12).cost - digits,
        "plain": slip(77, 12).cost - digits,
        "digits": slip(987_654_321, 123_456_789).cost - PLAIN_COST,
        "zero": (slip(77, 12).cost - digits) - (slip(77, 0).cost - 1),
        "copied": copy.cost if copy else 0,
        "exchanged": _pair(Edit(first, 12, 34), Edit(second, 34, 12)),
        "apart": _pair(Edit(first, 12, 34), Edit(third, 34, 12)),
        "beside": _moved(first, second),
        "total": _moved(first, third, totals=[first.key]),
        "far": _moved(first, third),
        "kept": _moved(first, second, kept=5) - _moved(first, second),
    }


def _moved(own: Field, other: Field, kept: int = 0, totals: Collection[str] = ()) -> int:
    """The number of a cell stands in another one, which should hold `kept`."""
    return _pair(Edit(own, 0, 12), Edit(other, 12, kept), totals)


def _pair(one: Edit, other: Edit, totals: Collection[str] = ()) -> int:
    slips = pair_slip(one, other, totals)
    return slips[0].cost if slips else 0
