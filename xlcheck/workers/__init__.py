"""Many at once, each alone; knows no table."""
