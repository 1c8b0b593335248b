"""Who is who, and who has handed in."""
