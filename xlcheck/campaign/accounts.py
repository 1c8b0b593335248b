"""The mail accounts of a campaign as the fields of a form have them; their passwords lie in files of the campaign's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import quote

from xlcheck.campaign.opening import OpenCampaign
from xlcheck.campaign.sending import post_of
from xlcheck.files.content import write_bytes
from xlcheck.mail.account import Account, InvalidAccount, parse_account, password, tls_context
from xlcheck.model.errors import Error
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.inbox import IMAP_VARIABLE
from xlcheck.tasks.leaving import SMTP_VARIABLE

Direction = Literal["send", "fetch"]
"""Whether letters leave by an account, or come."""

DIRECTIONS: tuple[Direction, ...] = ("send", "fetch")
_WORDS = {"send": "发信", "fetch": "收信"}
_SCHEMES = {"send": ("smtps", "smtp"), "fetch": ("imaps", "imap")}
"""The one that begins with TLS, and the one with STARTTLS."""
_VARIABLES = {"send": SMTP_VARIABLE, "fetch": IMAP_VARIABLE}
_LONGEST_PASSWORD = 1_000
_PATIENCE = 20.0
"""Seconds that a server has to answer where somebody tries an account and waits."""


class AccountFields(NamedTuple):
    """An account, as it is typed into a form."""

    user: str = ""
    """As the server knows it, mostly an e-mail address; empty where a server takes letters of anybody."""
    server: str = ""
    """Its name; empty where the address of a well-known provider tells it."""
    port: str = ""
    """A number; empty for the usual one."""
    starttls: bool = False
    """Whether encryption begins after the greeting."""
    folder: str = ""
    """Of a mailbox; empty for the usual one."""


class AccountSettings(NamedTuple):
    """What the settings say of an account."""

    address: str = ""
    """As :func:`xlcheck.mail.account.parse_account` has it; empty for none."""
    password_file: str = ""
    """As seen from the campaign's folder; empty for the environment, or else the system's keyring."""


class PasswordMissing(Error):
    """An account has no password that could be used."""

    code = "no-password"


def password_file(direction: Direction) -> str:
    """The file of the folder that holds a password typed into a form."""
    return f".{_WORDS[direction]}密码"


def account_settings(opened: OpenCampaign, direction: Direction) -> AccountSettings:
    """What a campaign's settings say of one of its accounts."""
    settings = opened.settings
    if direction == "send":
        return AccountSettings(settings.send.smtp, settings.send.password_file)
    return AccountSettings(settings.fetch.imap, settings.fetch.password_file)


def account_of(address: str, direction: Direction) -> Account | None:
    """The account of an address; None for none.

    Raises:
        InvalidAccount: it is wrong.
    """
    return parse_account(address, *_SCHEMES[direction]) if address else None


def fields_of(address: str, direction: Direction) -> AccountFields:
    """An account for a form; of an address that is wrong nothing is shown, since a password may stand in it."""
    try:
        account = account_of(address, direction)
    except InvalidAccount:
        account = None
    if account is None:
        return AccountFields()
    is_late = account.scheme == _SCHEMES[direction][1]
    return AccountFields(account.user, account.host, str(account.port), is_late, account.folder)


def address_of_fields(given: AccountFields, direction: Direction) -> str:
    """The address of what was typed into a form; empty where nothing was.

    Raises:
        CannotDo: it is none; the sentence speaks of the form's fields.
    """
    what = _WORDS[direction]
    if not given.user and not given.server:
        return ""
    if not given.user and direction == "fetch":
        raise CannotDo("letters", f"请填写{what}邮箱的用户名，一般就是邮箱地址")
    if not given.server:
        return _of_provider(given, direction)
    if given.port and not (given.port.isascii() and given.port.isdecimal() and 0 < int(given.port) < 65_536):
        raise CannotDo("letters", f"{what}服务器的端口要是 1 到 65535 的数字；空着用常用的端口")
    scheme = _SCHEMES[direction][given.starttls]
    host = f"[{given.server}]" if ":" in given.server else given.server
    port = f":{given.port}" if given.port else ""
    folder = f"/{quote(given.folder, safe='')}" if given.folder else ""
    user = f"{quote(given.user, safe='@')}@" if given.user else ""
    address = f"{scheme}://{user}{host}{port}{folder}"
    try:
        parse_account(address, scheme)
    except InvalidAccount as error:
        said = f"{what}服务器只写名称，如 {_SCHEMES[direction][1]}.example.gov.cn，前后不要别的字"
        raise CannotDo("letters", said) from error
    return address


