"""A mailbox on an IMAP server (RFC 3501), read and never changed: nothing is marked, moved or deleted."""

from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import imapclient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from xlcheck import __version__
from xlcheck.files.content import why
from xlcheck.mail.account import Account
from xlcheck.mail.replies import advice, login_advice, said
from xlcheck.model.errors import Error
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple

_CONNECT_SECONDS, _READ_SECONDS, _LEAVE_SECONDS = 30, 120, 5
_FIRST = datetime.datetime(1990, 1, 1, tzinfo=datetime.timezone.utc)
"""No letter came in before."""
_WINDOW = 50_000
"""UIDs asked for at once: imaplib takes no line of a million bytes."""


class MailTrouble(Error):
    """The mailbox cannot be read, or no longer; the message says why and what to do, for a clerk."""

    code = "mailbox"


class Envelope(NamedTuple):
    """What the server knows of a letter."""

    uid: int
    """Its number in the mailbox, which it keeps as long as the mailbox keeps its UIDVALIDITY."""
    size: int
    """Bytes."""
    received: datetime.datetime
    """When the server took it in; unlike the letter's own date, no sender can choose it."""


class Mailbox:
    """A folder, opened with EXAMINE."""

    def __init__(self, client: Any, validity: int, next_uid: int | None) -> None:
        """Of a client that has selected the folder.

        Args:
            client: an IMAPClient.
            validity: UIDVALIDITY.
            next_uid: UIDNEXT, which some servers do not tell.
        """
        self._client = client
        self._next_uid = next_uid
        self.validity = validity

    def uids(self, since: datetime.date | None = None) -> list[int]:
        """The letters that are not marked as deleted, in the order they came; `since` is the first day."""
        criteria: list[Any] = ["UNDELETED", *(("SINCE", since) if since else ())]
        with _told(doing="列出信件"):
            if self._next_uid is None:
                return sorted(self._client.search(criteria))
            found: list[int] = []
            for first in range(1, self._next_uid, _WINDOW):
                found += self._client.search(["UID", f"{first}:{first + _WINDOW - 1}", *criteria])
            return sorted(found)

    def envelopes(self, uids: Sequence[int]) -> Iterator[Envelope]:
        """What the server knows of each letter, in the order given; those that are gone are left out."""
        for at in range(0, len(uids), 500):
            chunk = uids[at : at + 500]
            told = self._known(chunk, "RFC822.SIZE", "INTERNALDATE")
            if told is None:  # it refuses one of them, or what it says of one cannot be read; the others may be fine
                told = {uid: known for each in chunk for uid, known in self._alone(each).items()}
            for uid in chunk:
                if b"RFC822.SIZE" in told.get(uid, {}):
                    size = told[uid][b"RFC822.SIZE"]
                    yield Envelope(uid, size if isinstance(size, int) else 0, _received(told[uid].get(b"INTERNALDATE")))

    def _alone(self, uid: int) -> dict[int, dict[bytes, Any]]:
        """What the server knows of one letter, as far as it can be read."""
        known = self._known([uid], "RFC822.SIZE", "INTERNALDATE") or self._known([uid], "RFC822.SIZE")
        return {uid: {b"RFC822.SIZE": None}} if known is None else known

    def _known(self, uids: Sequence[int], *what: str) -> dict[int, dict[bytes, Any]] | None:
        """The answer of the server; None where it refuses, or nobody can make head or tail of it."""
        with _told():
            try:
                return dict(self._client.fetch(uids, what))
            except IMAPClientAbortError:
                raise
            except (ValueError, TypeError, LookupError, AttributeError, OverflowError, IMAPClientError):
                return None

    def letter(self, uid: int) -> bytes | None:
        """A whole letter; None if the server does not give it, or no longer."""
        return self._fetch(uid, "BODY.PEEK[]")

    def head(self, uid: int) -> bytes | None:
        """The headers From and Subject of a letter, up to 16 KiB; None if the server does not give them."""
        return self._fetch(uid, "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]<0.16384>")

    def _fetch(self, uid: int, what: str) -> bytes | None:
        with _told():
            try:
                told = self._client.fetch([uid], [what]).get(uid, {})
            except IMAPClientAbortError:
                raise
            except IMAPClientError:  # the server says no to this letter, and the others may be fine
                return None
        return next((value for key, value in told.items() if key.startswith(b"BODY[")), None)


