"""From an admitted package to a submission, the one way in: a field stands where its labels prove it."""
