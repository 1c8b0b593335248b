"""One file, many files, and what they leave."""
