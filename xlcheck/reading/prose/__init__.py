"""What the text of a report says in numbers, as statements of facts that its tables hold, too."""
