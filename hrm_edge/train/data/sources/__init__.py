"""Real data in: other people's problems and texts, each with its licence."""
