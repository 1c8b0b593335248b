"""What xlcheck draws itself."""
