"""What a training is told: one frozen object, saved as training.json beside the weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hrm_edge.quantize.grid import Bits

Schedule = Literal["cosine", "wsd"]

TOKENS_AT_ONCE = 2048


def usual_rows(longest: int) -> int:
    """How many rows of that length go through a model at once where nobody says: what a CPU's caches like."""
    return max(1, TOKENS_AT_ONCE // longest)


@dataclass(frozen=True, kw_only=True)
class QatSettings:
    """Quantization-aware training: the forward runs on the grid."""

    bits: Bits
    start: Path | None = None
    """A quantized checkpoint (GPTQ's, say) whose codes and scales are the first; None for rounding to nearest."""
    learned_scales: bool = True
    """Scales are trained, at a tenth of the learning rate; false: the grid's rule gives them at every step."""
    activations: bool = False
    """Inputs of products are rounded to 8 bits too, as the engines do it."""


@dataclass(frozen=True, kw_only=True)
class DistillationSettings:
    """What is learned from a teacher's distribution of each answer token."""

    teacher: str
    """A checkpoint with the same tokenizer: a directory, or a name on the Hugging Face hub."""
    weight: float = 1.0
    """0 … 1, of KL(teacher || student); the rest is the cross-entropy's."""
    temperature: float = 1.0
    states_weight: float = 0.0
    """Of the squared relative error of the hidden states, for a teacher of the student's own sizes."""


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Everything a run depends on; saved as training.json beside the weights."""

    preset: str
    """Name of an architecture in `hrm_edge.architecture.PRESETS`; with `init` it is only a name."""
    shards: Path
    """Directory of packed rows that `hrm-edge data build` made."""
    out: Path
    """Run directory."""
    init: Path | None = None
    """Checkpoint to start from (its architecture holds), instead of random weights."""
    resume: bool = False
    """Continue from the newest checkpoint in `out`."""
    max_steps: int = 4000
    """Optimizer steps in all; a resumed run may be given more."""
    rows: int
    """Packed rows that go through the model at once, in each process."""
    accumulate: int = 1
    """Such batches, one after another, of one optimizer step."""
    learning_rate: float = 4e-3
    """Peak learning rate."""
    schedule: Schedule = "cosine"
    """After the warm-up: `cosine` falls to a hundredth of the peak, `wsd` stays and falls over the last quarter."""
    warmup_steps: int = 50
    weight_decay: float = 0.05
    ema: float = 0.0
    """Decay of an exponential moving average of the weights, which is then what is measured and kept; 0 for none."""
    qat: QatSettings | None = None
    distillation: DistillationSettings | None = None
    mixed: bool = False
    """Rows of all difficulties at random, not the curriculum's easy ones first."""
    random_cycles: bool = True
    """A random number of H cycles at each step, 1 to as many as the model has; false: always as many as it has."""
    gradient_checkpointing: bool = False
    """Layers are computed again when gradients need them: a third more time, far less memory."""
    fsdp: bool = False
    """Under torchrun: weights, gradients and moments divided among the processes instead of repeated in each."""
    compile: bool = False
    """Layers through torch.compile."""
    bf16: bool = True
    """Products in bfloat16 (autocast); weights and sums stay float32."""
    wandb: bool = False
    """Log to Weights & Biases too, not to tensorboard alone."""
    seed: int = 0
    save_every: int = 200
    """Steps between checkpoints and measurements of the held-out loss; the best and the newest two are kept."""
    threads: int | None = None
    """CPU threads; None leaves the choice to PyTorch."""
