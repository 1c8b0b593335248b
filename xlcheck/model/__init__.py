"""What all others speak of: values, and no I/O."""
