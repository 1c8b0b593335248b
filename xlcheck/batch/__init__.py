"""From paths to results: one file through all stages, many side by side, and what they leave in a folder."""
