"""What is wrong with a submission, and what is unlikely."""
