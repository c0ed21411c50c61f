"""Any checkpoint as `HrmTextForCausalLM`, filled tensor by tensor, so that nothing is in memory twice."""

from typing import Any

import torch
from torch import nn
from transformers import HrmTextConfig, HrmTextForCausalLM

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint, Tensor
from hrm_edge.errors import ArchitectureError
from hrm_edge.quantize.grid import QuantizedTensor, dequantize
from hrm_edge.runtimes.pytorch.quantized import QuantizedEmbedding, QuantizedLinear, QuantizedMatrix


def fill_model(
    checkpoint: Checkpoint,
    architecture: Architecture,
    *,
    device: str,
    dtype: torch.dtype,
    keep_quantized: bool,
    model_class: type | None,
) -> Any:
    """`model_class` (None: HrmTextForCausalLM) on `device` in evaluation mode, weights in `dtype`; what is quantized
    stays so if `keep_quantized`, else it is dequantized.

    Raises:
        ArchitectureError: sizes that transformers refuses.
    """
    try:
        config = HrmTextConfig(**architecture.to_config())
    except ValueError as error:
        raise ArchitectureError(f"{checkpoint.path}: transformers refuses these sizes ({error})") from error
    with torch.device("meta"):
        model = (model_class or HrmTextForCausalLM)(config)
    # Buffers hold no weights, so no checkpoint brings them: made anew, where they are not only a shape.
    model.model.rotary_emb = type(model.model.rotary_emb)(config).to(device)
    for name, tensor in checkpoint.tensors():
        owner, _, leaf = name.rpartition(".")
        if isinstance(tensor, QuantizedTensor) and keep_quantized:
            model.set_submodule(owner, _quantized(model.get_submodule(owner), tensor, device, dtype))
        else:
            _fill(model.get_submodule(owner), leaf, tensor, device, dtype)
    _tie(model, tied=architecture.tie_word_embeddings)
    return model.eval()


def _quantized(module: nn.Module, tensor: QuantizedTensor, device: str, dtype: torch.dtype) -> nn.Module:
    matrix = QuantizedMatrix(tensor, device)
    return QuantizedEmbedding(matrix, dtype) if isinstance(module, nn.Embedding) else QuantizedLinear(matrix)


def _fill(module: nn.Module, leaf: str, tensor: Tensor, device: str, dtype: torch.dtype) -> None:
    weights = dequantize(tensor) if isinstance(tensor, QuantizedTensor) else tensor
    # torch.tensor copies: what a checkpoint gives may lie in a mapped file.
    filled = torch.tensor(weights, device=device, dtype=dtype)
    setattr(module, leaf, nn.Parameter(filled, requires_grad=getattr(module, leaf).requires_grad))


def _tie(model: Any, *, tied: bool) -> None:
    """One matrix for embedding and head, where the model has one."""
    if not tied:
        return
    embedding = model.model.embed_tokens
    if isinstance(embedding, QuantizedEmbedding):
        model.lm_head = QuantizedLinear(embedding.matrix)
    else:
        model.lm_head.weight = embedding.weight
