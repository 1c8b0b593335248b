"""The hostile corpus: files that strangers may send, each made by script (docs/inside/hostile.md)."""
