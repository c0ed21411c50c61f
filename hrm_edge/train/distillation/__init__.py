"""Learning from a teacher: its distributions, or its answers."""
