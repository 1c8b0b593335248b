"""What holds of every record of letters, wherever it is kept: identity, states, and what is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from xlcheck.mail.sending.entries import Fate, LetterEntry, LetterLedger, LetterState, Reply
from xlcheck.roster.units import Unit

Relist = Callable[[Sequence[Unit]], object]

A = Unit("市教育局", "11510400X")
B = Unit("市气象局")
TO = ("a@example.org", "b@example.org")


def enter(ledger: LetterLedger, unit: Unit = A, content: str = "1") -> LetterEntry:
    """A letter about a result."""
    return ledger.enter(unit, "failed", content, "example.org", 1_768_000_000)


def state(ledger: LetterLedger) -> LetterState:
    """Of the first letter."""
    return ledger.letters()[0].state


class LetterLaws:
    """Tests that each kind of record inherits.

    A fixture `ledger` gives an empty one that knows the units A and B, and `relist` tells it what the list says of units now.
    """

    def test_unit_kind_and_content_are_one_letter(self, ledger: LetterLedger) -> None:
        first = enter(ledger)
        assert enter(ledger) == first
        assert enter(ledger, content="2").message_id != first.message_id
        assert ledger.enter(A, "notice", "1", "example.org", 0).id != first.id
        assert enter(ledger, B).id != first.id
        assert [letter.id for letter in ledger.of(B)] == [enter(ledger, B).id]
        assert len(ledger.letters()) == 4

    def test_a_unit_stays_the_same_by_code_or_by_name(self, ledger: LetterLedger, relist: Relist) -> None:
        first = enter(ledger, B)
        relist([Unit("市 气象局", "11510400y")])
        assert enter(ledger, Unit("市 气象局", "11510400y")).id == first.id
        relist([Unit("市气象和地震局", "11510400Y")])
        assert enter(ledger, Unit("市气象和地震局", "11510400Y")).id == first.id

    @pytest.mark.parametrize(
        ("fates", "after"),
        [
            (("accepted", "accepted"), "sent"),
            (("accepted", "refused"), "partly"),
            (("accepted", "later"), "partly"),
            (("refused", "refused"), "refused"),
            (("later", "refused"), "planned"),
            (("accepted", "uncertain"), "uncertain"),
        ],
    )
    def test_the_state_follows_from_the_recipients(
        self, ledger: LetterLedger, fates: tuple[Fate, Fate], after: LetterState
    ) -> None:
        letter = enter(ledger)
        ledger.begin(letter, TO, TO)
        assert state(ledger) == "sending"
        replies = {to: Reply(fate, "said") for to, fate in zip(TO, fates, strict=True)}
        assert ledger.settle(letter, replies) == after
        assert state(ledger) == after
        assert ledger.letters()[0].note.count("said") == sum(fate != "accepted" for fate in fates)
        assert ledger.letters()[0].moved > 0

    def test_what_was_left_as_sending_is_uncertain(self, ledger: LetterLedger) -> None:
        ledger.begin(enter(ledger), TO, TO)
        assert ledger.interrupted() == 1
        assert state(ledger) == "uncertain"
        assert {reply.fate for reply in ledger.deliveries(enter(ledger)).values()} == {"uncertain"}
        assert ledger.interrupted() == 0

    def test_an_uncertain_recipient_stays_so_until_the_server_takes_the_letter(self, ledger: LetterLedger) -> None:
        letter = enter(ledger)
        ledger.begin(letter, TO[:1], TO)
        ledger.interrupted()
        ledger.begin(letter, TO[:1], TO)
        assert ledger.settle(letter, {TO[0]: Reply("refused", "550 no")}) == "uncertain"
        ledger.begin(letter, TO[:1], TO)
        assert ledger.settle(letter, {TO[0]: Reply("accepted", "250 ok")}) == "sent"

    def test_a_corrected_address_replaces_the_refused_one(self, ledger: LetterLedger) -> None:
        letter = enter(ledger)
        ledger.begin(letter, TO, TO)
        ledger.settle(letter, {TO[0]: Reply("accepted", ""), TO[1]: Reply("refused", "550 no")})
        ledger.begin(letter, ["c@example.org"], {TO[0], "c@example.org"})
        assert ledger.settle(letter, {"c@example.org": Reply("accepted", "")}) == "sent"
        assert set(ledger.deliveries(letter)) == {TO[0], "c@example.org"}

    def test_only_what_never_left_is_forgotten(self, ledger: LetterLedger) -> None:
        letters = [enter(ledger, content=str(number)) for number in range(3)]
        fates: tuple[Fate, Fate] = ("accepted", "uncertain")
        for letter, fate in zip(letters[:2], fates, strict=True):
            ledger.begin(letter, TO[:1], TO)
            ledger.settle(letter, {TO[0]: Reply(fate, "")})
        ledger.drop(letters)
        assert [letter.id for letter in ledger.letters()] == [letter.id for letter in letters[:2]]
        assert [letter.content for letter in ledger.of(A)] == ["0", "1"]
        again = enter(ledger, content="2")
        assert (again.state, len(ledger.letters())) == ("planned", 3)

    def test_what_is_known_of_a_letter_is_written_down(self, ledger: LetterLedger) -> None:
        letter = enter(ledger)._replace(
            state="written",
            subject="主题",
            recipients="a@example.org",
            attachment="a.xlsx",
            file="a.eml",
            file_digest="f",
        )
        ledger.change([letter])
        assert ledger.letters() == (letter,) == ledger.of(A)
        ledger.unfile(letter)
        assert ledger.letters() == (letter._replace(file="", file_digest=""),)
