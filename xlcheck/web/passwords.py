"""Passwords of the office's users: hashed by argon2, which makes guessing slow."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from xlcheck.model.errors import Error

SHORTEST, LONGEST = 12, 128
"""Characters of a password."""

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
    with _turns:
        return _hasher.hash(_typed(password))


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
