"""The department's own document, marked: comments and colours where findings are, everything else as it was."""
