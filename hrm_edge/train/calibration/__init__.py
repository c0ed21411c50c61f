"""What GPTQ needs of a model and its data."""
