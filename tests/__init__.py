"""The tests, in the folders of the package; what they are made with stands in ``making``, ``hostile`` and ``servers``."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The top of the checkout."""
