"""The built-in functions of the rule language, and the types its expressions have."""
