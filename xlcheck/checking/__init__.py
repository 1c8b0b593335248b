"""What is wrong with a submission, what is unlikely, and what is probably behind it, in a clerk's words."""
