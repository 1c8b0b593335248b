"""How property tests run here: no deadline on slow machines, and few examples."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("xlcheck", deadline=None, max_examples=25)
settings.load_profile("xlcheck")
