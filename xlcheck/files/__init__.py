"""Disks and addresses; knows no workbook."""
