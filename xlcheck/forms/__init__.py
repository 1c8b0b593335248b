"""Form files as forms, and the catalogue of rules."""
