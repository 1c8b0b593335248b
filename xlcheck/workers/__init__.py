"""Many calls at once, each in a process that it alone can bring down. Knows no table and no file."""
