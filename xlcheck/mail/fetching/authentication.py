"""What the office's own mail server found out about a sender: the header Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RESULT = re.compile(r"\s*(dmarc|spf)\s*(?:/\s*\d+\s*)?=\s*(\w+)", re.IGNORECASE)


def failed(headers: Iterable[str], server: str) -> str:
    """The check that speaks against the sender, as ``dmarc=fail``; empty where none does.

    Only what `server` wrote counts, since a sender can write such headers, too. DMARC decides where it was looked at:
    SPF fails for honest letters that were forwarded. A bad DKIM signature alone is worth as much as none (RFC 6376
    section 6.1).

    Args:
        headers: the values of all Authentication-Results.
        server: the authserv-id of the own server.
    """
    found: dict[str, set[str]] = {"dmarc": set(), "spf": set()}
    for header in headers:
        writer, *results = _plain(header).split(";")
        if writer.lower().split()[:1] != [server.lower()]:
            continue
        for match in filter(None, map(_RESULT.match, results)):
            found[match[1].lower()].add(match[2].lower())
    for method in ("dmarc", "spf"):
        if found[method]:
            return f"{method}=fail" if "fail" in found[method] else ""
    return ""


def _plain(header: str) -> str:
    """A header without its comments, which nest, and without what stands in quotes (RFC 5322 section 3.2)."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in header:
        if escaped:
            escaped = False
        elif char == "\\" and (depth or quoted):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif not depth and not quoted:
            kept.append(char)
    return "".join(kept)
