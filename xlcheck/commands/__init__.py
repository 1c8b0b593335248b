"""The command line: arguments and words for a terminal, a module for each command."""
