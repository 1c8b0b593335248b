"""The page: what it asks of Python, and the built page in a browser."""
