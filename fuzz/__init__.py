"""Fuzzing: run by hand, see docs/inside/hostile.md."""
