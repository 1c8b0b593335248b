"""Who sends letters over which server, and how fast: from the texts that a person writes on a command line or into a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.leaving import Route

if TYPE_CHECKING:
    from xlcheck.mail.account import Account
    from xlcheck.mail.address import Address
    from xlcheck.mail.sending.send import Pace

_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)/(s|sec|min|m|h|hour|秒|分|分钟|小时)")
_SECONDS = {"s": 1, "sec": 1, "秒": 1, "min": 60, "m": 60, "分": 60, "分钟": 60, "h": 3600, "hour": 3600, "小时": 3600}


def gap_of(rate: str, named: str) -> float:
    """The seconds between two letters.

    Args:
        rate: ``20/min``; empty for as fast as the server takes them.
        named: what the text is called where it stands.

    Raises:
        CannotDo: it is none.
    """
    if not rate:
        return 0.0
    match = _RATE.fullmatch(rate.strip())
    if match is None or not float(match[1]):
        raise CannotDo("options", f"{named} 要写成 20/min 的样子（也可以用 /s、/h），不能是“{rate}”")
    return _SECONDS[match[2]] / float(match[1])


def route_of(url: str, password_file: Path | None, pace: Pace, ask: Callable[[str], str] | None) -> Route | None:
    """How letters are handed over to a server; None for none.

    Args:
        url: ``smtps://user@host``, or an address of a well-known provider; empty for no server.
        password_file: see :class:`Route`.
        pace: how fast.
        ask: see :class:`Route`.

    Raises:
        CannotDo: the address is wrong.
    """
    from xlcheck.mail.account import InvalidAccount, parse_account

    if not url:
        return None
    try:
        account = parse_account(url, "smtps", "smtp")
    except InvalidAccount as error:
        raise CannotDo("letters", str(error)) from error
    return Route(account, password_file, plain=False, pace=pace, ask=ask)


def sender_of(text: str, account: Account | None, named: str) -> Address | None:
    """Who sends: as a text says, or else the user of the account; None where neither is known and nothing is sent.

    Raises:
        CannotDo: the text is no address, or the user of the account is none and there is no text.
    """
    from xlcheck.mail.address import InvalidAddress, parse_address
    from xlcheck.mail.address import named as named_address

    try:
        if text:
            return named_address(text)
        if account is None:
            return None
        if "@" in account.user:
            return parse_address(account.user)
    except InvalidAddress as error:
        raise CannotDo("letters", f"{named}：{error}") from error
    raise CannotDo("letters", f"不知道发件人的邮箱，请用 {named} 写明，如 '市政务公开办 <gkb@example.org>'")


def logged_in_as(route: Route, sender: Address, url: str) -> Route:
    """The route with its user, where only the name of a provider was given: none of them takes letters of nobody."""
    if route.account.user or "://" in url:
        return route
    return route._replace(account=route.account._replace(user=sender.spec))


def addresses_of(text: str, named: str) -> tuple[Address, ...]:
    """The addresses in a text.

    Raises:
        CannotDo: one of them is wrong.
    """
    from xlcheck.mail.address import InvalidAddress, several

    try:
        return several(text)
    except InvalidAddress as error:
        raise CannotDo("letters", f"{named}：{error}") from error
