"""What mail servers say, in their own words, and what a clerk can do about it."""

from __future__ import annotations

import re

from xlcheck.model.text import clean

_LONGEST = 200

_CODE = "要在邮箱的网页上开启 IMAP/SMTP 服务，并用那里生成的授权码（客户端专用密码）代替登录密码"

_ADVICE = (
    (re.compile(r"(?i)unsafe login|kefu@188"), f"网易邮箱{_CODE}；还不行的，请在网页上登录一次，或按它说的联系客服"),
    (
        re.compile(r"(?i)frequen|too many|limit exceeded|busy|try again|temporar|unavailable|inuse|overquota"),
        "请过一会儿再运行一次",
    ),
    (
        re.compile(r"(?i)disabled|not open|not enabled|abnormal|not allowed|suspend|locked|forbid"),
        f"QQ、163 等邮箱{_CODE}",
    ),
)


def said(text: str | bytes) -> str:
    """A server's words on one line, for a person: bounded, and nothing in them steers a terminal."""
    known = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    known = re.sub(r"\bb(['\"])(.*?)\1", r"\2", known[: 4 * _LONGEST])  # as libraries show bytes
    cleaned = " ".join(clean(known).split())
    return cleaned if len(cleaned) <= _LONGEST else cleaned[: _LONGEST - 1] + "…"


def advice(text: str, otherwise: str) -> str:
    """What to do about a refusal; `otherwise` where its words tell nothing."""
    return next((what for words, what in _ADVICE if words.search(text)), otherwise)


def login_advice(text: str) -> str:
    """What to do where a server takes no user name and password."""
    return advice(text, f"请检查用户名和密码；QQ、163 等邮箱{_CODE}")
