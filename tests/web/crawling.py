"""Following every link of a window, and looking at each page as an attacker would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from starlette.testclient import TestClient

EVIL = "<script>alert(1)</script>"
"""What strangers' names hold in these tests."""


_TELLS = {
    "a comment": re.compile(r"<!--"),
    "an address within a network": re.compile(r"\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b"),
    "words of a program": re.compile(r"Traceback|\w\.py\b|sqlalchemy|psycopg", re.IGNORECASE),
    "a password that browsers do not know as one": re.compile(r'<input(?![^>]*autocomplete=)[^>]*type="password"'),
}
"""What a page should not tell, as the passive rules of scanners have it."""


class SeenPage(NamedTuple):
    """What a page holds, as far as it matters here."""

    address: str
    links: tuple[str, ...]
    posts: tuple[tuple[str, bool], ...]
    """Where forms are sent, and whether they hold a token."""
    faults: tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.posts: list[tuple[str, bool]] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self._form: str | None = None
        self._script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attributes}
        for name, value in known.items():
            if (
                name.startswith("on")
                or name == "style"
                or value.strip().lower().startswith(("javascript:", "data:text"))
            ):
                self.faults.append(f"{tag} {name}={value}")
        if "id" in known:
            self.ids.append(known["id"])
        if tag in {"a", "link"} and "href" in known:
            self.links.append(known["href"])
        self.links += [known[name] for name in ("hx-get",) if name in known]
        if tag in {"script", "img", "iframe", "object", "embed"}:
            self.links.append(known.get("src", ""))
            if tag == "script" and not known.get("src"):
                self.faults.append("a script within the page")
        if tag in {"style", "base", "iframe", "object", "embed"}:
            self.faults.append(f"a tag {tag}")
        if tag == "form":
            self._form = known.get("action", "")
            if known.get("method", "get").lower() == "get":
                self.links.append(self._form or "")
                self._form = None
            else:
                self.posts.append((self._form, False))
        if tag == "input" and known.get("name") == "token" and self._form is not None:
            self.posts[-1] = (self._form, len(known.get("value", "")) == 64)
        if tag == "a" and known.get("target") == "_blank":
            self.faults.append("opens another window")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def seen(address: str, text: str) -> SeenPage:
    """A page."""
    reader = _Reader()
    reader.feed(text)
    faults = [*reader.faults]
    if EVIL in text or "alert(1)</" in text:
        faults.append("a stranger's text as it came")
    if doubled := {one for one in reader.ids if reader.ids.count(one) > 1}:
        faults.append(f"the same id twice: {doubled}")
    faults += [what for what, told in _TELLS.items() if told.search(text)]
    if not re.match(r"<!doctype html>\s*<html lang=\"zh-CN\">", text):
        faults.append("no document")
    return SeenPage(address, tuple(reader.links), tuple(reader.posts), tuple(faults))


def crawl(browser: TestClient, start: str = "/", passed_over: Iterable[str] = ()) -> Iterator[SeenPage]:
    """Every page that links lead to, each once; what they lead to must be there."""
    ahead, known = [start], {start, *passed_over}
    while ahead:
        address = ahead.pop()
        answer = browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = seen(address, answer.text)
        yield page
        for link in page.links:
            whole = urljoin(f"https://here{address}", link)
            parts = urlsplit(whole)
            if parts.scheme in {"mailto", "tel", "data"}:
                continue
            assert parts.netloc == "here", f"{address} leads elsewhere: {link}"
            place = parts.path + (f"?{parts.query}" if parts.query else "")
            if place not in known and len(known) < 3000:
                known.add(place)
                ahead.append(place)
