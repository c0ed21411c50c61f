"""Everyday shell commands that need no model: recipes, and how a request is read as one of them."""
