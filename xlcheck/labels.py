"""Comparing labels: printed reports vary in width, spacing, quotes and numbering, not in wording."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
_QUOTES = dict.fromkeys(map(ord, "“”„‟‘’‚‛'`´「」『』〝〞〟«»‹›"), '"')
_NUMBERING = re.compile(r"^(\d+)[.、](?!\d)")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` as it is compared: NFKC, no white space, one kind of quote, ``1、`` as ``1.``."""
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    return _NUMBERING.sub(r"\1.", folded)
