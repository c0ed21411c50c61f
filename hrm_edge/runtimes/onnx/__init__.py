"""ONNX Runtime: exported graphs, keys and values in place."""
