"""The commands, a module each; what several share is in `terminal`."""
