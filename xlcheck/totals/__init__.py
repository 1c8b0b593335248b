"""Submissions added up (汇总): which of them count, their exact sums, and who gave what."""
