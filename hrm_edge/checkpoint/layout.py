"""A config and the tensors beside it must describe the same model; this is checked before a tensor is read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hrm_edge.architecture import Architecture
from hrm_edge.errors import ArchitectureError, CheckpointError

EMBEDDING = "model.embed_tokens.weight"
HEAD = "lm_head.weight"


def read_architecture(config: Mapping[str, Any], path: Path) -> Architecture:
    """`Architecture.from_config`, with the file's path in the error."""
    try:
        return Architecture.from_config(config)
    except ArchitectureError as error:
        raise ArchitectureError(f"{path}: {error}") from None


def check_layer_count(architecture: Architecture, tensor_count: int, path: Path) -> None:
    """Refuse a layer count that the file cannot hold, before the layers are spelled out name by name."""
    if architecture.num_layers_per_stack > tensor_count:
        raise CheckpointError(
            f"{path} holds {tensor_count} tensors and its config claims {architecture.num_layers_per_stack} layers per "
            "stack: every layer has tensors of its own; the config belongs to another model"
        )


def check_shapes(architecture: Architecture, found: Mapping[str, tuple[int, ...]], path: Path) -> None:
    """Every tensor the architecture needs is there in its shape, and no other.

    Raises:
        CheckpointError: a tensor is missing, has another shape, or is one we would not use.
    """
    check_layer_count(architecture, len(found), path)
    expected = architecture.tensor_shapes()
    for name, shape in expected.items():
        if name not in found:
            raise CheckpointError(f"{path} lacks the tensor {name}: an hrm_text model needs it; fetch it again")
        if found[name] != shape:
            raise CheckpointError(
                f"{path}: {name} has shape {list(found[name])} and its config asks for {list(shape)}; "
                "the config belongs to another model"
            )
    for name in found:
        if name not in expected:
            raise CheckpointError(
                f"{path} holds the tensor {name}, which an hrm_text model has no use for: "
                "leaving it out would change the answers; check that this is an hrm_text checkpoint"
            )
