"""What words mean in facts: every way in which a number may be meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlcheck.reading.prose.statement import Meant


def received(suffix: str = "", *, new: bool = False) -> tuple[Meant, ...]:
    """收到 may leave out or contain what was carried in; 新收 leaves it out."""
    one = Meant((f"received{suffix}",))
    return (one,) if new else (one, Meant((f"received{suffix}", f"carried_in{suffix}")))


def handled(suffix: str = "", *, loose: bool = False) -> tuple[Meant, ...]:
    """办结 may leave out what was carried in; 办理 may also mean all that was there to be done."""
    done = (Meant((f"handled{suffix}",)), Meant((f"handled{suffix}",), (f"carried_in{suffix}",)))
    return (*done, *received(suffix)) if loose else done


def on_request() -> tuple[Meant, ...]:
    """依申请公开 n 件 may be what was asked for, what was answered, or what was given."""
    return (*handled(loose=True), Meant(("granted",)), Meant(("granted", "partly_granted")))


def applicants(rows: Sequence[Meant], group: str) -> tuple[Meant, ...]:
    """The same for one group of applicants."""
    return tuple(
        Meant(tuple(f"{fact}.{group}" for fact in one.plus), tuple(f"{fact}.{group}" for fact in one.minus))
        for one in rows
    )


def results(facts: Iterable[str]) -> tuple[Meant, ...]:
    """予以公开 may contain what was partly granted."""
    plus = tuple(dict.fromkeys(facts))
    wide = (Meant((*plus, "partly_granted")),) if plus == ("granted",) else ()
    return (Meant(plus), *wide)


def outcome(groups: Sequence[str], which: str, outer: Sequence[str] = ()) -> tuple[Meant, ...]:
    """A state of a review, or of suits of both kinds; behind a part of them it may be of the whole."""
    kept = [groups, outer] if outer else [groups]
    return tuple(Meant(tuple(f"{group}.{which}" for group in some)) for some in kept)


def shares(parts: Iterable[Meant], wholes: Iterable[Meant]) -> tuple[Meant, ...]:
    """Parts of every whole that a share may be taken of."""
    kept = tuple(wholes)
    return tuple(Meant(part.plus, part.minus, whole.plus) for part in parts for whole in kept if not whole.minus)
