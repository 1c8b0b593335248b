"""What the office's own mail server found out about a sender: the header Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlcheck.mail.address import folded
from xlcheck.model.tuples import NamedTuple

_RESULT = re.compile(r"\s*(dmarc|spf)\s*(?:/\s*\d+\s*)?=\s*(\w+)", re.IGNORECASE)
_ABOUT = re.compile(r"\sheader\s*\.\s*from\s*=\s*([^\s;]+)", re.IGNORECASE)

_GOOD = {"dmarc": {"pass", "bestguesspass"}, "spf": {"pass", "none", "neutral", "softfail", "policy"}}
"""What does not speak against a sender; whatever else is found does, such as that it could not be found out (permerror)."""


class _Found(NamedTuple):
    method: str
    result: str
    about: str
    """The domain that it is about, or empty."""


def failed(headers: Iterable[str], server: str, sender: str) -> str:
    """The check that speaks against the sender, as ``dmarc=fail``; empty where none does.

    Only what `server` wrote counts, since a sender can write such headers, too. DMARC decides where it was looked at and
    the domain has a policy: SPF fails for honest letters that were forwarded. A bad DKIM signature alone is worth as much
    as none (RFC 6376 section 6.1). What is said of another domain than the sender's (``header.from``) is no proof of it.

    Args:
        headers: the values of all Authentication-Results.
        server: the authserv-id of the own server.
        sender: the address in From.
    """
    found = [one for header in headers for one in _results(header, server)]
    own = folded(sender).rpartition("@")[2]
    for one in found:
        if one.about and folded(f"x@{one.about}").rpartition("@")[2] != own:
            return f"header.from={one.about}"
    for method, good in _GOOD.items():
        told = [one.result for one in found if one.method == method and (method, one.result) != ("dmarc", "none")]
        if told:
            return next((f"{method}={result}" for result in told if result not in good), "")
    return ""


def _results(header: str, server: str) -> Iterable[_Found]:
    """What the own server wrote into a header; nothing where another one wrote it."""
    plain = without_comments(header)
    writer, *results = (header if plain is None else plain).split(";")
    if writer.lower().split()[:1] != [server.lower()]:
        return
    if plain is None:  # a sender may have got something into it
        yield _Found("dmarc", "unreadable", "")
        return
    for result in results:
        if match := _RESULT.match(result):
            about = _ABOUT.search(result)
            yield _Found(match[1].lower(), match[2].lower(), about[1].rpartition("@")[2].strip("<>") if about else "")


def without_comments(header: str) -> str | None:
    """A header without its comments, which nest, and without what stands in quotes (RFC 5322 section 3.2).

    None where a comment or a quoted string does not end.
    """
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
    return None if depth or quoted or escaped else "".join(kept)
