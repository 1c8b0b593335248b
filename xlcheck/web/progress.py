"""Work that takes longer than a request: its progress, which a page can follow (server-sent events)."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable

from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.events import Event, FileDone, LetterTried, Listener, Notice, Started
from xlcheck.web.refusal import NotDone
from xlcheck.web.visitor import Visitor

_KEPT = 200
"""So many that ended are remembered."""
_LINES = 500
"""Of the sentences of each."""
_LOOKS = 0.25
"""Seconds between two looks at how far it is."""
_BEATS = 15.0
"""Seconds without news after which a sign of life is sent, so that nothing between takes the line for dead."""


_AGAIN = "重新打开后请再办一次，办完的不会重复"


class Progressed(NamedTuple):
    """How far some work is."""

    total: int = 0
    done: int = 0
    said: tuple[str, ...] = ()
    """Sentences for whoever waits."""
    then: str = ""
    """Where to look when it is over: an address of this server."""
    is_over: bool = False
    failed: str = ""
    """Why it ended early, in a clerk's words."""


class Undertaking:
    """Some work that is under way."""

    def __init__(self, title: str, visitor: Visitor) -> None:
        self.key = secrets.token_urlsafe(18)
        self.title = title
        self.visitor = visitor
        self.is_stopped = False
        """Whether the server ends, so that no further step shall be taken."""
        self._now = Progressed()
        self._lock = threading.Lock()

    @property
    def now(self) -> Progressed:
        """How far it is."""
        return self._now

    def hear(self, event: Event) -> None:
        """Note an event of a task.

        Raises:
            NotDone: one step is done, and there shall be no further one.
        """
        with self._lock:
            self._now = now = _with(self._now, event)
        if self.is_stopped and isinstance(event, LetterTried | FileDone) and now.done < now.total:
            what = "封信函没有发出" if isinstance(event, LetterTried) else "个文件没有核对"
            raise NotDone(503, f"窗口关闭了，还有 {now.total - now.done} {what}；{_AGAIN}")

    def end(self, then: str = "", failed: str = "") -> None:
        """It is over."""
        with self._lock:
            self._now = self._now._replace(then=then, failed=failed, is_over=True)


def _with(now: Progressed, event: Event) -> Progressed:
    if isinstance(event, Started):
        return now._replace(total=event.files, done=event.done)
    if isinstance(event, LetterTried):
        return now._replace(total=event.letters, done=event.number)
    if isinstance(event, FileDone):
        return now._replace(done=now.done + 1)
    if isinstance(event, Notice) and len(now.said) < _LINES:
        return now._replace(said=(*now.said, event.text))
    return now


class Undertakings:
    """All of them, by their keys; none outlives the server, and what they did stands in the ledger."""

    def __init__(self, submit: Callable[[Callable[[], object]], None], explain: Callable[[Exception], str]) -> None:
        """Keep none yet.

        Args:
            submit: does work that nobody waits for.
            explain: what an exception means, in a clerk's words.
        """
        self._submit = submit
        self._explain = explain
        self._known: OrderedDict[str, Undertaking] = OrderedDict()
        self._is_stopped = False
        self._lock = threading.Lock()

    def start(self, title: str, visitor: Visitor, work: Callable[[Listener], str]) -> Undertaking:
        """Begin.

        Args:
            title: what is done, in a clerk's words.
            visitor: who asked for it, and alone may follow it.
            work: is called with a listener in another thread; answers the address to go to afterwards.

        Raises:
            NotDone: too much is under way, or the server ends.
        """
        if self._is_stopped:
            raise NotDone(503, f"窗口正在关闭；{_AGAIN}")
        made = Undertaking(title, visitor)

        def run() -> None:
            try:
                made.end(then=work(made.hear))
            except Exception as error:
                made.end(failed=self._explain(error))

        self._submit(run)
        with self._lock:
            self._known[made.key] = made
            made.is_stopped = self._is_stopped
            over = [key for key, one in self._known.items() if one.now.is_over]
            for key in over[: max(0, len(self._known) - _KEPT)]:
                del self._known[key]
        return made

    def stop(self) -> None:
        """No further step is taken of any: what each does just now it does to its end. None begins any more."""
        self._is_stopped = True
        for one in self._all():
            one.is_stopped = True

    @property
    def are_over(self) -> bool:
        """Whether nothing is under way."""
        return all(one.now.is_over for one in self._all())

    def unfinished(self) -> tuple[str, ...]:
        """What was stopped, and how much of it is left, in sentences for whoever ends the server."""
        stopped = ((one.title, one.now) for one in self._all() if one.is_stopped)
        left = ((title, now.failed if now.is_over else f"没有办完；{_AGAIN}") for title, now in stopped)
        return tuple(f"{title}：{why}" for title, why in left if why)

    def _all(self) -> list[Undertaking]:
        with self._lock:
            return list(self._known.values())

    def of(self, key: str, visitor: Visitor) -> Undertaking:
        """The one that somebody asked for.

        Raises:
            NotDone: there is none of theirs.
        """
        found = self._known.get(key)
        if found is None or found.visitor != visitor:
            raise NotDone(404, "没有这项工作的进度：它已经结束，或者系统重新启动过；做完的都已记录，请回到看板查看")
        return found


async def event_stream(undertaking: Undertaking) -> AsyncIterator[str]:
    """The progress as server-sent events, until it is over (html.spec.whatwg.org, 9.2)."""
    told: Progressed | None = None
    quiet = 0.0
    while True:
        now = undertaking.now
        if now != told:
            lines = now.said[len(told.said) if told else 0 :]
            yield f"event: progress\ndata: {json.dumps({**now._asdict(), 'said': lines}, ensure_ascii=False)}\n\n"
            told, quiet = now, 0.0
        if now.is_over:
            return
        if quiet >= _BEATS:
            yield ": \n\n"
            quiet = 0.0
        await asyncio.sleep(_LOOKS)
        quiet += _LOOKS
