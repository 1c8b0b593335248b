"""What xlcheck draws itself: the template with its formulas, and long lists ready to be printed."""
