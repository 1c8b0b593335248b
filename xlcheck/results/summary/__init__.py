"""The workbook that a batch is summed up in."""
