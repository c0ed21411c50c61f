"""Shell commands to learn from: recipes of our own with slots, and new values in the examples of data sets."""
