"""Mail addresses: read strictly, since a list typed by hand decides where a workbook goes."""

from __future__ import annotations

import contextlib
import re
import unicodedata

from xlcheck.model.errors import Error
from xlcheck.model.text import clean, quote
from xlcheck.model.tuples import NamedTuple

_PARTED = re.compile(r"[;,；，、\s]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<spec>[^<>]*)>\s*")


class InvalidAddress(Error):
    """A text that is no mail address; the message says why, for a clerk."""

    code = "address"


class Address(NamedTuple):
    """One mailbox."""

    local: str
    """What stands before the @; beyond ASCII only where a server has SMTPUTF8 (RFC 6531)."""
    domain: str
    """ASCII; a Chinese domain is in punycode (RFC 5891)."""
    name: str = ""
    """The display name, or empty."""

    @property
    def spec(self) -> str:
        """``jyj@example.org``."""
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """What two spellings of one mailbox share."""
        return folded(self.spec)


def folded(address: str) -> str:
    """Any text as addresses are compared; a domain in Chinese equals its ASCII form (IDNA)."""
    local, _, domain = address.rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{unicodedata.normalize('NFC', local)}@{domain}".casefold()


def parted(text: str) -> list[str]:
    """The parts of an entry of the list, which are parted by ``; , ； ， 、`` or blanks; addresses or not."""
    return list(filter(None, _PARTED.split(text)))


def parse_address(text: str) -> Address:
    """One bare address: a dot-atom (RFC 5322, 3.2.3), an @, and a domain of two labels or more.

    Raises:
        InvalidAddress: it is none.
    """
    if unicodedata.normalize("NFKC", text) != text:
        raise InvalidAddress(f"邮箱“{quote(text)}”里有全角字符，请改成半角")
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        raise InvalidAddress(f"“{quote(text)}”不是邮箱地址")
    if not all(_is_atom(atom) for atom in local.split(".")):
        raise InvalidAddress(f"邮箱“{quote(text)}”的 @ 之前有空缺或不能用的字符")
    ascii_domain = _domain(domain)
    # RFC 5321, 4.5.3.1: 64 octets of the local part, 254 of the whole.
    if ascii_domain is None or len(local.encode()) > 64 or len(local.encode()) + len(ascii_domain) > 253:
        raise InvalidAddress(f"邮箱“{quote(text)}”的域名不对，或者地址太长")
    return Address(local, ascii_domain)


def _is_atom(text: str) -> bool:
    known = "".join("a" if not char.isascii() and unicodedata.category(char)[0] in "LN" else char for char in text)
    return bool(_ATOM.fullmatch(known))


def _domain(text: str) -> str | None:
    # Punycode would silently drop or turn what nobody sees.
    if not all(char in "-." or unicodedata.category(char)[0] in "LMN" for char in text):
        return None
    try:
        labels = text.encode("idna").decode("ascii").lower().split(".")
    except UnicodeError:
        return None
    right = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    return ".".join(labels) if right else None


def several(text: str) -> tuple[Address, ...]:
    """All addresses of an entry of the list, each once.

    Raises:
        InvalidAddress: one of them is none.
    """
    found = {address.key: address for address in map(parse_address, parted(text))}
    return tuple(found.values())


def named(text: str) -> Address:
    """``市政务公开办 <gkb@example.org>``, or a bare address.

    Raises:
        InvalidAddress: it is neither.
    """
    match = _NAMED.fullmatch(text)
    if match is None:
        return parse_address(text.strip())
    return parse_address(match["spec"].strip())._replace(name=clean(match["name"]).strip('"“” '))
