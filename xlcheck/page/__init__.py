"""What the browser page asks for: the same tasks, where there are no processes and files come as bytes."""
