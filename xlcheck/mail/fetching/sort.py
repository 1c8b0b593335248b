"""Whose letter it is, and what becomes of each of its attachments."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from xlcheck.copies.seal import is_untouched
from xlcheck.mail.address import folded, parted
from xlcheck.mail.fetching.authentication import failed
from xlcheck.mail.fetching.kinds import HeldBack, kinds_of, no_report
from xlcheck.mail.fetching.letter import Attachment, Letter
from xlcheck.mail.fetching.names import file_name
from xlcheck.model.errors import Refused
from xlcheck.model.form import Form
from xlcheck.model.submission import Submission, nameless
from xlcheck.model.text import names, quote
from xlcheck.model.tuples import NamedTuple
from xlcheck.reading.open import Opened, OpenedReport, open_submission
from xlcheck.roster.match import Handed, match
from xlcheck.roster.units import Unit

_BOUNCE = "这是退信：有信没有送到，请打开看是哪个地址"
_FORGED = "邮件服务器认为发件人的地址是冒用的（{}），没有取；请打电话向单位核实"
_TOO_MANY = "附件超过 {} 个，没有取；请人工处理"
_UNTOUCHED = "这是发出的审核副本，没有人改过；请对方在副本里改好并保存后再发"

MOST_ATTACHMENTS = 50
"""Workbooks of one letter; nobody reports that many at once."""

Addresses = Mapping[str, tuple[int, ...]]
"""The units that each address belongs to, as positions in the list."""


class Taken(NamedTuple):
    """A workbook to save."""

    name: str
    """As the letter has it."""
    unit: int
    """The position of its unit in the list."""
    file: str
    """A safe file name."""
    data: bytes
    notice: str = ""
    """What a person should know of it, in a clerk's words."""


class Sorted(NamedTuple):
    """What a letter comes to."""

    kind: Literal["submission", "stranger", "unrelated"]
    """From a unit; from somebody else, with what may be a workbook; from somebody else, without."""
    taken: tuple[Taken, ...] = ()
    held: tuple[HeldBack, ...] = ()
    others: tuple[str, ...] = ()
    """The names of attachments that are of no concern."""


def addresses(units: Sequence[Unit]) -> Addresses:
    """The units by their e-mail addresses (the column 电子邮箱 alone; who gets copies hands in nothing)."""
    found: dict[str, tuple[int, ...]] = {}
    for number, unit in enumerate(units):
        for address in parted(unicodedata.normalize("NFKC", unit.email)):
            if "@" in address:
                key = folded(address)
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), number)))
    return found


def sort(
    letter: Letter, units: Sequence[Unit], known: Addresses, form: Form, own: str = "", server: str = ""
) -> Sorted:
    """Decide what becomes of a letter; nothing is written.

    Args:
        letter: taken apart.
        units: the list.
        known: :func:`addresses` of it.
        form: whose cover says which unit a workbook is of.
        own: the office's own address; copies of its letters to itself are of no concern.
        server: what the office's mail server calls itself where it checks senders; empty to not ask.
    """
    mine = known.get(folded(letter.sender), ()) if letter.sender else ()
    workbooks, held, waiting, others, documents = kinds_of(letter)
    if not mine:
        if letter.kind == "bounce":
            return Sorted("stranger", held=(HeldBack("", _BOUNCE),))
        if not (workbooks or held) or folded(letter.sender) == folded(own):
            return Sorted("unrelated", others=(*_names(waiting), *others))
        return Sorted("stranger", held=(HeldBack("", _unknown(letter)),))
    if server and (against := failed(letter.authentication, server, letter.sender)):
        return Sorted("submission", held=(HeldBack("", _FORGED.format(against)),), others=others)
    if len(workbooks) > MOST_ATTACHMENTS:
        return Sorted("submission", held=(*held, HeldBack("", _TOO_MANY.format(MOST_ATTACHMENTS))), others=others)
    taken: list[Taken] = []
    for attachment in workbooks:
        found = _workbook(attachment, units, mine, form)
        if isinstance(found, Taken):
            taken.append(found)
        else:
            held.append(found)
    if taken or held:
        return Sorted("submission", tuple(taken), tuple(held), (*_names(waiting), *others))
    reports = {document.name: _report(document, units, mine, form) for document in documents[:MOST_ATTACHMENTS]}
    taken = [one for one in reports.values() if isinstance(one, Taken)]
    doubted = [one for one in reports.values() if isinstance(one, HeldBack)]
    if taken or doubted:
        rest = set(_names(waiting)) - {one.name for one in taken} - {one.name for one in doubted}
        return Sorted("submission", tuple(taken), tuple(doubted), (*sorted(rest), *others))
    why = {name: refused for name, refused in reports.items() if isinstance(refused, Refused)}
    held = [
        one._replace(reason=no_report(one.name, why[one.name].message)) if one.name in why else one for one in waiting
    ]
    return Sorted("submission", held=tuple(held), others=others)


