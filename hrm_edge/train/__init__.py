"""Training: data, tokenizer and trainer. The only stage besides the PyTorch runtime that imports torch."""
