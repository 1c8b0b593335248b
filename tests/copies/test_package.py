"""Parts of a copy are packed in windows that they just fit into, which gives the bytes of the largest window."""

from __future__ import annotations

import random
import zlib

import pytest

from xlcheck.copies.package import deflated


@pytest.mark.parametrize("size", [0, 1, 249, 250, 251, 3_833, 3_834, 3_835, 16_121, 16_122, 16_123, 40_000])
@pytest.mark.parametrize("alphabet", [b"ab", b'<c r="1234567890"/>', bytes(range(256))])
def test_a_window_that_fits_gives_the_same_bytes(size: int, alphabet: bytes) -> None:
    content = bytes(random.Random(size).choices(alphabet, k=size // 2))
    content = (content + content + b" ")[:size]  # far repetitions, too
    largest = zlib.compressobj(3, zlib.DEFLATED, -15, 7)
    member, packed = deflated("a", content)
    assert packed == largest.compress(content) + largest.flush()
    assert zlib.decompress(packed, -15) == content
    assert (member.size, member.packed, member.crc) == (len(content), len(packed), zlib.crc32(content))
