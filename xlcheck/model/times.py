"""Times as people in China read them: there is one time of day in the whole country."""

from __future__ import annotations

import datetime

CHINA = datetime.timezone(datetime.timedelta(hours=8))
"""Beijing time, without any summer time."""


def said_time(at: float) -> str:
    """A moment, in seconds since 1970: ``2026-01-20 09:30``."""
    return f"{datetime.datetime.fromtimestamp(at, CHINA):%Y-%m-%d %H:%M}"
