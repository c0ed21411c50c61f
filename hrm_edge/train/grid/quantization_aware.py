"""Quantization-aware training (QAT): an HRM whose forward runs on the grid while float master weights are trained.

    prepare_for_qat(model, 4, learned_scales=False, activations=False)
    ...                                                     # train as ever
    with open_checkpoint(run) as source:                    # its sizes and tokenizer
        export_qat(model, source, out_dir)                  # the forward's weights, bit for bit

The matrices that the checkpoint format names become modules that multiply by their quantized weight; anything else a
model carries (a halting head) stays float. `weight` remains the float master under its usual name, so that optimizers,
state dicts, DDP and `save_pretrained` see an ordinary model. Learned scales are parameters beside it
(`<module>.weight_scales`), which `save_pretrained` leaves out: a checkpoint stays one that every reader opens, and
`save_scales` and `load_scales` keep them in a file of their own next to it.

A weight is quantized once per forward of the whole model (`hrm_edge.train.grid.modules`). Gradient checkpointing must
be the non-reentrant kind, which transformers uses: the other would walk the rounding's graph once per layer.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint
from hrm_edge.checkpoint import Tensor as StoredTensor
from hrm_edge.checkpoint.layout import EMBEDDING, HEAD
from hrm_edge.checkpoint.quantized import QuantizationConfig, QuantizedCheckpoint
from hrm_edge.errors import CheckpointError, GridError
from hrm_edge.files import whole_file
from hrm_edge.quantize.grid import BLOCK_SIZE, ZERO_POINT, Bits, QuantizedTensor, check_quantizable
from hrm_edge.quantize.write import write_quantized
from hrm_edge.train.grid.fake_quantization import rtn_scales
from hrm_edge.train.grid.modules import FakeQuantizedEmbedding, FakeQuantizedLinear, ForwardWeights, GridModule

SCALES_FILE = "qat_scales.safetensors"
FURTHEST_FROM_CODE = 0.25
"""In steps: how far a master weight may stay from the code of the checkpoint that training starts from. GPTQ moves a
good part of the weights past the nearest code; at the very edge of theirs the first noisy step would move them back."""


def prepare_for_qat(model: HrmTextForCausalLM, bits: Bits, *, learned_scales: bool, activations: bool) -> None:
    """Let `model` run on the grid from now on, its float weights becoming masters.

    At 4 bits embedding and head are at 8, and at any they stay as they are: rounded to 8 bits they cost next to
    nothing, and trained they drift (a fifth to half of an embedding's codes changed) for no gain that was measured. A
    head tied to the embedding stays tied and is quantized with it, once.

    Args:
        model: changed in place; its parameters keep their identity, names and values.
        bits: of the matrices of the stacks.
        learned_scales: train the scales too, from the grid's own rule (or `start_from_quantized`). They need an
            optimizer group of their own (`scale_parameters`): no weight decay, a learning rate fit for their size.
        activations: also round the inputs of linear maps to 8 bits, as the engines do.

    Raises:
        GridError: a matrix whose columns are no multiple of 32; nothing has been changed.
    """
    quantization = QuantizationConfig(bits=bits, method="qat")
    architecture = Architecture.from_config(model.config.to_dict())
    names = [name for name, shape in architecture.tensor_shapes().items() if len(shape) == 2]
    for name in names:
        check_quantizable(name, architecture.tensor_shapes()[name])
    forward_weights = ForwardWeights()
    for name in names:
        module = _convert(model, name)
        module.weight_name, module.bits, module.forward_weights = name, quantization.bits_of(name), forward_weights
        module.quantizes_activations = activations
        start = nn.Parameter(rtn_scales(module.weight, module.bits).float()) if learned_scales else None
        module.register_parameter("weight_scales", start)
        if name in (EMBEDDING, HEAD):
            module.requires_grad_(False)
        forward_weights.add(module)
    if architecture.tie_word_embeddings:
        _tie_head(model)
    model.model.register_forward_pre_hook(forward_weights.begin)
    unsaved = {f"{name}_scales" for name in (*names, HEAD)} if learned_scales else set()
    model._keys_to_ignore_on_save = set(model._keys_to_ignore_on_save or ()) | unsaved


def start_from_quantized(model: HrmTextForCausalLM, checkpoint: Checkpoint) -> None:
    """Let a prepared model with learned scales start from the codes and scales of `checkpoint` (GPTQ's, say).

    A master weight moves no further than it must to round to the checkpoint's code, so that the first forward is the
    checkpoint's and what the float weight knew beyond it is kept.

    Raises:
        CheckpointError: a checkpoint of another model.
        GridError: its bits are not the model's.
    """
    modules = _on_grid_modules(model)
    _check_architecture(model, checkpoint)
    for name, tensor in checkpoint.tensors():
        if name not in modules:
            continue
        module = modules[name]
        if not isinstance(tensor, QuantizedTensor) or tensor.bits != module.bits:
            found = f"{tensor.bits} bits" if isinstance(tensor, QuantizedTensor) else "float"
            raise GridError(
                f"{checkpoint.path}: {name} is {found} and the training is at {module.bits} bits: "
                "start from a checkpoint quantized at the bits of the training"
            )
        _adopt(module, tensor)


@torch.no_grad()
def _adopt(module: GridModule, tensor: QuantizedTensor) -> None:
    assert module.weight_scales is not None, "recomputed scales follow the weights: prepare with learned_scales"
    device = module.weight.device
    scales = torch.from_numpy(np.array(tensor.scales, np.float32)).to(device)
    codes = torch.from_numpy(np.array(tensor.codes, np.float32)).to(device) - ZERO_POINT[module.bits]
    steps = scales.repeat_interleave(BLOCK_SIZE, dim=1)
    ends = torch.stack([(codes - FURTHEST_FROM_CODE) * steps, (codes + FURTHEST_FROM_CODE) * steps])
    module.weight_scales.copy_(scales)
    module.weight.copy_(torch.minimum(torch.maximum(module.weight, ends.amin(0)), ends.amax(0)))


def scale_parameters(model: HrmTextForCausalLM) -> list[nn.Parameter]:
    """The scales that are learned, for an optimizer group of their own; none where they are recomputed."""
    modules = _on_grid_modules(model).values()
    scales = [module.weight_scales for module in modules if module.weight_scales is not None]
    return [scale for scale in scales if scale.requires_grad]


def optimizer_groups(
    model: HrmTextForCausalLM, *, learning_rate: float, scale_learning_rate: float
) -> list[dict[str, Any]]:
    """Parameter groups for AdamW: masters, and learned scales apart, which are hundreds of times smaller.

    Neither decays: a quantized weight is where the float model wants it, and a scale that decays loses its range.
    """
    scales = scale_parameters(model)
    apart = {id(scale) for scale in scales}
    masters = [weight for weight in model.parameters() if weight.requires_grad and id(weight) not in apart]
    groups = [{"params": masters, "lr": learning_rate, "weight_decay": 0.0}]
    if scales:
        groups.append({"params": scales, "lr": scale_learning_rate, "weight_decay": 0.0})
    return groups


def forward_weights(model: HrmTextForCausalLM) -> dict[str, Tensor]:
    """Name → float32 weight [R, C] that the next forward multiplies by."""
    with torch.no_grad():
        return {name: module.quantize() for name, module in _on_grid_modules(model).items()}


def save_scales(model: HrmTextForCausalLM, directory: Path) -> None:
    """Write the learned scales beside a training checkpoint; nothing where they are recomputed.

    Raises:
        ExportError: the file cannot be written.
    """
    modules = _on_grid_modules(model)
    scales = {name: m.weight_scales.detach() for name, m in modules.items() if m.weight_scales is not None}
    if scales:
        with whole_file(directory / SCALES_FILE) as part:
            save_file(scales, part)


def load_scales(model: HrmTextForCausalLM, directory: Path) -> None:
    """Go on with the scales that `save_scales` wrote; nothing where they are recomputed.

    Raises:
        CheckpointError: the file is missing or belongs to another model.
    """
    modules = {name: module for name, module in _on_grid_modules(model).items() if module.weight_scales is not None}
    if not modules:
        return
    path = directory / SCALES_FILE
    if not path.is_file():
        raise CheckpointError(f"{path} is not there: a training with learned scales goes on from its own checkpoints")
    saved = load_file(path)
    for name, module in modules.items():
        assert module.weight_scales is not None
        found = list(saved[name].shape) if name in saved else "absent"
        if found != list(module.weight_scales.shape):
            raise CheckpointError(
                f"{path}: the scales of {name} are {found} and the model needs {list(module.weight_scales.shape)}: "
                "they belong to another model"
            )
        with torch.no_grad():
            module.weight_scales.copy_(saved[name])


def export_qat(
    model: HrmTextForCausalLM, source: Checkpoint, out_dir: Path, *, on_tensor: Callable[[str], None] | None = None
) -> QuantizedCheckpoint:
    """Write the quantized checkpoint of a prepared model, sizes and tokenizer as in `source`; it is returned open.

    Its dequantized weights are those of the model's forward, bit for bit.

    Raises:
        CheckpointError: `source` is of another architecture.
        GridError: a weight or scale is not finite.
        ExportError: `out_dir` cannot be written.
    """
    _check_architecture(model, source)
    modules = _on_grid_modules(model)
    bits = next(module.bits for name, module in modules.items() if ".layers." in name)
    quantization = QuantizationConfig(bits=bits, method="qat")
    return write_quantized(source, _tensors(model, source), quantization, out_dir, on_tensor=on_tensor)


def _tensors(model: HrmTextForCausalLM, source: Checkpoint) -> Iterator[tuple[str, StoredTensor]]:
    modules = _on_grid_modules(model)
    for name in source.architecture.tensor_shapes():
        if name in modules:
            yield name, modules[name].on_grid()
        else:
            yield name, model.get_parameter(name).detach().float().cpu().numpy()


def _check_architecture(model: HrmTextForCausalLM, checkpoint: Checkpoint) -> None:
    ours = Architecture.from_config(model.config.to_dict())
    for field, value in asdict(checkpoint.architecture).items():
        if getattr(ours, field) != value:
            raise CheckpointError(
                f"{checkpoint.path} has {field} {value} and the model in training {getattr(ours, field)}: "
                "give the checkpoint that the training started from"
            )


def _convert(model: HrmTextForCausalLM, name: str) -> GridModule:
    """The module that owns `name`, made one that multiplies by its quantized weight."""
    module = model.get_submodule(name.removesuffix(".weight"))
    assert not isinstance(module, GridModule), f"{name} is on the grid already: prepare a model once"
    module.__class__ = FakeQuantizedEmbedding if isinstance(module, nn.Embedding) else FakeQuantizedLinear
    return cast(GridModule, module)


def _tie_head(model: HrmTextForCausalLM) -> None:
    """The head multiplies by the embedding's quantized weight, under the embedding's name."""
    embedding = cast(GridModule, model.model.embed_tokens)
    head = _convert(model, HEAD)
    assert head.weight is embedding.weight, "the config ties head and embedding and the model does not"
    head.weight_name, head.bits, head.forward_weights = embedding.weight_name, embedding.bits, embedding.forward_weights
    head.quantizes_activations = embedding.quantizes_activations
    head.register_parameter("weight_scales", embedding.weight_scales)


def _on_grid_modules(model: HrmTextForCausalLM) -> dict[str, GridModule]:
    """Name of the weight → module; a tied head is its embedding."""
    modules: dict[str, GridModule] = {}
    for module in model.modules():
        if isinstance(module, GridModule):
            modules.setdefault(module.weight_name, module)
    assert modules, "the model is not prepared for QAT"
    return modules
