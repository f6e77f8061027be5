"""Rule tests: run as slices of one map, their coverage, and mutants of the rules that no test notices."""
