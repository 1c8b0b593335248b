"""审核汇总.xlsx: what a batch came to, as a workbook."""
