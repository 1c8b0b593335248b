"""From an admitted package to a submission: the one way in."""
