"""A model on disk, whatever its format, as sizes, a tokenizer and a stream of named tensors; without torch.

    with open_checkpoint(path) as checkpoint:
        for name, tensor in checkpoint.tensors(): ...

Formats: a Hugging Face `hrm_text` directory (safetensors, sharded or not, tied or untied, plain or in Sapient's
fused layout), a directory that `hrm-edge quantize` wrote, and a GGUF file. Names are always Hugging Face's
(`model.L_module.layers.0.self_attn.q_proj.weight`), order and shapes are `Architecture.tensor_shapes()`.
"""

from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.open import open_checkpoint

__all__ = ["Checkpoint", "Tensor", "open_checkpoint"]
