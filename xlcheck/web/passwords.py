"""Passwords of the office's users: hashed by argon2, which makes guessing slow."""

from __future__ import annotations

import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from xlcheck.model.errors import Error

SHORTEST, LONGEST = 12, 128
"""Characters of a password."""

FIRST_SECONDS = 7 * 24 * 60 * 60
"""How long a password that somebody else chose can be used to log in."""

_LEAST = 3
"""Strength: more than ten to the eighth guesses."""
_LOOKED_AT = 50
"""Characters whose strength is looked at; more would take long, and make none weaker."""
_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()  # the second recommendation of RFC 9106: 64 MiB
_turns = threading.BoundedSemaphore(4)
"""How many are hashed at a time: each takes much memory."""
_NONE = _hasher.hash("nobody has this password")


class PoorPassword(Error):
    """A password that others could guess; the message says what is asked for."""

    code = "password"


def hashed(password: str, name: str) -> str:
    """What is kept of a user's password.

    Raises:
        PoorPassword: it is too short, too long or too plain.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PoorPassword(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符；可以是一句容易记的话")
    if len(set(password)) < 5 or (name and name in password):
        raise PoorPassword("密码太容易猜到；不要用用户名，也不要重复同样的几个字符")
    if strength(password, name) < _LEAST:
        raise PoorPassword("密码太容易猜到：别人常用的、键盘上连着的、重复的都不行；可以是一句别人想不到的话")
    with _turns:
        return _hasher.hash(_typed(password))


def strength(password: str, name: str) -> int:
    """How hard it is to guess, from 0 to 4, after lists of passwords that were leaked, words, keyboards, dates and repetitions."""
    from zxcvbn import zxcvbn

    said: int = zxcvbn(password[:_LOOKED_AT], [name] if name else [])["score"]
    return said


STRENGTHS = ("太弱", "太弱", "弱", "较强", "强")
"""What each is called."""


def random_password() -> str:
    """A first password, for whoever tells it to its user: easily typed, and no character looks like another one."""
    return "-".join("".join(secrets.choice(_PLAIN) for _ in range(5)) for _ in range(4))


def is_password(password: str, kept: str | None) -> bool:
    """Whether it is the password of which that is kept; with None, nobody's, it takes as long and is not."""
    if len(password) > LONGEST:
        return False
    try:
        with _turns:
            return _hasher.verify(kept or _NONE, _typed(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def _typed(password: str) -> str:
    """The same however a keyboard puts its characters together."""
    return unicodedata.normalize("NFC", password)


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with less effort than is taken now."""
    return _hasher.check_needs_rehash(kept)
