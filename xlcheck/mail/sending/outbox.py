"""Letters as files for a mail program, and a page to look through them. No server is needed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from xlcheck.files.below import below
from xlcheck.files.content import open_file, write_bytes
from xlcheck.mail.sending.entries import LetterEntry, LetterLedger
from xlcheck.mail.sending.letter import OURS, environment
from xlcheck.mail.sending.plan import KINDS, Withheld
from xlcheck.mail.sending.prepare import Ready, Spool
from xlcheck.model.text import clean
from xlcheck.roster.stems import file_stem

OUTBOX = "outbox"
PAGE = "index.html"


def write_outbox(out: Path, ready: Sequence[Ready], ledger: LetterLedger, spool: Spool) -> tuple[str, ...]:
    """One .eml a letter; the same letter always has the same name and the same bytes.

    Answers files that somebody changed and that were therefore left alone, their new letters beside them.

    Raises:
        OSError: it cannot be written.
    """
    folder = below(out, OUTBOX)
    folder.mkdir(exist_ok=True)
    taken = {letter.file.casefold() for letter in ledger.letters() if letter.file}
    kept = []
    for one in ready:
        message = spool.read(one)
        name = one.letter.file
        if name and not _is_ours(folder / name, one.letter.file_digest):
            kept.append(name)
            name = ""
        if not name:
            name = _free(folder, f"{file_stem(one.draft.unit.name)}.{KINDS[one.draft.kind]}", taken)
            taken.add(name.casefold())
        digest = hashlib.sha256(message).hexdigest()
        # An interruption between these lines leaves no file that the record does not know.
        (folder / name).unlink(missing_ok=True)
        ledger.change([one.letter._replace(state="written", note="", file=name, file_digest=digest)])
        write_bytes(folder / name, message)
    return tuple(kept)


def _free(folder: Path, stem: str, taken: set[str]) -> str:
    number, name = 1, f"{stem}.eml"
    while name.casefold() in taken or os.path.lexists(folder / name):
        number += 1
        name = f"{stem}.{number}.eml"
    return name


def _is_ours(path: Path, digest: str) -> bool:
    """Whether nothing stands there, or just what was written; what somebody changed is not written over."""
    try:
        with open_file(path) as file:
            return hashlib.sha256(file.read()).hexdigest() == digest
    except FileNotFoundError:
        return True
    except OSError:
        return False


def clear(out: Path, letters: Iterable[LetterEntry]) -> None:
    """Take away the .eml files of letters that nobody must send any more; those that somebody changed stay.

    Raises:
        OSError: one cannot be removed.
    """
    for letter in letters:
        path = below(out, OUTBOX) / PurePath(letter.file).name
        if letter.file and _is_ours(path, letter.file_digest):
            path.unlink(missing_ok=True)


def strangers(out: Path, letters: Iterable[LetterEntry]) -> tuple[str, ...]:
    """Files of the outbox that are no letters of ours, or that somebody changed."""
    ours = {
        letter.file for letter in letters if letter.file and _is_ours(out / OUTBOX / letter.file, letter.file_digest)
    }
    try:
        names = sorted(os.listdir(out / OUTBOX))
    except OSError:
        return ()
    return tuple(name for name in names if name not in ours and name != PAGE and not name.startswith("."))


def page(out: Path, letters: Iterable[LetterEntry], withheld: Sequence[Withheld], strange: Sequence[str]) -> None:
    """Write the page: every letter of the outbox with its recipients, and what was not written and why.

    Raises:
        OSError: it cannot be written.
    """
    from urllib.parse import quote

    rows: list[Mapping[str, str]] = [
        {
            "unit": clean(letter.name),
            "kind": KINDS[letter.kind],
            "subject": letter.subject,
            "recipients": letter.recipients,
            "attachment": letter.attachment,
            "file": letter.file,
            "link": quote(letter.file),
        }
        for letter in letters
        if letter.file and letter.state in ("written", "planned", "refused")
    ]
    others = [{"who": clean(one.unit.name if one.unit else one.path), "reason": clean(one.reason)} for one in withheld]
    shown = (
        environment(OURS)
        .get_template("index.html")
        .render(rows=rows, others=others, strange=[clean(name) for name in strange])
    )
    write_bytes(below(out, OUTBOX) / PAGE, shown.encode("utf-8", "replace"))
