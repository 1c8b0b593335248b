"""What holds for every answer and every request, whatever page it is: headers, the names of this server, and who sent the browser.

It is the outermost part that every request passes; it knows no page.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xlcheck.web.refusal import NotDone

PAGES_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of pages: nothing from elsewhere, no script and no style within a page (w3.org/TR/CSP3)."""

SELF_CHECK_POLICY = (
    PAGES_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") + "; worker-src 'self' blob:"
)
"""Of the page that checks in the browser itself: CPython as WebAssembly, in a worker."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Same-origin and not no-referrer: with that, browsers would say of our own forms that they come from "null" (Fetch, 3.2).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ONE_YEAR = "max-age=31536000"

FORM_COOKIE = "xlcheck-form"
"""The cookie that ties a form to the browser that it was shown in."""

SAFE_METHODS = frozenset({"GET", "HEAD"})


class Guarded:
    """An application behind all this.

    Args:
        app: what is guarded.
        hosts: the names that this server is called by, without ports; ``*`` in it accepts any.
        secure: whether browsers reach it by TLS.
        refused: what is answered instead, from a refusal.
    """

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], secure: bool, refused: Callable[[Scope, NotDone], ASGIApp]
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._secure = secure
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        secret = cookies_of(headers).get(cookie_name(FORM_COOKIE, self._secure), "")
        known = _is_secret(secret)
        scope.setdefault("state", {})["form_secret"] = secret if known else secrets.token_urlsafe(24)

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(scope, MutableHeaders(scope=message), new=not known)
            await send(message)

        refusal = self._refusal(scope, headers)
        await (self._refused(scope, refusal) if refusal else self._app)(scope, receive, send_with)

    def _refusal(self, scope: Scope, headers: Headers) -> NotDone | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or ("*" not in self._hosts and host_of(hosts[0]) not in self._hosts):
            return NotDone(421)
        if not _comes_from_us(scope["method"], headers, hosts[0]):
            return NotDone(403, "这个请求是从别的网站发来的，没有处理；请从本系统的页面上操作")
        return None

    def _dress(self, scope: Scope, headers: MutableHeaders, *, new: bool) -> None:
        for name, value in _HEADERS.items():
            headers[name] = value
        headers.setdefault("Content-Security-Policy", PAGES_POLICY)
        headers.setdefault("Cache-Control", "no-store")
        if headers.get("content-type", "").startswith("application/json"):
            headers.setdefault("Content-Disposition", 'attachment; filename="answer.json"')
        if self._secure:
            headers["Strict-Transport-Security"] = _ONE_YEAR
        if new and headers.get("content-type", "").startswith("text/html"):
            headers.append("Set-Cookie", set_cookie(FORM_COOKIE, scope["state"]["form_secret"], secure=self._secure))


def host_of(value: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{value}").hostname or "").lower()
    except ValueError:
        return ""


def _place_of(origin: str) -> str:
    """The name and port in an Origin header; empty where it has none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _comes_from_us(method: str, headers: Headers, host: str) -> bool:
    """Whether a request was sent by one of our own pages, by whoever typed an address or followed a link, or by a program.

    Browsers say so themselves (w3.org/TR/fetch-metadata); older ones say at least from where a form comes.
    """
    site = headers.get("sec-fetch-site")
    if site in {"same-origin", "none"}:
        return True
    if site is not None:
        follows = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return method in SAFE_METHODS and follows
    origin = headers.get("origin")
    return method in SAFE_METHODS or origin is None or _place_of(origin) == host.lower()


# --- cookies and the tokens of forms ---------------------------------------------------------------------------------


def _is_secret(text: str) -> bool:
    return 16 <= len(text) <= 64 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def cookies_of(headers: Headers) -> dict[str, str]:
    """The cookies of a request."""
    return cookie_parser(headers.get("cookie", ""))


def cookie_name(name: str, secure: bool) -> str:
    """A cookie's name as browsers know it: with TLS no other server of the domain can set it (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if secure else name


def set_cookie(name: str, value: str, *, secure: bool, strict: bool = False, seconds: int | None = None) -> str:
    """A ``Set-Cookie`` header; without `seconds` the cookie ends with the browser."""
    parts = [f"{cookie_name(name, secure)}={value}", "Path=/", "HttpOnly", f"SameSite={'Strict' if strict else 'Lax'}"]
    parts += [f"Max-Age={seconds}"] if seconds is not None else []
    return "; ".join([*parts, *(["Secure"] if secure else [])])


def token_for(secret: str) -> str:
    """What each form sends back, from the cookie of the browser that it was shown in; who does not know that cannot know it."""
    return hmac.new(secret.encode(), b"xlcheck form", hashlib.sha256).hexdigest()


def is_token_for(secret: str, token: str) -> bool:
    """Whether a form was shown to the browser that sends it."""
    return hmac.compare_digest(token_for(secret).encode(), token.encode("utf-8", "replace"))
