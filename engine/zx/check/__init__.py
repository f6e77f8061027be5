"""Types, missing values and coverage; settings are constants of the sync, and what they switch off is folded away."""
