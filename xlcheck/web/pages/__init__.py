"""What is shown at each address: a module for each subject, with its routes."""
