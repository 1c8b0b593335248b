"""Tests of the pages, asked without a browser."""
