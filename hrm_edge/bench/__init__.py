"""Measuring: quality and speed of a model on the machine in front of you."""
