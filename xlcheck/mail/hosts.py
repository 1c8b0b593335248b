"""Servers of well-known mail providers by short names, as the providers' own help pages give them."""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.model.tuples import NamedTuple


class Provider(NamedTuple):
    """One provider; all of its servers begin with TLS, IMAP on port 993 and SMTP on port 465."""

    imap: str
    smtp: str
    domains: tuple[str, ...] = ()
    """The domains of its addresses; none where firms bring their own."""


PROVIDERS: Mapping[str, Provider] = {
    "qq": Provider("imap.qq.com", "smtp.qq.com", ("qq.com", "foxmail.com", "vip.qq.com")),
    "exmail": Provider("imap.exmail.qq.com", "smtp.exmail.qq.com"),
    "163": Provider("imap.163.com", "smtp.163.com", ("163.com",)),
    "126": Provider("imap.126.com", "smtp.126.com", ("126.com",)),
    "yeah": Provider("imap.yeah.net", "smtp.yeah.net", ("yeah.net",)),
    "qiye163": Provider("imap.qiye.163.com", "smtp.qiye.163.com"),
    "aliyun": Provider("imap.aliyun.com", "smtp.aliyun.com", ("aliyun.com",)),
    "qiyealiyun": Provider("imap.qiye.aliyun.com", "smtp.qiye.aliyun.com"),
    "139": Provider("imap.139.com", "smtp.139.com", ("139.com",)),
    "189": Provider("imap.189.cn", "smtp.189.cn", ("189.cn",)),
    "sina": Provider("imap.sina.com", "smtp.sina.com", ("sina.com",)),
}
"""By the short name that stands in place of a host."""


def provider(name: str) -> tuple[Provider, bool] | None:
    """The provider of a short name or of an address's domain, and whether it was the domain; None where nobody is known."""
    folded = name.strip().lower()
    if folded in PROVIDERS:
        return PROVIDERS[folded], False
    return next(((one, True) for one in PROVIDERS.values() if folded in one.domains), None)
