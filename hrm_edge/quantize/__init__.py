"""Quantization: weights onto the grid."""
