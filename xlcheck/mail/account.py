"""Accounts on mail servers: the address they are given by, the password, and the certificate that proves the server."""

from __future__ import annotations

import ipaddress
import os
import ssl
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from xlcheck.files.content import why
from xlcheck.mail.hosts import PROVIDERS, provider
from xlcheck.model.errors import Error
from xlcheck.model.text import quote
from xlcheck.model.tuples import NamedTuple

PORTS: Mapping[str, int] = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}
"""The usual port of each scheme; those that end with s begin with TLS, the others with STARTTLS (RFC 8314)."""

_LONGEST_PASSWORD = 4_096


class InvalidAccount(Error):
    """An account that cannot be used; the message says why, for a clerk, and never holds a password."""

    code = "account"


class Account(NamedTuple):
    """Where to log in, and as whom."""

    scheme: str
    """One of `PORTS`."""
    user: str
    """As the server knows it, mostly an e-mail address; empty where the server asks for none."""
    host: str
    """A host name in ASCII (IDNA) or an IP address, in lower case."""
    port: int
    folder: str = ""
    """What stands behind the first slash, decoded; empty where letters are handed over (SMTP)."""

    @property
    def shown(self) -> str:
        """The account for people and records."""
        user = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{user}{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def is_on(self, host: str) -> bool:
        """Whether `host`, as somebody typed it, is the server's."""
        try:
            return _host(host.strip("[]")) == self.host
        except ValueError:
            return False


def parse_account(url: str, *schemes: str) -> Account:
    """The account of ``scheme://user@host:port/folder`` (RFC 3986), for one of `schemes`.

    A user that is an e-mail address may be written as it is, or with ``%40`` for its ``@``. Of a well-known provider
    (:mod:`xlcheck.mail.hosts`) its short name, ``user@name``, or an address of it is enough, with or without a folder.

    Raises:
        InvalidAccount: it is not such an address, or a password stands in it.
    """
    example = f"{schemes[0]}://用户名@服务器"
    scheme, mark, rest = url.partition("://")
    if not mark and (short := _of_provider(url, schemes[0])):
        return short
    # Whatever is wrong, the address itself is not repeated: a password may stand in it.
    if not mark or scheme.lower() not in schemes:
        begin, names = " 或 ".join(f"{s}://" for s in schemes), "、".join(PROVIDERS)
        raise InvalidAccount(
            f"服务器地址要写成 {example}，以 {begin} 开头；常用的邮箱可以只写邮箱地址或简称（{names}），如 用户名@qq.com"
        )
    if ":" in rest.partition("/")[0].rpartition("@")[0]:
        raise InvalidAccount(
            f"服务器地址里不能写密码，因为命令会留在历史记录和进程列表里；请只写 {example}，"
            "密码放在环境变量、--password-file 指定的文件或系统的密码管理器里"
        )
    try:
        parts = urlsplit(url)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise InvalidAccount(f"服务器地址不完整或不对，要写成 {example}；端口不是 1 到 65535 的数字也会这样") from error
    user, folder = _decoded(parts)
    if parts.query or parts.fragment or port == 0:
        raise InvalidAccount(f"服务器地址不对，要写成 {example}；“?”“#”要写成 %3F、%23")
    if folder and parts.scheme.startswith("smtp"):
        raise InvalidAccount(f"服务器地址的主机后面不能再有“/”和别的字，要写成 {example}")
    return Account(parts.scheme, user, host, port or PORTS[parts.scheme], folder)


def _of_provider(text: str, scheme: str) -> Account | None:
    """The account that a short name or an address of a provider stands for; None where it stands for none."""
    address, _, folder = text.strip().partition("/")
    user, _, name = address.rpartition("@")
    if ":" in address or (folder and scheme == "smtps") or (found := provider(name)) is None:
        return None
    known, is_domain = found
    if is_domain and not user:
        return None
    user, folder = (unquote(each, errors="replace") for each in (address if is_domain else user, folder.strip("/")))
    if not (user + folder).isprintable() or "\ufffd" in user + folder:
        return None
    return Account(scheme, user, known.smtp if scheme == "smtps" else known.imap, PORTS[scheme], folder)


def _decoded(parts: SplitResult) -> tuple[str, str]:
    user = unquote(parts.netloc.rpartition("@")[0], errors="replace")
    folder = unquote(parts.path, errors="replace").strip("/")
    if any(ord(char) < 32 or ord(char) == 127 or char == "\ufffd" for char in user + folder):
        raise InvalidAccount("服务器地址里有不能用的字符")
    return user, folder


def _host(name: str) -> str:
    """A host's name in ASCII.

    Raises:
        ValueError: it is none.
    """
    if ":" in name:
        return str(ipaddress.IPv6Address(name))
    ascii_name = name.encode("idna").decode("ascii").lower()
    if not ascii_name or not all(char.isalnum() or char in "-._" for char in ascii_name):
        raise ValueError(name)
    return ascii_name


def password(
    account: Account,
    variable: str,
    file: Path | None,
    warn: Callable[[str], object],
    ask: Callable[[str], str] | None = None,
) -> str:
    """The password: from `file` if there is one, else from the environment's `variable`, the keyring, or a person.

    Of a file the first line counts. The keyring (the library of that name, if it is installed) is asked for the
    service ``xlcheck:HOST`` and the account's user.

    Args:
        account: whose password it is.
        variable: the name of the environment variable.
        file: what the user named.
        warn: told if others can read the file.
        ask: shows a person the text and answers what was typed; None where there is nobody to ask.

    Raises:
        InvalidAccount: there is no password, or none that can be sent; the message says where to put it.
    """
    found = _from_file(file, warn) if file is not None else os.environ.get(variable) or _from_keyring(account)
    if not found and ask is not None:
        found = ask(f"“{quote(account.user)}”在“{account.host}”的密码（授权码，输入时不显示）")
    if not found:
        raise InvalidAccount(
            f"没有“{quote(account.user)}”的密码（授权码）：请放进环境变量 {variable}，或用 --password-file 指定存放密码的文件，"
            f"或存入系统的密码管理器（keyring set {_service(account)} {quote(account.user)}）"
        )
    if any(ord(char) < 32 or ord(char) == 127 for char in found):
        raise InvalidAccount("密码里有不能用的字符，请检查是否多复制了内容")
    if account.scheme.startswith("smtp") and not found.isascii():  # smtplib sends no other
        raise InvalidAccount("邮箱密码（授权码）里有中文或全角字符，发信服务器不接受，请检查")
    return found


def _from_file(file: Path, warn: Callable[[str], object]) -> str:
    try:
        with open(file, "rb") as opened:
            if os.name == "posix" and stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                warn(f"密码文件“{file}”别的用户也能读，请改成只有自己能读（chmod 600）")
            text = opened.read(_LONGEST_PASSWORD).decode("utf-8-sig")
    except OSError as error:
        raise InvalidAccount(f"无法读取密码文件“{file}”（{why(error)}）") from error
    except UnicodeDecodeError as error:
        raise InvalidAccount(f"密码文件“{file}”不是 UTF-8 文本") from error
    lines = text.splitlines()
    if not lines or not lines[0]:
        raise InvalidAccount(f"密码文件“{file}”的第一行是空的")
    return lines[0]


def _service(account: Account) -> str:
    """What the keyring knows the server by; the mark keeps it apart from what other programs store for the host."""
    return f"xlcheck:{account.host}"


def _from_keyring(account: Account) -> str:
    try:
        import keyring
    except ImportError:
        return ""
    try:
        return keyring.get_password(_service(account), account.user) or ""
    except Exception:  # each backend raises what it likes; without an answer there is no password
        return ""


def tls_context(account: Account, authorities: Path | None = None, insecure: str = "") -> ssl.SSLContext:
    """How the server must prove itself: by a certificate for its host that the system trusts.

    Args:
        account: whose server it is.
        authorities: a PEM file with certificates to trust instead of the system's.
        insecure: the one host whose certificate is not checked; the traffic is encrypted all the same.

    Raises:
        InvalidAccount: the file cannot be used, or `insecure` names another host.
    """
    if insecure and not account.is_on(insecure):
        raise InvalidAccount(f"--insecure 写的“{quote(insecure)}”不是服务器地址里的主机“{account.host}”")
    try:
        context = ssl.create_default_context(cafile=authorities)
    except OSError as error:  # ssl.SSLError is one, too
        reason = "不是 PEM 格式的证书" if isinstance(error, ssl.SSLError) else why(error)
        raise InvalidAccount(f"无法使用证书文件“{authorities}”（{reason}）") from error
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
