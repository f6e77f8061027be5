"""From program, snapshot and state to a plan. Pure: the same inputs give the same plan."""
