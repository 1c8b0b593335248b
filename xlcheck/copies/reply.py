"""Where a copy goes back to: it often travels without its letter."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from xlcheck.wording import clean


class Reply(NamedTuple):
    """Who wants a copy back, by when, and where; what is not known is empty."""

    office: str = ""
    phone: str = ""
    deadline: datetime.date | None = None
    address: str = ""
    """An address for mail, or wherever else it is to be sent."""

    @property
    def says(self) -> str:
        """All of it as a sentence, or nothing."""
        office, phone, address = map(clean, (self.office, self.phone, self.address))
        day = self.deadline
        by = f"于 {day.year}年{day.month}月{day.day}日前" if day else ""
        to = f"发到 {address}" if address else f"发回{office}"
        back = f"请{by}把改好的本文件{to}" if day or address or office else ""
        who = f"有疑问请联系{office}" if office and phone else ""
        call = f"电话 {phone}" if phone else ""
        said = "，".join(part for part in (who, call) if part)
        return "；".join(part for part in (back, said) if part) + "。" if back or said else ""


NOWHERE = Reply()
"""Nothing is known of it."""
