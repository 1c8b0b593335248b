"""What checking came to, as values and texts: the JSON document, the CSV, the report, the counts, the summary."""
