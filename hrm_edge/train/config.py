"""What a training is told: one frozen object, saved as training.json beside the weights."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Everything a run depends on; saved as training.json beside the weights."""

    preset: str
    """Name of an architecture in `hrm_edge.architecture.PRESETS`."""
    data: tuple[Path, ...]
    """Data files, recognised by their fields; none for hrm-edge's own recipes alone."""
    out: Path
    """Run directory."""
    init: Path | None = None
    """Checkpoint to start from (its architecture and tokenizer hold), instead of random weights."""
    resume: bool = False
    """Continue from the newest checkpoint in `out`."""
    steps: int = 4000
    """Optimizer steps in all; a resumed run may be given more."""
    batch_tokens: int = 4096
    """Tokens in a batch, padding included."""
    longest: int = 384
    """Longest example in tokens; longer ones are left out."""
    learning_rate: float = 4e-3
    """Peak learning rate: a short warm-up, constant, then a linear decay to zero over the last quarter."""
    weight_decay: float = 0.05
    seed: int = 0
    save_every: int = 200
    """Steps between checkpoints (the two newest are kept)."""
    recipes: bool = True
    """Mix in hrm-edge's own shell recipes."""
    threads: int | None = None
    """CPU threads; None leaves the choice to PyTorch."""
