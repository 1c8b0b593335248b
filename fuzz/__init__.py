"""Fuzzing: run by hand, see docs/hostile.md."""
