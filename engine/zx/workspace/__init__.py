"""A workspace on disk: zx.toml, rule files, where things lie, and the clock of a command."""
