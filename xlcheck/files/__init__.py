"""Disks and addresses: names, paths and whole contents. Knows no table."""