def _received(told: object) -> datetime.datetime:
    """When a letter came in; where the server does not say so, or what cannot be, it is now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    if not isinstance(told, datetime.datetime):
        return now
    try:
        received = (told if told.tzinfo else told.astimezone()).astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        return now
    # A server whose clock is ahead would make its letters newer than all that comes by other ways.
    return min(received, now) if received >= _FIRST else now


@contextmanager
def open_mailbox(account: Account, password: str, context: ssl.SSLContext) -> Iterator[Mailbox]:
    """Log in and open the account's folder (INBOX if it names none); nothing goes over the wire before TLS.

    Raises:
        MailTrouble: it cannot be done, or the connection is lost meanwhile.
    """
    timeout = imapclient.SocketTimeout(_CONNECT_SECONDS, _READ_SECONDS)
    with _told(account):
        client = imapclient.IMAPClient(
            account.host, account.port, ssl=account.scheme == "imaps", ssl_context=context, timeout=timeout
        )
    try:
        with _told(account):
            mailbox = _opened(client, account, password, context)
        yield mailbox
        with suppress(Exception):  # the connection may be lost, and nothing depends on a farewell
            client.socket().settimeout(_LEAVE_SECONDS)
            client.logout()
    finally:
        with suppress(Exception):
            client.shutdown()


def _opened(client: Any, account: Account, password: str, context: ssl.SSLContext) -> Mailbox:
    client.normalise_times = False
    if account.scheme == "imap":
        if not client.has_capability("STARTTLS"):
            raise MailTrouble(
                f"服务器“{account.host}”不支持加密连接，没有登录；请改用一开始就加密的端口（多为 993），或问邮箱的管理员"
            )
        client.starttls(context)
    try:
        if client.has_capability("AUTH=PLAIN"):
            client.plain_login(account.user, password)
        else:
            client.login(account.user, password)
    except UnicodeEncodeError as error:
        raise MailTrouble(f"服务器“{account.host}”不接受用户名或密码里的中文、全角字符，请检查") from error
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        words = said(str(error).replace(password, "…"))
        raise MailTrouble(
            f"服务器“{account.host}”不让“{quote(account.user)}”登录（它说：{words}）；{login_advice(words)}"
        ) from error
    if client.has_capability("ID"):
        # Some servers (163.com) open no folder for a program that does not say what it is (RFC 2971).
        with suppress(IMAPClientError):
            client.id_({"name": "xlcheck", "version": __version__})
    folder = account.folder or "INBOX"
    try:
        selected = client.select_folder(folder, readonly=True)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        words = said(str(error))
        what = advice(words, "请检查名称")
        raise MailTrouble(f"邮箱里打不开文件夹“{quote(folder)}”（服务器说：{words}）；{what}") from error
    return Mailbox(client, int(selected.get(b"UIDVALIDITY", 0)), selected.get(b"UIDNEXT"))


@contextmanager
def _told(account: Account | None = None, doing: str = "照办") -> Iterator[None]:
    """Says what went wrong in a clerk's words; `doing` is what the server was asked for."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailTrouble(
            f"服务器“{account.host if account else ''}”的证书不可信（{quote(error.verify_message)}），没有登录；"
            "请检查服务器地址；自建的服务器，要先让这台电脑信任它的证书"
        ) from error
    except ssl.SSLError as error:
        raise MailTrouble("与服务器的加密连接没有建立或已中断；请检查地址和端口，再运行一次") from error
    except socket.gaierror as error:
        raise MailTrouble(f"找不到服务器“{account.host if account else ''}”，请检查地址和网络") from error
    except ConnectionRefusedError as error:
        raise MailTrouble("服务器拒绝连接，请检查地址和端口") from error
    except TimeoutError as error:
        raise MailTrouble("服务器没有回应；请检查地址和网络，再运行一次，会从没取的信接着取") from error
    except (IMAPClientAbortError, OSError, EOFError, ValueError, AssertionError) as error:
        because = why(error) if isinstance(error, OSError) and error.errno else ""
        if isinstance(error, IMAPClientAbortError) and "socket error" not in str(error):
            because = said(str(error))  # such as what a server says before it hangs up
        told = f"（{because}）" if because else ""
        raise MailTrouble(f"与服务器的连接中断{told}；{advice(because, '请再运行一次，会从没取的信接着取')}") from error
    except IMAPClientError as error:
        words = said(str(error))
        what = advice(words, "请再运行一次；还是这样的，请问邮箱的管理员")
        raise MailTrouble(f"服务器不肯{doing}（它说：{words}）；{what}") from error
