"""The department's own workbook with marks: spliced into its package, everything else as it was."""
