"""What was fetched, as text and JSON, and the list of what is held back, as CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xlcheck import __version__
from xlcheck.mail.fetching.ledger import HeldEntry
from xlcheck.mail.fetching.receive import Arrival, Item
from xlcheck.model.text import clean, harmless, names, quote
from xlcheck.results.text import Paint, plain
from xlcheck.results.writing import document_text

if TYPE_CHECKING:
    from xlcheck.mail.fetching.document import FetchedJson, InboxJson, ItemJson, LetterJson

ARRIVALS_SCHEMA = 1
"""The version of the JSON document."""

HELD_HEAD = ("收到时间", "发件人", "主题", "附件", "原因", "原信")

_STATES = {"saved": ("已保存", "green"), "known": ("已有", "green"), "held": ("隔离", "red")}


def arrival_text(arrival: Arrival, paint: Paint = plain) -> str:
    """What a person reads of one letter; nothing of those that were taken before or are of no concern."""
    if arrival.state in ("known", "unrelated"):
        return ""
    when = f"{arrival.received.astimezone():%Y-%m-%d %H:%M}"
    subject = f"　“{quote(arrival.subject)}”" if arrival.subject else ""
    lines = [f"{when}　{clean(arrival.sender) or '（发件人不明）'}{subject}"]
    lines += [f"  {_line(item, paint)}" for item in arrival.items]
    if not arrival.items:
        lines.append("  没有工作簿，也没有年报")
    if arrival.others:
        lines.append(f"  没有取的其他附件：{names(arrival.others)}")
    if arrival.kept:
        lines.append(f"  原信：{arrival.kept}")
    return "\n".join(lines) + "\n"


def _line(item: Item, paint: Paint) -> str:
    word, colour = _STATES[item.state]
    name = f"“{quote(item.name)}”" if item.name else ""
    if item.state == "held":
        return f"{paint(word, colour)}　{name}{'：' if name else ''}{item.reason}"
    again = "，内容相同，没有重复保存" if item.state == "known" else ""
    odd = f"（{item.reason}）" if item.reason else ""
    return f"{paint(word, colour)}　{clean(item.path)}{again}{odd}"


def count_arrivals(arrivals: Iterable[Arrival], left: int) -> FetchedJson:
    """The counts over all letters, and those that were not fetched."""
    arrivals = list(arrivals)
    states = Counter(arrival.state for arrival in arrivals)
    items = Counter(item.state for arrival in arrivals for item in arrival.items)
    return {
        "letters": len(arrivals) - states["known"],
        "saved": items["saved"],
        "repeated": items["known"],
        "held": sum(arrival.is_held for arrival in arrivals),
        "unrelated": states["unrelated"],
        "known": states["known"],
        "left": left,
    }


def arrivals_line(arrivals: Sequence[Arrival], left: int, paint: Paint = plain) -> str:
    """The last lines for a person."""
    count = count_arrivals(arrivals, left)
    held = f"有内容被隔离的 {count['held']} 封"
    parts = [f"保存 {count['saved']} 个文件", paint(held, "red") if count["held"] else held]
    if count["repeated"]:
        parts.append(f"重复的文件 {count['repeated']} 个")
    if count["unrelated"]:
        parts.append(f"与报送无关的 {count['unrelated']} 封")
    if count["known"]:
        parts.append(f"另有以前取过的信 {count['known']} 封")
    lines = [f"新信 {count['letters']} 封：{'，'.join(parts)}"]
    if left:
        lines.append(f"还有 {left} 封没有取（一次取的数量有限）；再运行一次就会接着取")
    return "\n".join(lines) + "\n"


def arrivals_json(arrivals: Sequence[Arrival], left: int) -> str:
    """The versioned JSON document (docs/use/commands/inbox.md)."""
    document: InboxJson = {
        "xlcheck": __version__,
        "schema": ARRIVALS_SCHEMA,
        "summary": count_arrivals(arrivals, left),
        "letters": list(filter(None, map(_letter, arrivals))),
    }
    return document_text(document)


def _letter(arrival: Arrival) -> LetterJson | None:
    match arrival.state:
        case "known" | "unrelated":
            return None
        case state:
            return {
                "received": arrival.received.isoformat(),
                "sender": arrival.sender,
                "subject": arrival.subject,
                "state": state,
                "items": list(map(_item, arrival.items)),
                "others": list(arrival.others),
                "kept": arrival.kept,
            }


def _item(item: Item) -> ItemJson:
    return {"name": item.name, "state": item.state, "unit": item.unit, "path": item.path, "reason": item.reason}


def held_csv(entries: Iterable[HeldEntry]) -> str:
    """The list of what is held back; no text in it becomes a formula."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HELD_HEAD)
    for entry in entries:
        writer.writerow(map(harmless, entry))
    return buffer.getvalue()
