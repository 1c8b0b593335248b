"""Letters in: the units' replies from a mailbox into a folder for each unit."""
