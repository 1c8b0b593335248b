"""All that can be asked for, as functions. Knows no terminal."""
