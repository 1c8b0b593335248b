"""What a letter's own text holds or points at in place of an attachment: links to files, and files written as text."""

from __future__ import annotations

import re

_LONGEST = 1 << 19
"""Characters of a text that are looked at; what people write is a hundredth of that."""

_LINK = re.compile(r"https?://[^\s\"'<>]{1,1000}", re.IGNORECASE)
_STORES = re.compile(
    r"""(?ix)https?://(?:[\w-]+\.)*(?:
      (?:mail|exmail)\.qq\.com/[^?]*ftn | ftn\.qq\.com | weiyun\.com | docs\.qq\.com | (?:drive|doc)\.weixin\.qq\.com
    | (?:fs|dashi|u)\.(?:163|126)\.com | mail\.(?:163|126|yeah|sina|aliyun|10086|139|189|sohu|21cn)\.[\w.]+/.*(?:attach|file|disk|share)
    | (?:pan|yun)\.baidu\.com | alipan\.com | aliyundrive\.com | 123pan\.c\w+ | lanzou\w*\.com | cloud\.189\.cn
    | (?:caiyun|yun)\.139\.com | caiyun\.feixin\.10086\.cn | jianguoyun\.com | cowtransfer\.com | wenshushu\.cn | wss\.ink
    | kdocs\.cn | f\.wps\.cn | feishu\.cn | shimo\.im | ctfile\.com | pan\.quark\.cn | pan\.xunlei\.com | 115\.com
    | icloud\.com/attachment | 1drv\.ms | onedrive\.live\.com | sharepoint\.com | drive\.google\.com | dropbox\.com
    | wetransfer\.com | we\.tl
    )"""
)
"""Where Chinese mail programs and people put files that are not attached."""
_CALLED = re.compile(
    r"(?i)large[-_]?attach|big[-_]?attach|cloud[-_]?attach|attach(?:ment)?[-_/]?download|file[-_]?cent(?:er|re)|bigfile|netdisk"
)
"""What the address of such a file is called elsewhere."""
_FILE = re.compile(r"(?i)\.(?:xlsx?|xlsm|xlsb|et|ods|zip|rar|7z)(?:[?#&].*)?\Z")
_WORDS = re.compile(r"超大附件|大附件|云附件|文件中转站|中转站|网盘|提取码")
"""What stands beside a link to a file, whoever keeps it."""

_UU = re.compile(r"(?m)^begin(?:-base64)? [0-7]{3,4} (\S.{0,254}?)\s*\n[^\n]{1,80}\n")
"""The first two lines of a uuencoded file (POSIX, uuencode)."""


def has_link(text: str) -> bool:
    """Whether a text, plain or HTML, links to a file that is kept elsewhere; what is quoted of another letter is not asked."""
    own = re.sub(r"(?m)^>.*$", "", text[:_LONGEST])
    links = _LINK.findall(own)
    if any(_STORES.match(link) or _CALLED.search(link) or _FILE.search(link) for link in links):
        return True
    return bool(links) and _WORDS.search(own) is not None


def uuencoded(text: str) -> tuple[str, ...]:
    """The names of the files that are written into a text, as mail programs did before there was MIME."""
    return tuple(match[1] for match in _UU.finditer(text.replace("\r", "")))