def _names(held: Iterable[HeldBack]) -> tuple[str, ...]:
    return tuple(one.name for one in held if one.name)


def _unknown(letter: Letter) -> str:
    if not letter.sender:
        return "信上没有唯一的发件人地址，不能确定是哪个单位的"
    return f"发件人“{quote(letter.sender)}”不在单位名单的电子邮箱里；确属某单位时，请补进名单后再收取一次"


def _workbook(attachment: Attachment, units: Sequence[Unit], mine: Sequence[int], form: Form) -> Taken | HeldBack:
    try:
        opened = open_submission(attachment.data, form)
    except Refused as refused:
        return HeldBack(attachment.name, refused.message)
    return _of_unit(attachment, opened, units, mine)


def _report(
    attachment: Attachment, units: Sequence[Unit], mine: Sequence[int], form: Form
) -> Taken | HeldBack | Refused:
    """What becomes of a document; why it is no report where a person must look at it."""
    try:
        opened = open_submission(attachment.data, form)
    except Refused as refused:
        return refused
    return _of_unit(attachment, opened, units, mine)


def _of_unit(
    attachment: Attachment, opened: Opened | OpenedReport, units: Sequence[Unit], mine: Sequence[int]
) -> Taken | HeldBack:
    if is_untouched(attachment.data):
        return HeldBack(attachment.name, _UNTOUCHED)
    owner, doubt = _owner(opened.submission, units, mine)
    if owner is None:
        return HeldBack(attachment.name, doubt)
    return Taken(attachment.name, owner, file_name(attachment.name, _kind(opened)), attachment.data, doubt)


def _kind(opened: Opened | OpenedReport) -> str:
    """What a file's name should end with that has no such ending."""
    if isinstance(opened, OpenedReport):
        return {"text": "txt"}.get(opened.document.kind, opened.document.kind)
    return opened.package.kind


def _owner(cover: Submission, units: Sequence[Unit], mine: Sequence[int]) -> tuple[int | None, str]:
    """The unit that a workbook is of, among the sender's; without one, why; with one, what is odd about it."""
    apart = match(units, [Handed("code", "", cover.unit_code, 0), Handed("name", cover.unit, "", 0)])
    named = [number for number, entry in enumerate(apart.entries) if entry.handed]
    senders, covers = (names(units[number].name for number in numbers) for numbers in (mine, named))
    if len(named) > 1:
        return None, f"{cover.front}的名称和代码分属{covers}；请核实后人工处理"
    if named:
        fits = named[0] in mine
        return (named[0], "") if fits else (None, f"{cover.front}是{covers}的，发件人却是{senders}的；请核实后人工处理")
    said = f"{cover.front}上的单位“{quote(cover.unit or cover.unit_code)}”不在名单里"
    odd = said if cover.unit or cover.unit_code else nameless(cover.document)
    if len(mine) > 1:
        return None, f"{odd}，而发件人的地址属于{senders}，不能确定是哪一个的；请核实后人工处理"
    return mine[0], odd
