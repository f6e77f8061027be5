"""One module for each command; each has a click command named ``command`` and returns an exit code."""
