"""The office that checks: who it is, and by when and where it wants answers."""

from __future__ import annotations

import datetime

from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple


class Office(NamedTuple):
    """Who checks, and by when an answer is due; what is not known is empty."""

    name: str = ""
    phone: str = ""
    reply_to: str = ""
    """Where a mended workbook goes: an address for mail, or another place; empty where nothing but an answer is asked for."""
    deadline: datetime.date | None = None

    @property
    def says(self) -> str:
        """Where a copy goes back to, as a sentence, or nothing: a copy often travels without its letter."""
        return self.asks_for("本文件")

    def asks_for(self, what: str) -> str:
        """The same of `what`, where it is not the copy itself that is mended."""
        office, phone, address = map(clean, (self.name, self.phone, self.reply_to))
        day = self.deadline
        by = f"于 {day.year}年{day.month}月{day.day}日前" if day else ""
        to = f"发到 {address}" if address else f"发回{office}"
        back = f"请{by}把改好的{what}{to}" if day or address or office else ""
        who = f"有疑问请联系{office}" if office and phone else ""
        call = f"电话 {phone}" if phone else ""
        said = "，".join(part for part in (who, call) if part)
        return "；".join(part for part in (back, said) if part) + "。" if back or said else ""


NO_OFFICE = Office()
"""Nothing is known of it."""
