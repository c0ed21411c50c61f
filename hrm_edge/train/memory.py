"""What a training needs in memory, said before it starts, and refused where it cannot fit.

The bytes that one layer keeps per token for the backward pass were read off PyTorch's saved tensors (2.13, eager
attention, hrm_text of transformers 5.23), and a test counts them again:

    kept by a layer        bf16 autocast                      fp32
    norms, residuals       20 D                               16 D
    attention              12 A + 6 N T                       24 A + 4 N T
    feed-forward           8 F                                16 F

D hidden, F feed-forward, A = heads times head size, N heads, T tokens of a row; flash kernels (a GPU) keep no N T. A
layer runs once per cycle, and all cycles are kept; with gradient checkpointing only its input is, and one layer at a
time is computed again.
"""

import sys
from dataclasses import asdict, dataclass, replace

import psutil
import torch

from hrm_edge.architecture import Architecture
from hrm_edge.errors import TrainingError
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.processes import process_count, processes_here

ANSWER_SHARE = 0.6
"""Of the tokens of full rows, those with a loss. Measured: 0.30 (nano) and 0.54 (shell) of a shard, 0.79 of one row."""
FP32_BYTES, BF16_BYTES = 4, 2
GAPS_ON_CPU, GAPS_ON_GPU = 0.4, 0.1
"""Of the rest. Measured with glibc: peaks 1.3 to 1.5 times the sum, and 0.92 times where each block is mapped alone."""
_KEPT_FP32_AND_GRADIENT = 8
"""Bytes per logit of every exit: its float32, and the log of its softmax, which becomes the gradient."""


@dataclass(frozen=True, kw_only=True)
class TrainingMemory:
    """Bytes of one process at the peak of a step, beside what it takes to import the libraries."""

    weights: int
    gradients: int
    moments: int
    """One per weight of Muon's matrices, two of the others'."""
    moving_average: int
    copies: int
    """Of the weights: bf16 for autocast's products, buckets that processes add their gradients up in."""
    activations: int
    logits: int
    gaps: int
    """What the allocator holds and cannot use again."""

    @property
    def total(self) -> int:
        """Their sum."""
        return sum(asdict(self).values())

    def describe(self) -> str:
        """`1.2 GB: weights 24 MB, gradients 24 MB, …`"""
        parts = (f"{name.replace('_', ' ')} {human_bytes(count)}" for name, count in asdict(self).items() if count)
        return f"{human_bytes(self.total)}: {', '.join(parts)}"


def training_memory(
    architecture: Architecture, config: TrainingConfig, *, tokens: int, flash_attention: bool = False
) -> TrainingMemory:
    """The estimate for rows of `tokens` tokens that are full.

    Args:
        architecture: the sizes.
        config: rows, gradient checkpointing, precision, moving average, FSDP.
        tokens: of a packed row.
        flash_attention: whether the attention keeps no matrix of scores.
    """
    weights = architecture.parameter_count()
    matrices = architecture.parameter_count(embeddings=False)
    divided_by = process_count() if config.fsdp else 1
    per_step = config.rows * tokens
    exits = architecture.h_cycles
    answers = int(per_step * ANSWER_SHARE)
    copies = weights * BF16_BYTES if config.bf16 else 0
    if process_count() > 1 and not config.fsdp:
        copies += weights * FP32_BYTES
    exact = TrainingMemory(
        weights=weights * FP32_BYTES // divided_by,
        gradients=weights * FP32_BYTES // divided_by,
        moments=(matrices + 2 * (weights - matrices)) * FP32_BYTES // divided_by,
        moving_average=weights * FP32_BYTES // divided_by if config.ema else 0,
        copies=copies,
        activations=per_step * _kept_per_token(architecture, config, tokens, flash_attention),
        logits=answers * architecture.vocab_size * _KEPT_FP32_AND_GRADIENT * exits,
        gaps=0,
    )
    return replace(exact, gaps=int(exact.total * (GAPS_ON_GPU if flash_attention else GAPS_ON_CPU)))


def free_memory() -> int:
    """Bytes that this process may still take: its share of the machine's memory, or what is free on its GPU."""
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0])
    return int(psutil.virtual_memory().available) // processes_here()


def refuse_what_cannot_fit(
    architecture: Architecture, config: TrainingConfig, *, tokens: int, says: bool = True
) -> None:
    """Compare need and room; with `says`, on stderr too.

    Raises:
        TrainingError: there is not enough room.
    """
    need = training_memory(architecture, config, tokens=tokens, flash_attention=torch.cuda.is_available())
    free = free_memory()
    where = "a process" if process_count() > 1 else "training"
    line = f"{where} needs about {need.describe()}; {human_bytes(free)} are free"
    if need.total > free:
        raise TrainingError(f"{line}: {_mend(architecture, config, tokens=tokens, need=need, free=free)}")
    if says:
        print(line, file=sys.stderr)


def human_bytes(count: int) -> str:
    """`24 MB`, `1.2 GB`."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(count / 1e6, 1):.0f} MB"


def _kept_per_token(architecture: Architecture, config: TrainingConfig, tokens: int, flash_attention: bool) -> int:
    """Bytes of activations at the peak, for each token of the rows."""
    hidden, wide, inner = architecture.hidden_size, architecture.intermediate_size, architecture.attention_size
    scores = 0 if flash_attention else architecture.num_attention_heads * tokens
    layer = (
        20 * hidden + 12 * inner + 8 * wide + 6 * scores
        if config.bf16
        else 16 * hidden + 24 * inner + 16 * wide + 4 * scores
    )
    runs = architecture.kv_slots  # one per layer and cycle, as keys and values have
    around_stacks = 12 * hidden * runs // architecture.num_layers_per_stack + 2 * FP32_BYTES * tokens
    once = scores * 2 * FP32_BYTES + 8 * wide  # gradients of the layer that the backward pass is in
    if config.gradient_checkpointing:
        return runs * FP32_BYTES * hidden + layer + around_stacks + once
    return runs * layer + around_stacks + once


def _mend(architecture: Architecture, config: TrainingConfig, *, tokens: int, need: TrainingMemory, free: int) -> str:
    per_row = (need.activations + need.logits) / config.rows * need.total / (need.total - need.gaps)
    fixed = need.total - int(per_row * config.rows)
    if fixed >= free:
        divide = "" if config.fsdp else ", or divide it with torchrun and --fsdp"
        return f"weights, gradients and moments alone do not fit; choose a smaller --preset{divide}"
    fitting = int((free - fixed) / per_row)
    if fitting >= 1:
        return f"--rows {fitting} fits (more --accumulate makes up for it), and --gradient-checkpointing saves more"
    smallest = replace(config, gradient_checkpointing=True, rows=1)
    if config != smallest and training_memory(architecture, smallest, tokens=tokens).total <= free:
        return "add --gradient-checkpointing and --rows 1 (more --accumulate makes up for it)"
    return "choose a smaller --preset, or rows of fewer tokens (longest in the recipe)"
