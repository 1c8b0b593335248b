"""The same changes without coverage, many times as quick: what the guided fuzzer kept, changed again and again.

Run ``python -m fuzz.blind FOLDER --count 1000000``; FOLDER holds what ``python -m fuzz.guard_read --door FOLDER`` kept, and is
filled as there if it is not there yet. It stops at the first input that raises what it must not, and leaves it as ``crash-…``.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter
from pathlib import Path
from random import Random

from fuzz.mutate import cross, mutate
from fuzz.seeds import small_seeds
from fuzz.target import at_the_door

LONGEST, SLOW = 20_000, 0.003
"""Bytes of an input, and seconds of a processor that one may take to be changed again: others are left to the guided fuzzer."""
_TOLD = 10_000


def main() -> None:
    """Fuzz; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--start", type=int, default=0)
    given = parser.parse_args()
    kept = _quick(given.folder)
    codes: Counter[str] = Counter()
    slowest = 0.0
    for seed in range(given.start, given.start + given.count):
        data = changed(kept, seed)
        before = time.process_time()
        try:
            codes[at_the_door(data)] += 1
        except BaseException:
            name = f"crash-{hashlib.sha256(data).hexdigest()[:16]}"
            Path(name).write_bytes(data)
            print(f"seed {seed}: {name}", flush=True)
            raise
        slowest = max(slowest, time.process_time() - before)
        if (seed + 1) % _TOLD == 0:
            print(seed + 1, dict(codes), f"slowest {slowest:.2f} s, all {time.process_time():.0f} s", flush=True)


def _quick(folder: Path) -> list[bytes]:
    """The inputs to begin with."""
    known = [path.read_bytes() for path in sorted(folder.glob("*"))] if folder.is_dir() else []
    found = []
    for data in known or [data for _, data in small_seeds()]:
        before = time.process_time()
        at_the_door(data)
        if len(data) <= LONGEST and time.process_time() - before < SLOW:
            found.append(data)
    return found


def changed(kept: list[bytes], seed: int) -> bytes:
    """One of them with a few changes; the same for the same arguments."""
    random = Random(seed)
    data = random.choice(kept)
    for number in range(random.choice((1, 1, 2, 4))):
        if random.random() < 0.1:
            data = cross(data, random.choice(kept), LONGEST, seed + number)
        data = mutate(data, LONGEST, random.randrange(1 << 62), lambda old, most: _flipped(old, most, random))
    return data


def _flipped(data: bytes, most: int, random: Random) -> bytes:
    """A byte changed, put in or taken out, or some of them repeated."""
    if not data:
        return data
    at, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    more = (
        bytes([random.randrange(256)]),
        data[at:end][:40],
        b"",
        (data[at] ^ 1 << random.randrange(8)).to_bytes(1, "little") if at < len(data) else b"",
    )
    made = data[:at] + random.choice(more) + data[min(len(data), at + random.choice((0, 1, 4))) :]
    return made[:most]


if __name__ == "__main__":
    main()
