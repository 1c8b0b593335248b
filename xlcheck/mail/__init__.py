"""Letters to the units with their own results, and their replies from a mailbox."""
