"""Handing letters over (RFC 5321), always knowing how far it went.

A server takes a letter when it answers the line with the single dot. What fails before that dot was sent was certainly
not taken. What fails between the dot and the answer may have been taken: that is uncertain.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence

from xlcheck.mail.account import Account
from xlcheck.mail.replies import advice, login_advice, refusal
from xlcheck.mail.sending.entries import Fate, Reply
from xlcheck.mail.sending.listening import OutOfTurn, Plain, Safe
from xlcheck.model.errors import Error
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple

_ANSWER = 300.0
"""Seconds to wait for an answer (RFC 5321, 4.5.3.2)."""
_FINAL = 600.0
"""Seconds to wait for the answer to the dot (4.5.3.2.6)."""
_CONNECT = 30.0
_FAREWELL = 5.0


class Unreachable(Error):
    """There is no connection now, but there may be one later; the message says why, for a clerk."""

    code = "unreachable"


class Unusable(Error):
    """There will be no connection until somebody changes something; the message says what, for a clerk."""

    code = "server"


class Attempt(NamedTuple):
    """What became of one attempt."""

    replies: Mapping[str, Reply]
    """By recipient."""
    lost: bool = False
    """Whether the connection is gone."""
    idle: bool = False
    """Whether it was found gone before the server had heard of the letter."""


class Session:
    """One connection, used for many letters."""

    def __init__(
        self,
        account: Account,
        password: str | None,
        context: ssl.SSLContext,
        *,
        plain: bool = False,
        answer: float = _ANSWER,
        final: float = _FINAL,
    ) -> None:
        """Connect, encrypt and log in.

        Args:
            account: of one of the schemes ``smtps`` (TLS from the first byte, RFC 8314) and ``smtp`` (STARTTLS, RFC 3207).
            password: None logs nobody in.
            context: how the server must prove itself.
            plain: whether a server that offers no encryption is used all the same.
            answer: seconds to wait for an answer.
            final: seconds to wait for the answer to the dot.

        Raises:
            Unreachable: not now.
            Unusable: not like this.
        """
        self._final, self._answer = final, answer
        try:
            self._smtp = _connected(account, context, plain, min(_CONNECT, answer))
            try:
                _logged_in(self._smtp, account, password)
            except BaseException:
                self._smtp.close()
                raise
        except ssl.SSLCertVerificationError as error:
            raise Unusable(f"服务器“{account.host}”的证书不可信（{quote(error.verify_message)}），没有发送") from error
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise Unreachable(f"服务器“{account.host}:{account.port}”断开了加密连接") from error
        except ssl.SSLError as error:
            raise Unusable(
                f"与服务器“{account.host}:{account.port}”不能建立加密连接（{quote(str(error.reason))}），"
                "请检查端口：smtps 多为 465，smtp 多为 587"
            ) from error
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError) as error:
            raise Unreachable(f"连接不上服务器“{account.host}:{account.port}”（{_said(error)}）") from error
        self._patience(answer)
        # The dot goes out by itself; Nagle's algorithm would hold it back until the server has acknowledged the rest.
        with contextlib.suppress(OSError, AttributeError):
            self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]

    def _patience(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def send(self, sender: str, recipients: Sequence[str], message: bytes) -> Attempt:
        """Hand one letter over. Never raises for what server or network do."""
        smtp = self._smtp
        replies: dict[str, Reply] = {}
        heard = False
        try:
            utf8 = not all(map(str.isascii, (sender, *recipients)))
            if utf8 and not smtp.has_extn("smtputf8"):
                said = "服务器不支持中文邮箱地址（SMTPUTF8），请换用英文邮箱"
                return Attempt(dict.fromkeys(recipients, Reply("refused", said)))
            options = [*(["SMTPUTF8"] if utf8 else []), *([f"SIZE={len(message)}"] if smtp.has_extn("size") else [])]
            smtp.command_encoding = "utf-8" if utf8 else "ascii"
            code, text = smtp.mail(sender, options)
            if code != 250:
                return self._refused(recipients, code, text, idle=code == 421)
            heard = True
            for recipient in recipients:
                code, text = smtp.rcpt(recipient)
                if code == 421:
                    return self._refused(recipients, code, text)
                replies[recipient] = Reply(_fate(code), _answer(code, text))
            taking = [recipient for recipient, reply in replies.items() if reply.fate == "accepted"]
            if not taking:
                smtp.rset()
                return Attempt(replies)
            code, text = smtp.docmd("DATA")
            if code != 354:
                return self._refused(taking, code, text, replies)
            smtp.send(message.replace(b"\r\n.", b"\r\n.."))  # RFC 5321, 4.5.2
            if smtp.is_unasked:
                # It hangs up, or has something to say before its turn. Without the dot it cannot have taken the letter.
                raise smtplib.SMTPServerDisconnected
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            lost = Reply("later", f"连接中断（{_said(error)}）")
            kept = {r: reply for r, reply in replies.items() if reply.fate == "refused"}
            return Attempt({**dict.fromkeys(recipients, lost), **kept}, lost=True, idle=not heard)
        return self._finish(taking, replies)

    def _finish(self, taking: Sequence[str], replies: Mapping[str, Reply]) -> Attempt:
        """The dot, and the answer to it."""
        smtp = self._smtp
        try:
            self._patience(self._final)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
            self._patience(self._answer)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            smtp.close()
            reply = Reply("uncertain", f"信已发出，没有等到服务器的答复（{_said(error)}），不能确定是否收下")
            return Attempt({**replies, **dict.fromkeys(taking, reply)}, lost=True)
        if not (200 <= code < 300 or 400 <= code < 600):
            smtp.close()
            reply = Reply("uncertain", "信已发出，服务器的答复不知所云，不能确定是否收下")
            return Attempt({**replies, **dict.fromkeys(taking, reply)}, lost=True)
        done = dict.fromkeys(taking, Reply(_fate(code), _answer(code, text)))
        if code == 421:
            smtp.close()
        return Attempt({**replies, **done}, lost=code == 421)

    def _refused(
        self,
        recipients: Sequence[str],
        code: int,
        text: bytes,
        before: Mapping[str, Reply] | None = None,
        idle: bool = False,
    ) -> Attempt:
        """The server refuses a letter before its content; 421 means that it closes the connection (3.8)."""
        reply = Reply(_fate(code, refused=True), _answer(code, text))
        if code == 421 or code < 0:
            self._smtp.close()
        else:
            self._smtp.rset()
        return Attempt({**(before or {}), **dict.fromkeys(recipients, reply)}, code == 421 or code < 0, idle)

    def close(self) -> None:
        """Say good-bye."""
        self._patience(_FAREWELL)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()
        self._smtp.close()


def _connected(account: Account, context: ssl.SSLContext, plain: bool, timeout: float) -> Safe | Plain:
    if account.scheme == "smtps":
        return Safe(account.host, account.port, timeout=timeout, context=context)
    smtp = Plain(account.host, account.port, timeout=timeout)
    try:
        _greeted(smtp, account)
        if smtp.has_extn("starttls"):
            code, text = smtp.starttls(context=context)
            if code != 220:
                raise Unusable(f"服务器“{account.host}”不能加密连接（{_answer(code, text)}），没有发送")
        elif not plain:
            raise Unusable(
                f"服务器“{account.host}”不提供加密连接（STARTTLS），没有发送；请问邮箱的管理员，改用加密的端口（多为 465）"
            )
    except OutOfTurn as error:
        raise Unusable(
            f"服务器“{account.host}”在加密之前多说了话，可能有人在中间插话，没有登录也没有发送；"
            "请改用一开始就加密的端口（多为 465），或问邮箱的管理员"
        ) from error
    except smtplib.SMTPException as error:
        smtp.close()
        if isinstance(error, smtplib.SMTPServerDisconnected):
            raise
        raise Unreachable(f"服务器“{account.host}”没有正常应答（{_said(error)}）") from error
    except BaseException:
        smtp.close()
        raise
    return smtp


def _greeted(smtp: Safe | Plain, account: Account) -> None:
    """EHLO, or HELO where a server does not know that (RFC 5321, 3.2).

    Raises:
        Unreachable: it takes nobody now.
        Unusable: it takes nobody like this.
    """
    code, text = smtp.ehlo()
    if 500 <= code < 600:
        code, text = smtp.helo()
    if 200 <= code < 300:
        return
    if 500 <= code < 600:
        words = _answer(code, text)
        what = advice(words, "请问邮箱的管理员")
        raise Unusable(f"服务器“{account.host}”不接受这台电脑的连接（它说：{words}）；{what}")
    raise Unreachable(f"服务器“{account.host}”现在不接受连接（它说：{_answer(code, text)}）")


def _logged_in(smtp: Safe | Plain, account: Account, password: str | None) -> None:
    try:
        _greeted(smtp, account)
        if password is not None:
            smtp.login(account.user, password)
    except smtplib.SMTPAuthenticationError as error:
        words = _answer(error.smtp_code, error.smtp_error).replace(password or "\0", "…")
        if 400 <= error.smtp_code < 500:
            raise Unreachable(f"服务器“{account.host}”暂时不能登录（它说：{words}）") from None
        raise Unusable(
            f"用户“{quote(account.user)}”登录不了服务器“{account.host}”（它说：{words}）；{login_advice(words)}"
        ) from None
    except smtplib.SMTPNotSupportedError as error:
        raise Unusable(f"服务器“{account.host}”不接受用户名和密码登录，请不要写用户名") from error
    except UnicodeError:
        raise Unusable("用户名里有中文或全角字符，服务器不接受，请检查") from None
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        raise Unusable(f"登录不了服务器“{account.host}”（{_said(error)}）") from error


def _fate(code: int, refused: bool = False) -> Fate:
    if 200 <= code < 300 and not refused:
        return "accepted"
    return "refused" if 500 <= code < 600 else "later"


def _answer(code: int, text: bytes | str) -> str:
    return refusal(code, text)


def _said(error: BaseException) -> str:
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib hides it
        return "等待超时"
    if isinstance(error, socket.gaierror):
        return "找不到这台主机"
    if isinstance(error, ConnectionRefusedError):
        return "对方拒绝连接"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "对方断开"
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return quote(str(error)) or type(error).__name__
