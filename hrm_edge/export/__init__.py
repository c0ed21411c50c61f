"""Exporters: a checkpoint to one GGUF or ONNX file, tensors streamed."""
