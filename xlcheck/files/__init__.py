"""Disks and addresses: names, paths, whole contents, and the seals of what we wrote. Knows no table."""
