"""Training on the grid: fake quantization, and what is left of it."""
