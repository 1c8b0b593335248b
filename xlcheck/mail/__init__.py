"""Mail: each department's own result sent back to it, and a record of what was sent."""
