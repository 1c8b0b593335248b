"""How often somebody may do a thing."""

from __future__ import annotations

from xlcheck.web import rates
from xlcheck.web.rates import Rates


class Clock:
    """A clock that is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_more_than_so_many_in_a_time_are_too_many() -> None:
    clock = Clock()
    logins = Rates(2, 10, clock)
    assert [logins.count("甲") for _ in range(3)] == [True, True, False]
    assert logins.is_over("甲")
    assert not logins.is_over("乙")
    clock.now = 9.9
    assert not logins.count("甲")
    clock.now = 10
    assert logins.count("甲")


def test_what_is_forgotten_begins_anew() -> None:
    logins = Rates(1, 10, Clock())
    assert logins.count("甲")
    logins.forget("甲")
    assert logins.count("甲")


def test_memory_is_bounded() -> None:
    logins = Rates(1, 10, Clock())
    for number in range(rates._KEYS + 50):
        logins.count(str(number))
    assert len(logins._lately) == rates._KEYS
