"""The department's own workbook, marked."""
