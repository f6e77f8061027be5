"""The verbs, one module each, wired to the ports. Nothing here prints or exits."""
