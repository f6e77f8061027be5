"""How a difference between two rule sets is shown: one view, and the forms made of it."""
