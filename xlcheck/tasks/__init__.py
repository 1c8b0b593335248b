"""All that can be asked for; knows no terminal."""
