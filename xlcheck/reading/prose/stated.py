"""Which facts a clause states."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from xlcheck.forms.vocabulary import ANYBODY, CITIZENS, DISCLOSED
from xlcheck.reading.prose import grammar, meanings
from xlcheck.reading.prose.clauses import Clause
from xlcheck.reading.prose.lexer import Token
from xlcheck.reading.prose.statement import Meant
from xlcheck.reading.prose.talk import Said, Talk

_SUITS = ("suit_direct", "suit_after_review")
_GROUPS = {"V": ("review",), "L": _SUITS, "T": ("suit_direct",), "A": ("suit_after_review",)}
_GROUP_NAMES = {"other_results": "other"}
"""What the names of a group's parts begin with, where it is not the group's own name."""
_PIECES = ("条", "项")
"""Units of counting that are said of pieces of information, too."""


def stated(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    """What a clause states, and the talk that goes on from it; empty where nothing can be read.

    Args:
        clause: without any word that makes it unreadable.
        talk: what was said so far; it is brought on.
    """
    for reader in _READERS:
        said = reader(clause, talk)
        if said:
            return said
    return ()


def _said(fact: str, token: Token | None, meant: tuple[Meant, ...]) -> Said:
    if token is None or token.quantity is None:
        return Said(fact, Decimal(0), "", meant)
    told = token.quantity
    return Said(fact, told.number, told.unit, meant, told.digits)


def _number(clause: Clause, kinds: str = "N") -> Token | None:
    return next(iter(clause.of_kind(kinds)), None)


def _went_on(talk: Talk, said: Said, rows: tuple[Meant, ...]) -> tuple[Said, ...]:
    """Requests were told of: what follows may be a part of them."""
    talk.live = talk.requests = talk.told = True
    talk.prove()
    talk.narrow, talk.groups, talk.document = False, (), ""
    talk.rows, talk.last, talk.total, talk.grouped = rows, said, said, Decimal(0)
    return (said,)


def _spoken_of(clause: Clause, talk: Talk) -> bool:
    """Whether the requests of a clause are requests for information."""
    if clause.has("Q") or talk.live:
        return True
    return talk.requests or clause.has("b") if clause.has("q") else talk.requests and clause.now


def _who(clause: Clause) -> str:
    """The kind of applicants that a clause names; several are anybody."""
    named = {token.fact for token in clause.of_kind("M")}
    return ANYBODY if len(named) > 1 else "".join(named)


def _received(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    kinds, token = clause.kinds, _number(clause)
    # 其中 2024 年收到 n 件 parts the years; else 其中 tells of a part.
    if not _spoken_of(clause, talk) or (clause.has("I") and not (clause.dated or clause.has("e"))):
        return ()
    both = grammar.TAKEN_AND_DONE.fullmatch(kinds)
    new = grammar.NEW.fullmatch(kinds)
    if not (both or new or grammar.RECEIVED.fullmatch(kinds) or grammar.ASKED.fullmatch(kinds)):
        return ()
    rows = meanings.received(new=bool(new) or clause.has("e"))
    who = _who(clause)
    meant = rows
    if who not in ("", ANYBODY, CITIZENS):
        meant = meanings.applicants(rows, who)
        said = _said(meant[0].plus[0], token, meant)
        talk.requests = talk.live = talk.told = True
        talk.rows, talk.last = rows, said
        talk.tell_group(said.number)
        return (said,)
    if who:
        # 公民 and 群众 are everybody, or those who are no organisation.
        meant = (*rows, *meanings.applicants(rows, "person"))
    first = _went_on(talk, _said("received", token, meant), rows)
    last = clause.tokens[-1]
    if last.kind == "G" and (kinds.endswith("JG") or last.text.startswith("全部")):
        return (*first, first[0]._replace(fact=last.fact, meant=meanings.results([last.fact])))
    return (*first, _said("handled", token, meanings.handled(loose=True))) if both else first


def _handled(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    if not grammar.HANDLED.fullmatch(clause.kinds) or not _spoken_of(clause, talk):
        return ()
    if clause.has("M") or (talk.narrow and (clause.has("I") or not clause.has("Q"))):
        return ()
    rows = meanings.handled(loose=clause.has("h"))
    said = _said("handled", _number(clause), rows)
    # A part of them that was answered is not all that was; a part that is done with is.
    if clause.has("I") and clause.has("H"):
        talk.answered = said
        return ()
    return _went_on(talk, said, rows)


def _named(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    number = _number(clause)
    if not grammar.NAMED.fullmatch(clause.kinds) or (number and number.quantity and number.quantity.unit in _PIECES):
        return ()
    return _went_on(talk, _said("received", number, meanings.on_request()), meanings.received())


def _carried(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    none = grammar.NONE_CARRIED.fullmatch(clause.kinds)
    if talk.narrow and not none and not clause.has("Q"):
        return ()
    if not (none or grammar.CARRIED_IN.fullmatch(clause.kinds) or grammar.CARRIED_OUT.fullmatch(clause.kinds)):
        return ()
    fact = "carried_in" if clause.has("C") else "carried_out"
    if not (talk.requests or clause.has("Qq")):
        return ()
    talk.last = said = _said(fact, None if none else _number(clause), (Meant((fact,)),))
    talk.told = True
    talk.narrow = talk.narrow or clause.within
    answered, talk.answered = talk.answered, None
    if answered and talk.total and fact == "carried_out" and answered.number + said.number == talk.total.number:
        return (answered, said)
    return (said,)


def _results(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    every = grammar.ALL_RESULT.fullmatch(clause.kinds)
    if not (every or grammar.RESULTS.fullmatch(clause.kinds)) or not (talk.requests or clause.has("Q")) or talk.narrow:
        return ()
    if every and not talk.total:
        return ()
    facts = [token.fact for token in clause.of_kind("G")]
    if DISCLOSED in facts:
        number = _number(clause)
        if not talk.total or not number or not number.quantity or facts != [DISCLOSED]:
            return ()
        if number.quantity.unit != talk.total.unit or number.quantity.number > talk.total.number:
            return ()
        facts = ["granted"]
    apart = clause.has("、x") or len(facts) == 1
    meant = meanings.results(facts) if apart else tuple(Meant((fact,)) for fact in facts)
    if (apart and _overlap(facts)) or (len(facts) > 2 and not apart):
        return ()
    said = _said(facts[0], _number(clause), meant)
    if every and talk.total:
        said = talk.total._replace(fact=facts[0], meant=meant)
    talk.last, talk.told = said, True
    return (said,)


def _overlap(facts: list[str]) -> bool:
    """Whether a group of results and a part of it are added up."""
    return any(
        one != other and one.startswith(f"{_GROUP_NAMES.get(other, other)}_") for one in facts for other in facts
    )


def _applicants(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    every = grammar.ALL_APPLICANTS.fullmatch(clause.kinds)
    if not (every or grammar.APPLICANTS.fullmatch(clause.kinds)) or not talk.rows or not talk.live:
        return ()
    who = "person" if _who(clause) == CITIZENS else _who(clause)
    if who == ANYBODY:
        return ()
    meant = meanings.applicants(talk.rows, who)
    said = _said(meant[0].plus[0], _number(clause), meant)
    if every and not clause.has("N"):
        if not talk.total:
            return ()
        said = talk.total._replace(fact=said.fact, meant=meant)
    talk.last = said
    if every:
        talk.narrow = False
    else:
        talk.tell_group(said.number)
    return (said,)


def _none_received(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    if not grammar.NONE_RECEIVED.fullmatch(clause.kinds) or not (clause.has("Q") or talk.requests):
        return ()
    if _who(clause) not in ("", ANYBODY, CITIZENS):
        return ()
    return _went_on(talk, _said("received", None, meanings.received()), meanings.received())


def _disputes(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    # What is accepted, or comes in anew, are reviews that the office decides on itself.
    if clause.has("re"):
        return ()
    # Where there were none at all, there were none about disclosure.
    if not talk.proof and (clause.has("R") or any(one.quantity and one.quantity.number for one in clause.of_kind("N"))):
        return ()
    if grammar.NO_DISPUTES.fullmatch(clause.kinds) or grammar.DISPUTES_NONE.fullmatch(clause.kinds):
        return tuple(_dispute(token, None) for token in clause.of_kind("VL"))
    if not grammar.DISPUTES.fullmatch(clause.kinds):
        return ()
    number, named = _number(clause), clause.of_kind("VLTA")
    if len(named) == 1 or (len(named) == 2 and clause.has("TA") and named[0].kind == "L"):
        said = _dispute(named[-1], number)
        part = named[-1].kind in "TA" and talk.groups
        talk.outer = (talk.outer or talk.groups) if part else ()
        talk.groups, talk.disputed, talk.last = _GROUPS[named[-1].kind], said, None
        talk.prove()
        return (said,)
    talk.groups, talk.disputed = (), None
    if clause.has("j") or (number and number.quantity and not number.quantity.number):
        return tuple(_dispute(token, number) for token in named)
    return (_said("disputes", number, (Meant(("review.total", *(f"{group}.total" for group in _SUITS))),)),)


def _dispute(named: Token, number: Token | None) -> Said:
    groups = _GROUPS[named.kind]
    return _said(f"{groups[0]}.total" if len(groups) == 1 else "suits.total", number, meanings.outcome(groups, "total"))


def _outcomes(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    every = grammar.ALL_OUTCOME.fullmatch(clause.kinds)
    if not (every or grammar.OUTCOME.fullmatch(clause.kinds)) or not talk.proof:
        return ()
    named = clause.of_kind("VLTA")
    groups = _GROUPS[named[-1].kind] if named else talk.groups
    (token,) = clause.of_kind("K")
    if not groups or (every and not talk.disputed):
        return ()
    if every and talk.disputed and not clause.has("J") and talk.disputed.number != 1:
        return ()
    which = token.fact
    said = _said(
        f"{groups[0] if len(groups) == 1 else 'suits'}.{which}", _number(clause), meanings.outcome(groups, which)
    )
    if every and talk.disputed:
        said = talk.disputed._replace(fact=said.fact, meant=said.meant)
    talk.groups, talk.last = groups, None
    return (said,)


_DOCUMENT = {"i": "issued", "w": "repealed", "v": "in_force"}


def _documents(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    none = grammar.NO_DOCUMENTS.fullmatch(clause.kinds)
    found = grammar.DOCUMENTS.fullmatch(clause.kinds)
    if not (none or found):
        return ()
    done = dict.fromkeys(_DOCUMENT[token.kind] for token in clause.of_kind("iwv"))
    named = clause.of_kind("Y")
    if none:
        facts = [f"{one.fact}.{what}" for one in named for what in done]
        return tuple(_said(fact, None, (Meant((fact,)),)) for fact in facts)
    if named:
        talk.document = named[0].fact
    if not talk.document:
        return ()
    (what,) = done
    fact = f"{talk.document}.{what}"
    talk.last = None
    return (_said(fact, _number(clause), (Meant((fact,)),)),)


def _decisions(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    if not grammar.DECISIONS.fullmatch(clause.kinds) or talk.shown:
        return ()
    token, number = _number(clause, "a"), _number(clause, "Nm")
    if not token or not number:
        return ()
    fact = token.fact
    if (fact == "fees") != (number.kind == "m"):
        return ()
    return (_said(fact, number, (Meant((fact,)),)),)


def _share(clause: Clause, talk: Talk) -> tuple[Said, ...]:
    if (
        not grammar.SHARE.fullmatch(clause.kinds)
        or not talk.last
        or talk.last.unit == "%"
        or talk.last.fact == "received"
    ):
        return ()
    group = talk.last.fact.partition(".")[2]
    wholes = (*meanings.received(), *meanings.handled())
    parts = talk.last.meant
    if group and not talk.last.fact.startswith(("received", "carried_in", "handled")):
        return ()
    return (_said("share", _number(clause, "P"), meanings.shares(parts, wholes)),)


_READERS: tuple[Callable[[Clause, Talk], tuple[Said, ...]], ...] = (
    _share,
    _carried,
    _received,
    _handled,
    _named,
    _none_received,
    _results,
    _applicants,
    _disputes,
    _outcomes,
    _documents,
    _decisions,
)
