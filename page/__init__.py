"""The browser page, and what builds it (``poe page``)."""
