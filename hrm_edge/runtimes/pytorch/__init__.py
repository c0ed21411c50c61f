"""PyTorch: transformers' own model, the reference the others are held to."""
