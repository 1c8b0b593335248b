"""The public JSON of fetched letters as types, like :mod:`xlcheck.results.document`; docs/use/commands/inbox.md explains it."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from xlcheck.results.document import Natural


class ItemJson(TypedDict):
    """What became of one attachment, or of the letter itself."""

    name: str
    """As the letter has it; empty for the letter itself."""
    state: Literal["saved", "known", "held"]
    """``known`` is content that was there already."""
    unit: str
    """Whose it is, or empty."""
    path: str
    """Where it lies below the folder, or empty."""
    reason: str
    """What is odd, or why it is held back, in Chinese; or empty."""


class LetterJson(TypedDict):
    """A letter that is of concern and was not taken before."""

    received: str
    """When the server took it in, ISO 8601."""
    sender: str
    """As the letter has it, decoded; not made safe."""
    subject: str
    """As the letter has it, decoded; not made safe."""
    state: Literal["submission", "stranger", "large", "unavailable"]
    """From a unit, from somebody else, too large to be fetched, or not given by the server."""
    items: list[ItemJson]
    """What became of its attachments."""
    others: list[str]
    """Names of attachments that were left in the letter."""
    kept: str
    """The ``.eml`` file below the folder, or empty."""


class FetchedJson(TypedDict):
    """Numbers of letters and of workbooks."""

    letters: Natural
    """New letters."""
    saved: Natural
    """Workbooks that were saved."""
    repeated: Natural
    """Workbooks that were there already."""
    held: Natural
    """Letters of which something is held back."""
    unrelated: Natural
    """Letters that are of no concern."""
    known: Natural
    """Letters that were taken before."""
    left: Natural
    """Letters that were not fetched because of the limits."""


class InboxJson(TypedDict):
    """The document of a run of xlcheck inbox."""

    xlcheck: str
    """The version of xlcheck."""
    schema: Annotated[int, ("const", 1)]
    """The version of the document; it goes up when a key is taken away or changes its meaning."""
    summary: FetchedJson
    """Counts over all letters."""
    letters: list[LetterJson]
    """Every letter that is of concern and was not taken before."""
