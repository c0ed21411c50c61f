"""Running a model: PyTorch, ONNX Runtime and llama.cpp behind one interface, and generation written once above it.

`load_runtime` imports the chosen library only; `hrm-edge run` touches neither torch nor transformers.
"""

from hrm_edge.runtimes.base import Runtime

__all__ = ["Runtime"]
