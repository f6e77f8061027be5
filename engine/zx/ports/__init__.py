"""The world as the engine sees it: clock, remote systems, journal, state. Protocols only."""
