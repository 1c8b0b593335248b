"""Submissions added up (汇总)."""
