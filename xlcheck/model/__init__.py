"""What all other folders speak of: cells, numbers, texts, the form, submissions and findings, as values.

No I/O, no outside library, and nothing of xlcheck beside itself.
"""
