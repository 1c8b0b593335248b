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


_REFUSALS = (
    (
        re.compile(r"(?i)unknown|no such|not found|not exist|no mailbox|invalid (user|recipient|address)|5\.1\.[123]"),
        "对方没有这个邮箱，请核对地址",
    ),
    (re.compile(r"(?i)too (big|large)|size|5\.3\.4"), "信太大，对方不收"),
    (re.compile(r"(?i)full|quota|5\.2\.2|4\.2\.2"), "对方邮箱已满，请联系对方清理"),
    (re.compile(r"(?i)spam|junk|blocked|blacklist|reputation|5\.7\."), "被当作垃圾邮件拒收，请联系对方放行"),
)


def refusal(code: int, text: str | bytes) -> str:
    """What a server answers to a recipient or a letter, in Chinese first: ``对方没有这个邮箱，请核对地址（550 User unknown）``."""
    words = f"{code} {said(text)}".strip()
    meaning = next((what for pattern, what in _REFUSALS if pattern.search(words)), "")
    if not meaning:
        meaning = "对方服务器暂时不收，请过一会儿再运行一次" if 400 <= code < 500 else "对方服务器不收"
    return f"{meaning}（{words}）"


def login_advice(text: str) -> str:
    """What to do where a server takes no user name and password."""
    return advice(text, f"请检查用户名和密码；QQ、163 等邮箱{_CODE}")
