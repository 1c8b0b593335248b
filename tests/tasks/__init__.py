"""Tests of xlcheck/tasks."""
