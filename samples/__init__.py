"""The sample workbooks and how they are made."""
