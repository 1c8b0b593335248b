"""Letters to the units, and their replies."""
