"""Handing over, against a real server: how far a letter went is always known."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.making.work import peak
from tests.servers.smtp import PASSWORD, USER, Running, running
from xlcheck.mail.account import Account, tls_context
from xlcheck.mail.sending.smtp import Attempt, Session, Unreachable, Unusable

MESSAGE = b"Subject: test\r\n\r\n.dot\r\n..dots\r\ntext\r\n"


@pytest.fixture
def session(server: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    opened = connect(server, monkeypatch)
    yield opened
    opened.close()


def connect(server: Running, monkeypatch: pytest.MonkeyPatch, scheme: str = "smtps", plain: bool = False, password: str | None = PASSWORD) -> Session:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    account = Account(scheme, USER, "localhost", server.port)
    return Session(account, password, tls_context(account), plain=plain)


def unencrypted(port: int, answer: float = 300, final: float = 600) -> Session:
    account = Account("smtp", "", "127.0.0.1", port)
    return Session(account, None, tls_context(account), plain=True, answer=answer, final=final)


def fates(outcome: Attempt) -> dict[str, str]:
    return {address.partition("@")[0]: reply.fate for address, reply in outcome.replies.items()}


def test_many_letters_go_over_one_connection_unchanged(session: Session, server: Running) -> None:
    for number in range(3):
        assert fates(session.send(USER, [f"a{number}@example.org"], MESSAGE)) == {f"a{number}": "accepted"}
    assert [(letter.data, letter.connection, letter.login) for letter in server.letters] == [(MESSAGE, 1, USER)] * 3


def test_who_was_refused_is_known_and_the_others_get_it(session: Session, server: Running) -> None:
    outcome = session.send(USER, ["a@example.org", "refuse-b@example.org", "later1-c@example.org"], MESSAGE)
    assert fates(outcome) == {"a": "accepted", "refuse-b": "refused", "later1-c": "later"}
    assert outcome.replies["refuse-b@example.org"].text == "对方没有这个邮箱，请核对地址（550 5.1.1 no such user）"
    assert server.received == {"a@example.org": 1}


def test_refused_by_all_or_for_its_content(session: Session, server: Running) -> None:
    assert fates(session.send(USER, ["refuse-a@example.org"], MESSAGE)) == {"refuse-a": "refused"}
    assert fates(session.send(USER, ["content-a@example.org"], MESSAGE)) == {"content-a": "refused"}
    assert fates(session.send(USER, ["b@example.org"], MESSAGE)) == {"b": "accepted"}
    assert server.received == {"b@example.org": 1}


def test_a_connection_lost_in_the_middle_of_the_content_is_certainly_not_taken(
    session: Session, server: Running
) -> None:
    outcome = session.send(USER, ["cut-a@example.org"], b"Subject: x\r\n\r\n" + b"x" * 30_000_000)
    assert (fates(outcome), outcome.lost, outcome.idle) == ({"cut-a": "later"}, True, False)


@pytest.mark.parametrize(("what", "kept"), [("mute", 0), ("lost", 1)])
def test_a_connection_lost_after_the_dot_is_uncertain(session: Session, server: Running, what: str, kept: int) -> None:
    outcome = session.send(USER, [f"{what}-a@example.org"], MESSAGE)
    assert (fates(outcome), outcome.lost) == ({f"{what}-a": "uncertain"}, True)
    assert len(server.letters) == kept


def test_told_to_come_back(session: Session) -> None:
    outcome = session.send(USER, ["busy1-a@example.org"], MESSAGE)
    assert (fates(outcome), outcome.lost) == ({"busy1-a": "later"}, True)


def test_an_idle_connection_that_was_closed(session: Session, server: Running) -> None:
    server.process.kill()
    server.process.wait()
    outcome = session.send(USER, ["a@example.org"], MESSAGE)
    assert (fates(outcome), outcome.lost, outcome.idle) == ({"a": "later"}, True, True)


def test_a_chinese_mailbox_where_the_server_takes_it_and_where_not(
    session: Session, server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fates(session.send(USER, ["张三@example.org"], MESSAGE)) == {"张三": "accepted"}
    assert server.received == {"张三@example.org": 1}
    with running(tmp_path / "old", "tls", "no-utf8") as old:
        older = connect(old, monkeypatch, password=None)
        outcome = older.send(USER, ["张三@example.org"], MESSAGE)
        assert "SMTPUTF8" in outcome.replies["张三@example.org"].text
        assert fates(outcome) == {"张三": "refused"}
        assert fates(older.send(USER, ["a@example.org"], MESSAGE)) == {"a": "accepted"}
        older.close()


def test_a_letter_that_is_too_large_is_refused_before_it_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path / "small", "tls", "size=10000") as small:
        session = connect(small, monkeypatch, password=None)
        assert fates(session.send(USER, ["a@example.org"], MESSAGE + b"x" * 20000)) == {"a": "refused"}
        assert fates(session.send(USER, ["a@example.org"], MESSAGE)) == {"a": "accepted"}
        session.close()


# --- the connection --------------------------------------------------------------------------------------------------


def test_starttls_is_used_before_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path / "server", "starttls", "auth") as server:
        session = connect(server, monkeypatch, scheme="smtp")
        assert fates(session.send(USER, ["a@example.org"], MESSAGE)) == {"a": "accepted"}
        session.close()
        assert server.letters[0].login == USER


def test_without_encryption_only_where_it_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path / "server") as server:
        with pytest.raises(Unusable, match="不提供加密连接"):
            connect(server, monkeypatch, scheme="smtp")
        session = connect(server, monkeypatch, scheme="smtp", plain=True)
        assert fates(session.send(USER, ["a@example.org"], MESSAGE)) == {"a": "accepted"}
        session.close()


def test_a_wrong_password_is_said_and_not_repeated(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unusable, match="请检查用户名和密码") as refused:
        connect(server, monkeypatch, password="geheim")
    assert "geheim" not in str(refused.value)


def test_a_certificate_that_nobody_vouches_for(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    account = Account("smtps", USER, "localhost", server.port)
    with pytest.raises(Unusable, match="证书不可信"):
        Session(account, PASSWORD, tls_context(account))


def test_tls_where_none_is_spoken(tmp_path: Path) -> None:
    with running(tmp_path / "server") as server:
        account = Account("smtps", USER, "localhost", server.port)
        with pytest.raises(Unusable, match="请检查端口"):
            Session(account, PASSWORD, tls_context(account))


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="连接不上"):
        unencrypted(port)


# --- servers that no library makes -----------------------------------------------------------------------------------


@contextmanager
def odd(after_dot: Callable[[socket.socket], object]) -> Iterator[int]:
    """A server that says yes to everything until the dot."""

    def serve() -> None:
        peer, _ = listener.accept()
        with peer, peer.makefile("rb") as lines:
            peer.sendall(b"220 odd\r\n")
            for line in lines:
                if line.startswith(b"DATA"):
                    peer.sendall(b"354 go\r\n")
                    while next(lines) != b".\r\n":
                        pass
                    after_dot(peer)
                elif line.startswith(b"QUIT"):
                    break
                else:
                    peer.sendall(b"250 ok\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (b"250 2.0.0 ok\r\n", "accepted"), (b"451 later\r\n", "later"), (b"554 no\r\n", "refused"), (b"421 bye\r\n", "later"),
        (b"354 what?\r\n", "uncertain"), (b"what?\r\n", "uncertain"), (b"250-half", "uncertain"), (b"", "uncertain"),
    ],
)  # fmt: skip
def test_only_a_clear_answer_to_the_dot_is_certain(answer: bytes, fate: str) -> None:
    def say(peer: socket.socket) -> None:
        peer.sendall(answer)
        if not answer.endswith(b"\r\n"):
            peer.shutdown(socket.SHUT_RDWR)

    with odd(say) as port:
        session = unencrypted(port)
        assert fates(session.send(USER, ["a@example.org"], MESSAGE)) == {"a": fate}
        session.close()


def test_no_answer_in_time_is_uncertain() -> None:
    done = threading.Event()
    with odd(lambda peer: done.wait(10)) as port:
        session = unencrypted(port, answer=5, final=0.2)
        outcome = session.send(USER, ["a@example.org"], MESSAGE)
        done.set()
        assert fates(outcome) == {"a": "uncertain"}
        assert "等待超时" in outcome.replies["a@example.org"].text
        session.close()


Answer = bytes | Callable[[socket.socket], object]


@contextmanager
def lying(answers: dict[bytes, Answer], greeting: Answer = b"220 odd\r\n") -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers as it is told to, by what a line begins with; its port, and what it heard."""
    heard: list[bytes] = []

    def say(peer: socket.socket, answer: Answer) -> None:
        if isinstance(answer, bytes):
            peer.sendall(answer)
        else:
            answer(peer)

    def serve() -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                with suppress(OSError), peer, peer.makefile("rb") as lines:
                    say(peer, greeting)
                    for line in lines:
                        heard.append(line.strip())
                        known = (answer for begin, answer in answers.items() if line.upper().startswith(begin))
                        say(peer, next(known, b"250 ok\r\n"))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def for_ever(piece: bytes, pause: float = 0) -> Callable[[socket.socket], object]:
    """Says the same until the other side has had enough."""

    def say(peer: socket.socket) -> None:
        while True:
            peer.sendall(piece)
            time.sleep(pause)

    return say


