"""How a model is opened: what every command, the server and the bench say to `load_runtime`."""

from dataclasses import dataclass

from hrm_edge.runtimes.base import Cycles


@dataclass(frozen=True, kw_only=True)
class RuntimeOptions:
    """What computes a model, where, and how deep and wide it is opened; None leaves the choice as each field says."""

    runtime: str = "onnx"
    """One of RUNTIME_NAMES."""
    device: str = "cpu"
    """`cpu`, `cuda` or `mps`, as far as the runtime has it."""
    cycles: Cycles | None = None
    """H cycles to run; None: as many as the model was trained with."""
    threads: int | None = None
    """Of the CPU; None: the runtime's choice."""
    context_length: int | None = None
    """Tokens of prompt and answer together, never more than the model was made for; None: as many as that."""
