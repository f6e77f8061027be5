"""From typed rules to Python functions whose positions are those of the rules."""
