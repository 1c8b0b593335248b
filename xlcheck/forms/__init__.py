"""Form files as forms, and the catalogue of rules: what is written once, as data, and read everywhere."""
