"""What checking came to, as values and texts."""
