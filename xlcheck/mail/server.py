"""The mail server as the user names it, and the password for it, which is never on the command line."""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

VARIABLE = "XLCHECK_SMTP_PASSWORD"
"""The environment variable that may hold the password."""

_PORTS = {"smtps": 465, "smtp": 587}


class InvalidServer(ValueError):
    """A server or password that cannot be used; the message says why, for a clerk, and never holds a password."""


class Server(NamedTuple):
    """Where letters are handed over."""

    host: str
    port: int
    user: str
    """Empty where the server wants no login."""
    tls: bool
    """TLS from the first byte (RFC 8314); without it STARTTLS (RFC 3207)."""
    plain: bool = False
    """Whether a connection without encryption is allowed."""


def parse(url: str, insecure: str | None = None) -> Server:
    """``smtps://user@host:465`` or ``smtp://user@host:587``.

    Args:
        url: what the user typed.
        insecure: the host that may be spoken to without encryption; empty means this machine, None none at all.

    Raises:
        InvalidServer: it is no such address, it holds a password, or the host is not the one of `insecure`.
    """
    try:
        parts = urlsplit(url)
        host, port, scheme = parts.hostname or "", parts.port, parts.scheme.lower()
    except ValueError as error:
        raise InvalidServer(_USAGE) from error
    if parts.password is not None:
        raise InvalidServer(
            "服务器地址里不能写密码：命令行会留在历史记录里，别的用户也看得到。"
            f"请改用环境变量 {VARIABLE}、--password-file 或系统的密码管理器"
        )
    if scheme not in _PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise InvalidServer(_USAGE)
    if insecure is not None and not _may_be_plain(host, insecure):
        raise InvalidServer("--insecure 只能用于本机，或者用 --insecure=主机名 写明是哪一台服务器，并与 --smtp 一致")
    user = unquote(parts.username or "")
    return Server(host, port or _PORTS[scheme], user, scheme == "smtps", insecure is not None)


_USAGE = "--smtp 要写成 smtps://用户名@主机:465 或 smtp://用户名@主机:587"


def _may_be_plain(host: str, insecure: str) -> bool:
    if insecure:
        return insecure.lower() == host.lower()
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def password(
    server: Server, file: Path | None, environment: Mapping[str, str], warn: Callable[[str], object]
) -> str | None:
    """The password for the server's user: from the file, the environment, or the keyring, in this order.

    Raises:
        InvalidServer: there is a user and no password, or the file cannot be read.
    """
    if not server.user:
        return None
    found = _from_file(file, warn) if file is not None else environment.get(VARIABLE) or _from_keyring(server)
    if not found:
        raise InvalidServer(
            f"没有“{server.user}”的邮箱密码（授权码）；请设环境变量 {VARIABLE}，或用 --password-file 指定文件，"
            f"或存入系统的密码管理器（keyring set xlcheck:{server.host} {server.user}）"
        )
    if not found.isascii():
        raise InvalidServer("邮箱密码（授权码）里有中文或全角字符，服务器不接受，请检查")
    return found


def _from_file(file: Path, warn: Callable[[str], object]) -> str:
    from xlcheck.files import why

    try:
        with open(file, encoding="utf-8-sig") as opened:
            if os.name == "posix" and stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                warn(f"密码文件“{file}”别的用户也能读，请改成只有自己能读（chmod 600）")
            return opened.read(4096).rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        raise InvalidServer(f"无法读取密码文件“{file}”（{why(error)}）") from error


def _from_keyring(server: Server) -> str | None:
    try:
        import keyring
    except ImportError:
        return None
    try:
        return keyring.get_password(f"xlcheck:{server.host}", server.user)
    except Exception:  # a locked or missing keyring, each system with an exception of its own: as if there were none
        return None
