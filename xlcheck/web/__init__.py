"""The window: pages in a browser for an office and for its units, and an interface for other systems."""
