"""What is wrong with a text, where, and what cures it. Values only: nothing here prints."""
