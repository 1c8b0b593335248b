"""The department's own workbook, marked: the annotated copy, and the copy with suggested mends. Reports, marked or filled."""
