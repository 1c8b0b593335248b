"""What a person reads of letters: what would leave, each try, what did, and all that are on record; and those that are fetched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.commands.terminal import say, tell
from xlcheck.mail.sending.lists import FAILURES, STATES, plan_table, status_table
from xlcheck.mail.sending.outbox import OUTBOX, PAGE
from xlcheck.mail.sending.prepare import UNCERTAIN
from xlcheck.tasks.events import Event, LetterFetched, LetterTried, Listener, Notice

if TYPE_CHECKING:
    from xlcheck.mail.fetching.receive import Arrival
    from xlcheck.mail.sending.entries import LetterEntry
    from xlcheck.mail.sending.plan import Withheld
    from xlcheck.results.text import Paint
    from xlcheck.tasks.leaving import Mailed
    from xlcheck.tasks.mail import Planned


def hear_letters(event: Event) -> None:
    """Print what happens, as a listener."""
    if isinstance(event, Notice):
        tell(event.text)
    elif isinstance(event, LetterTried):
        what = f"　{event.said}" if event.said else ""
        tell(f"{event.number}/{event.letters}　{STATES[event.state]}　{event.unit}{what}")


def hearing_arrivals(arrivals: list[Arrival], colours: Paint | None) -> Listener:
    """Gathers the letters that are fetched, as a listener, and prints what there is to say.

    Args:
        arrivals: where they are gathered.
        colours: how they are printed; None prints none of them.
    """

    def hear(event: Event) -> None:
        if isinstance(event, Notice):
            tell(event.text)
        elif isinstance(event, LetterFetched):
            arrivals.append(event.arrival)
            if colours is not None:
                from xlcheck.mail.fetching.report import arrival_text  # its library is there, since letters come

                say(arrival_text(event.arrival, colours))

    return hear


def say_plan(planned: Planned) -> int:
    """Print who would get what; answers the exit code."""
    units, plan, prepared = planned
    say(plan_table(plan, prepared, units))
    say(f"共 {len(units)} 个单位：将发 {len(prepared.ready)} 封，以前已发 {len(prepared.done)} 封\n")
    _tell_of_doubts(planned.withheld)
    return int(bool(planned.withheld))


def say_letters(letters: Sequence[LetterEntry]) -> int:
    """Print all letters on record; answers the exit code."""
    say(status_table(letters))
    return int(any(letter.state != "sent" for letter in letters))


def say_mailed(mailed: Mailed, out: Path, again: str = "，改正后可以作为 --units 再次运行", *, is_sent: bool) -> int:
    """Print what left; answers the exit code.

    Args:
        mailed: what left.
        out: the folder of the outbox, and of the list of what did not leave.
        again: what can be done with that list.
        is_sent: whether letters went to a server.
    """
    for one in mailed.withheld:
        tell(f"没有发送　{one.unit.name if one.unit else one.path}：{one.reason}")
    _tell_of_doubts(mailed.withheld)
    before = f"，以前已发送 {mailed.before} 封" if mailed.before else ""
    rest = f"，没有发送 {len(mailed.withheld)} 项" if mailed.withheld else ""
    if any(one.unit for one in mailed.withheld):
        rest += f"（单位列在“{out / FAILURES}”{again}）"
    if is_sent:
        say(f"已发送 {mailed.went} 封{before}{rest}\n")
    else:
        say(f"已写成 {mailed.went} 封信，请打开“{out / OUTBOX / PAGE}”查看{before}{rest}\n")
    return int(bool(mailed.withheld))


def _tell_of_doubts(withheld: Sequence[Withheld]) -> None:
    """Say how letters go out again of which it is not certain that they arrived."""
    if any(UNCERTAIN in one.reason for one in withheld):
        tell("不能确定对方是否收到的，核实后要再发一次，请加 --resend-uncertain")
