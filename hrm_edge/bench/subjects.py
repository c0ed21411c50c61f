"""What is measured: every model in every runtime on every device this machine offers, and what it does not offer.

subjects, unmeasured = plan([Path("ours.gguf"), Path("qwen.gguf")], machine)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrm_edge.architecture import PRESETS, Architecture
from hrm_edge.bench.latency import Subject, Workload
from hrm_edge.bench.models import model_file, opening_runtimes
from hrm_edge.bench.roofline import WeightTraffic, hrm_weight_traffic
from hrm_edge.checkpoint.foreign_gguf import is_foreign_gguf, read_foreign_gguf
from hrm_edge.checkpoint.text_files import file_size
from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.info import describe
from hrm_edge.machine import MachineInfo
from hrm_edge.runtimes.base import RUNTIME_NAMES

RUNTIME_DEVICES = {"onnx": ("cpu", "cuda"), "llama-cpp": ("cpu", "cuda", "mps"), "torch": ("cpu", "cuda", "mps")}
"""Runtime → the devices it can have on some machine."""
_SHAPE = (
    *("hidden_size", "intermediate_size", "num_layers_per_stack", "num_attention_heads", "head_dim"),
    *("h_cycles", "l_cycles"),
)
DEFAULT_RUNTIMES = ("onnx", "llama-cpp")


@dataclass(frozen=True, kw_only=True)
class SubjectSizes:
    """What a subject is and holds, from headers alone."""

    architecture: str
    """hrm_text, or what a foreign file calls itself."""
    preset: str | None
    """Name of the preset whose sizes a model of ours has."""
    parameters: int
    bits: int
    cycles: str | None
    """H × L cycles, as `2×3`, or `≤2×3` where each request chooses; None where there are none."""
    context_length: int
    file_bytes: int
    """What the runtime opens on disk."""
    weights: WeightTraffic

    def to_json(self) -> dict[str, Any]:
        return {
            "architecture": self.architecture,
            "preset": self.preset,
            "parameters": self.parameters,
            "bits": self.bits,
            "cycles": self.cycles,
            "context_length": self.context_length,
            "file_bytes": self.file_bytes,
            "weight_bytes": self.weights.held,
        }


def plan(
    models: Sequence[Path],
    machine: MachineInfo,
    *,
    runtimes: Sequence[str] | None = None,
    devices: Sequence[str] | None = None,
) -> tuple[list[Subject], list[Subject]]:
    """The subjects to measure, and those that this machine has no device for.

    runtimes: those of them that open the model; if None, onnx and llama-cpp as far as they are installed. devices: if
    None, all that the machine offers to the runtime. What is asked for by name and is not here is planned even so:
    loading it says what is missing.

    Raises:
        RuntimeUnavailableError: a runtime that hrm-edge does not have.
        CheckpointError: a model that cannot be read.
    """
    for name in runtimes or ():
        if name not in RUNTIME_NAMES:
            raise RuntimeUnavailableError(f"runtime {name!r}: choose of {', '.join(RUNTIME_NAMES)}")
    called = distinct_names(models)
    measured: list[Subject] = []
    unmeasured: list[Subject] = []
    for model in models:
        for runtime in _runtimes_for(model, machine, runtimes):
            offered = machine.runtimes[runtime]
            measured += [
                Subject(model=model, runtime=runtime, device=device, called=called[model])
                for device in devices or offered or ("cpu",)
            ]
            unmeasured += [
                Subject(model=model, runtime=runtime, device=device, called=called[model])
                for device in RUNTIME_DEVICES[runtime]
                if device not in offered and device not in (devices or ())
            ]
    return measured, unmeasured


def distinct_names(models: Sequence[Path]) -> dict[Path, str]:
    """Model → its file name, with as many of the folders above it as tell it from the others: `q4/model.gguf`."""
    whole = {model: model.absolute().parts for model in models}

    def name(model: Path, length: int) -> str:
        return "/".join(whole[model][-length:])

    found = {}
    for model, parts in whole.items():
        others = [other for other in whole if whole[other] != parts]
        lengths = range(1, len(parts))
        length = next((n for n in lengths if all(name(model, n) != name(other, n) for other in others)), len(parts))
        found[model] = model.name if length == 1 else name(model, length)
    return found


def sizes_of(subject: Subject, workload: Workload) -> SubjectSizes:
    """Describe what a subject opens, which must have been converted already if it has to be.

    Raises:
        CheckpointError, ArchitectureError: it cannot be read.
    """
    if is_foreign_gguf(subject.model):
        foreign = read_foreign_gguf(subject.model)
        return SubjectSizes(
            architecture=foreign.architecture,
            preset=None,
            parameters=foreign.parameters,
            bits=foreign.bits,
            cycles=None,
            context_length=foreign.context_length,
            file_bytes=file_size(subject.model),
            weights=WeightTraffic(held=foreign.weight_bytes, per_token=foreign.bytes_per_token),
        )
    opened = describe(model_file(subject.model, runtime=subject.runtime, cycles=workload.cycles))
    architecture = opened.architecture
    if isinstance(workload.cycles, int):
        architecture = architecture.with_cycles(workload.cycles)
    most = "≤" if workload.cycles == "auto" else ""
    return SubjectSizes(
        architecture="hrm_text",
        preset=preset_of(opened.architecture),
        parameters=opened.parameters,
        bits=opened.bits,
        cycles=f"{most}{architecture.h_cycles}×{architecture.l_cycles}",
        context_length=architecture.max_position_embeddings,
        file_bytes=opened.file_bytes,
        weights=hrm_weight_traffic(architecture, opened.bits, subject.runtime),
    )


def preset_of(architecture: Architecture) -> str | None:
    """The preset with these sizes, whatever its vocabulary and context."""
    for name, preset in PRESETS.items():
        if all(getattr(architecture, size) == getattr(preset, size) for size in _SHAPE):
            return name
    return None


def _runtimes_for(model: Path, machine: MachineInfo, asked: Sequence[str] | None) -> Sequence[str]:
    """Those that open the model, of the ones asked for or else installed; if none does, all, which loading refuses."""
    installed = [name for name in DEFAULT_RUNTIMES if machine.runtimes[name]] or DEFAULT_RUNTIMES[:1]
    wanted = installed if asked is None else asked
    return opening_runtimes(model, wanted) or wanted
