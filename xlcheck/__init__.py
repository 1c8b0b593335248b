"""xlcheck: checks the mandated tables of Chinese government information disclosure reports."""

__version__ = "0.1.0"
