"""Progress of work that takes longer than a request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from tests.web.loops import run
from xlcheck.tasks.events import FileDone, LetterTried, Listener, Notice, Started
from xlcheck.web import progress
from xlcheck.web.progress import Progressed, Undertaking, Undertakings, event_stream
from xlcheck.web.refusal import NotDone
from xlcheck.web.visitor import LOCAL, Visitor


def _at_once(work: Callable[[], object]) -> None:
    work()


@pytest.fixture
def undertakings() -> Undertakings:
    """Works at once, in this thread."""
    return Undertakings(_at_once, lambda error: f"没有做完：{error}")


def test_it_tells_how_far_it_is(undertakings: Undertakings) -> None:
    def work(listen: Listener) -> str:
        listen(Started(3))
        listen(FileDone("a.xlsx"))
        listen(Notice("“a.xlsx”不知道是谁的"))
        return "/c/2025"

    made = undertakings.start("核对 3 个文件", LOCAL, work)
    assert made.now == Progressed(3, 1, ("“a.xlsx”不知道是谁的",), "/c/2025", is_over=True)
    assert undertakings.of(made.key, LOCAL) is made


def test_what_breaks_ends_with_a_sentence(undertakings: Undertakings) -> None:
    def work(listen: Listener) -> str:
        raise ZeroDivisionError("甲")

    assert undertakings.start("核对", LOCAL, work).now == Progressed(failed="没有做完：甲", is_over=True)


def test_only_who_asked_for_it_may_follow_it(undertakings: Undertakings) -> None:
    made = undertakings.start("核对", Visitor("user", "张三", "经办"), lambda _: "/")
    for other in (LOCAL, Visitor("user", "李四", "经办")):
        with pytest.raises(NotDone):
            undertakings.of(made.key, other)
    with pytest.raises(NotDone):
        undertakings.of("x", LOCAL)


def test_of_those_that_ended_only_some_are_remembered(undertakings: Undertakings) -> None:
    keys = [undertakings.start("核对", LOCAL, lambda _: "/").key for _ in range(progress._KEPT + 3)]
    with pytest.raises(NotDone):
        undertakings.of(keys[0], LOCAL)
    undertakings.of(keys[-1], LOCAL)


def test_what_is_stopped_takes_no_further_step_and_says_what_is_left() -> None:
    threads: list[threading.Thread] = []
    begun = Undertakings(lambda work: threads.append(threading.Thread(target=work)), str)

    def work(listen: Listener) -> str:
        listen(Started(3))
        listen(FileDone("a.xlsx"))
        begun.stop()
        listen(Notice("“a.xlsx”不知道是谁的"))
        listen(FileDone("b.xlsx"))
        return "/"

    made = begun.start("核对 3 个文件", LOCAL, work)
    threads[0].start()
    threads[0].join()
    assert made.now.failed == "窗口关闭了，还有 1 个文件没有核对；重新打开后请再办一次，办完的不会重复"
    assert begun.unfinished() == (f"核对 3 个文件：{made.now.failed}",)
    with pytest.raises(NotDone, match="正在关闭"):
        begun.start("核对", LOCAL, lambda _: "/")


def test_the_last_step_is_no_reason_to_stop() -> None:
    threads: list[threading.Thread] = []
    begun = Undertakings(lambda work: threads.append(threading.Thread(target=work)), str)

    def work(listen: Listener) -> str:
        listen(LetterTried(2, 2, "甲局", "sent", ""))
        return "/"

    made = begun.start("催报", LOCAL, work)
    begun.stop()
    assert begun.unfinished() == ("催报：没有办完；重新打开后请再办一次，办完的不会重复",)
    threads[0].start()
    threads[0].join()
    assert made.now.then == "/"
    assert begun.unfinished() == ()


def test_events_tell_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LOOKS", 0.01)
    monkeypatch.setattr(progress, "_BEATS", 0.02)
    made = Undertaking("核对", LOCAL)
    made.hear(Notice("一\n二"))

    async def read() -> list[str]:
        found = []
        async for piece in event_stream(made):
            found.append(piece)
            if piece.startswith(":"):
                made.hear(Notice("三"))
                made.end("/next")
        return found

    first, beat, last = run(read())
    assert beat == ": \n\n"
    told = [json.loads(piece.partition("data: ")[2]) for piece in (first, last)]
    assert [one["said"] for one in told] == [["一\n二"], ["三"]]
    assert [(one["is_over"], one["then"]) for one in told] == [(False, ""), (True, "/next")]
