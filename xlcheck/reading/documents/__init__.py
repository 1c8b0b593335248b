"""Reports as documents: a file of each kind gives tables as grids of cells with spans, and the text between them."""