ENDLESS = {
    "lines": for_ever(b"250-more\r\n" * 100),
    "one line": for_ever(b"250 " + b"x" * 4096),
    "zeros": for_ever(bytes(4096)),
    "a line now and then": for_ever(b"250-more\r\n", 0.05),
    "a byte now and then": for_ever(b"2", 0.05),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_reply_without_end_is_not_heard_to_its_end(name: str) -> None:
    def connected() -> None:
        with pytest.raises(Unreachable):
            unencrypted(port, answer=0.5)

    with lying({}, greeting=ENDLESS[name]) as (port, _):
        assert peak(connected) < 4 << 20
    with lying({b"EHLO": ENDLESS[name]}) as (port, _):
        assert peak(connected) < 4 << 20


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.parametrize(("command", "fate"), [(b"RCPT", "later"), (b".", "uncertain")])
def test_nor_while_a_letter_is_handed_over(name: str, command: bytes, fate: str) -> None:
    with lying({b"DATA": b"354 go\r\n", b"SUBJECT": b"", b"\r\n": b"", b"X": b"", command: ENDLESS[name]}) as (port, _):
        session = unencrypted(port, answer=0.5, final=0.5)
        outcome = session.send(USER, ["a@example.org"], b"Subject: x\r\n\r\nx\r\n")
        session.close()
    assert (fates(outcome), outcome.lost) == ({"a": fate}, True)


@pytest.mark.parametrize("code", [421, 450, 451])
def test_a_server_that_is_busy_at_the_greeting_is_not_told_as_a_wrong_user(code: int) -> None:
    words = f"{code} 4.3.2 system is busy".encode()
    with lying({b"EHLO": words + b"\r\n"}) as (port, heard):
        account = Account("smtp", USER, "127.0.0.1", port)
        with pytest.raises(Unreachable) as busy:
            Session(account, PASSWORD, tls_context(account), plain=True, answer=5)
    assert "system is busy" in busy.value.message
    assert "用户" not in busy.value.message and "密码" not in busy.value.message
    assert {line.split()[0].upper() for line in heard} <= {b"EHLO", b"QUIT"}


def test_a_server_that_takes_nobody_says_so_in_its_words() -> None:
    refusal = b"554 IP is blocked, see https://example.org/help\r\n"
    with lying({b"EHLO": refusal, b"HELO": refusal}) as (port, _), pytest.raises(Unusable) as refused:
        unencrypted(port, answer=5)
    assert "IP is blocked, see https://example.org/help" in refused.value.message


def test_an_old_server_that_knows_no_ehlo() -> None:
    with lying({b"EHLO": b"502 what?\r\n", b"DATA": b"354 go\r\n", b"SUBJECT": b"", b"\r\n": b""}) as (port, _):
        session = unencrypted(port, answer=5)
        assert fates(session.send(USER, ["a@example.org"], b"Subject: x\r\n\r\n")) == {"a": "accepted"}
        session.close()


@pytest.mark.parametrize(
    ("words", "advised"),
    [
        (b"535 Login Fail. Please enter your authorization code to login. More information in https://service.mail.qq.com", "\u6388\u6743\u7801"),
        (b"550 User has no permission", "\u6388\u6743\u7801"),
        (b"535 5.7.8 \xe7\x99\xbb\xe5\xbd\x95\xe5\xa4\xb1\xe8\xb4\xa5", "\u767b\u5f55\u5931\u8d25"),
    ],
)  # fmt: skip
def test_a_refused_login_is_told_in_the_servers_words(words: bytes, advised: str) -> None:
    answers: dict[bytes, Answer] = {b"EHLO": b"250-odd\r\n250 AUTH PLAIN LOGIN\r\n", b"AUTH": words + b"\r\n"}
    with lying(answers) as (port, _):
        account = Account("smtp", USER, "127.0.0.1", port)
        with pytest.raises(Unusable) as refused:
            Session(account, PASSWORD, tls_context(account), plain=True, answer=5)
    assert words[4:60].decode() in refused.value.message
    assert advised in refused.value.message
    assert PASSWORD not in refused.value.message


@pytest.mark.parametrize("more", [b"250 odd\r\n", b"250-odd\r\n250 AUTH PLAIN\r\n", b"x"])
def test_what_is_said_before_tls_is_not_taken_for_what_is_said_over_it(more: bytes) -> None:
    with lying({b"EHLO": b"250-odd\r\n250 STARTTLS\r\n", b"STARTTLS": b"220 go\r\n" + more}) as (port, heard):
        account = Account("smtp", USER, "127.0.0.1", port)
        with pytest.raises(Unusable, match="在加密之前多说了话"):
            Session(account, PASSWORD, tls_context(account), answer=5)
    assert not any(line.startswith(b"AUTH") for line in heard)


def test_an_answer_to_the_dot_that_comes_before_the_dot_is_none() -> None:
    with lying({b"DATA": b"354 go\r\n250 taken\r\n", b"SUBJECT": b"", b"\r\n": b""}) as (port, _):
        outcome = unencrypted(port, answer=5).send(USER, ["a@example.org"], b"Subject: x\r\n\r\n")
    assert (fates(outcome), outcome.lost) == ({"a": "later"}, True)
