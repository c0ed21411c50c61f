"""One ONNX Runtime session: its threads, its provider, and the check that the graph is the model it claims to be.

A session is what holds the weights; the sequence of a runtime and the batches beside it are bindings of the same
session, so that the weights are in memory once.
"""

from pathlib import Path
from typing import Any

from hrm_edge.architecture import Architecture
from hrm_edge.errors import CheckpointError, RuntimeUnavailableError
from hrm_edge.export.onnx_names import (
    ATTENTION_BIAS,
    ATTENTION_MASK,
    INPUT_IDS,
    LOGITS,
    KvType,
    past_name,
    present_name,
)
from hrm_edge.runtimes.processors import physical_cores

SMALLEST_SHARED_MATRIX = 2**18
"""Weights. Below it one thread is faster: handing half of a product to another core takes longer than computing it.
Measured on 2 cores: nano (256 x 768) decodes at 1.4 times the speed of two threads, 27m (512 x 1280) at 0.7 times."""

SPIN_MICROSECONDS = 10
"""How long an idle worker burns its core waiting for the next product. The default, longer, gains nothing on a quiet
machine and halves the speed on a busy one, where its spinning keeps others from finishing; without any, the second
thread comes too late for a product of decoding."""

FATAL = 4
"""Log severity: what goes wrong comes back as an exception, and stderr belongs to the command line."""

PROVIDERS = {"cuda": ("CUDAExecutionProvider", "onnxruntime-gpu"), "mps": ("CoreMLExecutionProvider", "onnxruntime")}
"""Device → what ONNX Runtime calls it, and the package that brings it. Neither has kernels for attention in float32:
those nodes, and the KV cache with them, stay on the CPU. Both are untested."""


ELEMENT_TYPES: dict[KvType, str] = {"f32": "tensor(float)", "int8": "tensor(int8)"}
"""What ONNX Runtime calls the type of a KV cache."""


def open_session(
    path: Path,
    architecture: Architecture,
    *,
    kv_type: KvType,
    device: str,
    threads: int | None,
    frees_at_once: bool = False,
) -> Any:
    """A session whose inputs and outputs are those of `architecture`; `threads` of the CPU, None for what pays.

    frees_at_once: an intermediate result's memory goes back to the C library with its last reader. Otherwise the
    session keeps it for the next one, which is quicker where results are small.

    Raises:
        RuntimeUnavailableError: the device is not there.
        CheckpointError: ONNX Runtime refuses the file, or it is not the model its metadata describes.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _useful_threads(architecture) if threads is None else threads
    options.add_session_config_entry("session.intra_op.spin_duration_us", str(SPIN_MICROSECONDS))
    options.log_severity_level = FATAL
    if frees_at_once:
        options.enable_cpu_mem_arena = options.enable_mem_pattern = options.enable_mem_reuse = False
    providers = _providers(device)
    try:
        session = onnxruntime.InferenceSession(path, options, providers=providers)
    except (
        *(state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf),
        *(state.NoSuchFile, state.NotImplemented, state.RuntimeException),
    ) as error:
        reason = str(error).splitlines()[0][:300]
        raise CheckpointError(f"{path}: ONNX Runtime refuses it ({reason}); export the model again") from error
    _check_signature(path, session, architecture, kv_type)
    return session


def _check_signature(path: Path, session: Any, architecture: Architecture, kv_type: KvType) -> None:
    """Raise CheckpointError unless every value that buffers are bound to has their type and shape."""
    values = [*session.get_inputs(), *session.get_overridable_initializers(), *session.get_outputs()]
    found = {value.name: value.shape for value in values}
    for name, sizes in _signature(architecture).items():
        if name not in found or [size for size in found[name] if isinstance(size, int)] != sizes:
            raise CheckpointError(
                f"{path}: {name} has shape {found.get(name)} and its metadata asks for {sizes} in the fixed "
                "dimensions: export the model again"
            )
    for value in values:
        if value.name.startswith(("past_key_values.", "present.")) and value.type != ELEMENT_TYPES[kv_type]:
            raise CheckpointError(
                f"{path}: {value.name} is {value.type} and its metadata says {ELEMENT_TYPES[kv_type]}: export the "
                "model again"
            )


def _signature(architecture: Architecture) -> dict[str, list[int]]:
    """Name → fixed dimensions of the inputs and outputs that buffers are bound to."""
    heads = [architecture.num_attention_heads, architecture.head_dim]
    slots = range(architecture.kv_slots)
    names = [name(slot, part) for name in (past_name, present_name) for slot in slots for part in ("key", "value")]
    fixed = {INPUT_IDS: [], ATTENTION_MASK: [], LOGITS: [architecture.vocab_size]} | dict.fromkeys(names, heads)
    return fixed | ({ATTENTION_BIAS: [1, 1]} if architecture.prefix_lm else {})


def _providers(device: str) -> list[str]:
    import onnxruntime

    if device == "cpu":
        return ["CPUExecutionProvider"]
    if device not in PROVIDERS:
        raise RuntimeUnavailableError(f"device {device!r}: the onnx runtime runs on cpu, {' or '.join(PROVIDERS)}")
    provider, package = PROVIDERS[device]
    if provider not in onnxruntime.get_available_providers():
        raise RuntimeUnavailableError(
            f"device {device}: this onnxruntime has no {provider}; pip install {package} where there is one, "
            "or use --device cpu"
        )
    return [provider, "CPUExecutionProvider"]


def _useful_threads(architecture: Architecture) -> int:
    """The cores this process may run on; one for a small model."""
    small = architecture.hidden_size * architecture.intermediate_size < SMALLEST_SHARED_MATRIX
    return 1 if small else physical_cores()
