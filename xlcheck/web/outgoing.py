"""Which mail servers a user of a public server may have it speak to: he chooses them, and it stands where he does not."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from xlcheck.tasks.given import CannotDo

if TYPE_CHECKING:
    from xlcheck.mail.account import Account

MAIL_PORTS = frozenset({25, 143, 465, 587, 993})
"""Those that mail servers listen on (RFC 5321, 4.5.4.2; RFC 6409; RFC 8314, 7.3; RFC 3501, 2.1)."""


def refuse_strange_server(account: Account) -> None:
    """Refuse a server that is none of a mail provider's or of an office's network.

    The networks of offices are private, so private addresses are let through. What is behind them proves itself by a
    certificate before anything is said.

    Raises:
        CannotDo: the port is none of mail, or the address is this machine's or one of its link.
    """
    if account.port not in MAIL_PORTS:
        some = "、".join(map(str, sorted(MAIL_PORTS)))
        raise CannotDo(
            "letters", f"端口 {account.port} 不是邮件服务器常用的（{some}）；确要用它的，请管理员写在设置文件里"
        )
    if any(_is_here(one) for one in _addresses(account.host)):
        raise CannotDo("letters", f"“{account.host}”是运行本系统的这台机器；确要用它的，请管理员写在设置文件里")


def _is_here(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    known = getattr(address, "ipv4_mapped", None) or address
    return bool(known.is_loopback or known.is_link_local or known.is_unspecified or known.is_multicast)


def _addresses(host: str) -> list[str]:
    """The addresses of a host; none of one that is not known now, which nobody can speak to either."""
    try:
        return [str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []
