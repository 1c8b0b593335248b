"""Who is who, and who has handed in: the list of units, and what belongs to which of them."""