def _of_provider(given: AccountFields, direction: Direction) -> str:
    """The address of an account at a provider that we know by its domain."""
    address = given.user + (f"/{quote(given.folder, safe='')}" if given.folder else "")
    try:
        parse_account(address, _SCHEMES[direction][0])
    except InvalidAccount as error:
        said = f"请填写{_WORDS[direction]}服务器的名称（向邮箱的管理员要）；QQ、163 等常用邮箱的可以空着"
        raise CannotDo("letters", said) from error
    return address


# --- passwords -------------------------------------------------------------------------------------------------------


def changed_account(
    folder: Path, direction: Direction, before: AccountSettings, address: str, typed: str, *, forget: bool = False
) -> AccountSettings:
    """The settings of an account after a form was sent; its password is put into a file that nobody else can read.

    A password stays with the server and the user that it was given for: where one of them changes it is forgotten unless it
    is typed again, so that nobody has it sent to a server of his own. For the same reason the environment's password is
    never used with an account that was typed into a form.

    Args:
        folder: the campaign's.
        direction: which account.
        before: what the settings say of it until now.
        address: what they are to say; empty for no account.
        typed: a new password; empty to keep the one that is there.
        forget: whether the one that is there is forgotten.

    Raises:
        CannotDo: the password cannot be one.
        OSError: the file cannot be written.
    """
    kept = folder / password_file(direction)
    if typed and address:
        if len(typed) > _LONGEST_PASSWORD or clean(typed) != typed:
            raise CannotDo("letters", "密码（授权码）里有不能用的字符，请检查是否多复制了内容")
        write_bytes(kept, typed.encode(), private=True)
        return AccountSettings(address, kept.name)
    moved = _place(before.address, direction) != _place(address, direction)
    if not (forget or moved):
        return before._replace(address=address)
    kept.unlink(missing_ok=True)
    return AccountSettings(address, kept.name if address else "")


def _place(address: str, direction: Direction) -> tuple[str, str]:
    """Where a password goes: server and user."""
    try:
        account = account_of(address, direction)
    except InvalidAccount:
        return ("", address)
    return (account.host, account.user) if account else ("", "")


def secret_of(opened: OpenCampaign, direction: Direction) -> str:
    """The password of an account, for which nobody can be asked.

    Raises:
        PasswordMissing: there is none that could be used.
        InvalidAccount: the account's address is wrong.
    """
    address, named = account_settings(opened, direction)
    account = account_of(address, direction)
    if account is None or not account.user:
        return ""
    try:
        return password(account, _VARIABLES[direction], opened.folder / named if named else None, _unheard)
    except InvalidAccount as error:
        raise PasswordMissing(f"{_WORDS[direction]}邮箱的密码（授权码）还没有填，或者不能用") from error


def _unheard(warning: str) -> None:
    """Nobody listens: that others can read the file is told where letters are sent."""


# --- trying them -----------------------------------------------------------------------------------------------------


def try_account(opened: OpenCampaign, direction: Direction) -> Account:
    """Log in to the server of an account, and out again; the account that let us in.

    Raises:
        CannotDo: nobody is let in; the sentence says why.
        PasswordMissing: there is no password.
    """
    if not account_settings(opened, direction).address:
        raise CannotDo("letters", f"没有设置{_WORDS[direction]}邮箱")
    try:
        return _sending(opened) if direction == "send" else _fetching(opened)
    except (CannotDo, PasswordMissing):
        raise
    except Error as error:
        raise CannotDo("letters", error.message) from error


def _sending(opened: OpenCampaign) -> Account:
    from xlcheck.mail.sending.smtp import Session

    post = post_of(opened)
    if post.route is None:
        raise CannotDo("letters", "没有设置发信邮箱")
    account = post.route.account
    secret = secret_of(opened, "send") if account.user else None
    Session(account, secret, tls_context(account), answer=_PATIENCE, final=_PATIENCE).close()
    return account


def _fetching(opened: OpenCampaign) -> Account:
    from xlcheck.mail.fetching.imap import open_mailbox

    account = parse_account(opened.settings.fetch.imap, *_SCHEMES["fetch"])
    with open_mailbox(account, secret_of(opened, "fetch"), tls_context(account)):
        return account
