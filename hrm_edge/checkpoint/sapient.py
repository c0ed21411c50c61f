"""Sapient's own tensor names and fused matrices, seen as the names transformers uses.

Their training code joins matrices that read the same input, one above the other along the rows:

    attn.gqkv_proj.weight      rows: gate | q | k | v    each heads · head_dim
    mlp.gate_up_proj.weight    rows: gate | up           each feed-forward

A fused matrix is never read whole: its parts are row ranges of the file. transformers reads this layout and
saves it by default (`save_original_format`). Raw training checkpoints moreover call the stacks H_level and L_level;
z_H_init and the rotary buffers, which the model does not need, are dropped.

Reference: https://github.com/sapientinc/HRM-Text conversion/convert_to_hf.py; the 'hrm_text' entry of transformers'
conversion_mapping.py.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from hrm_edge.checkpoint.safetensors_file import StoredTensor
from hrm_edge.errors import CheckpointError

FUSED = {
    ".attn.gqkv_proj.weight": tuple(f".self_attn.{part}_proj.weight" for part in ("gate", "q", "k", "v")),
    ".mlp.gate_up_proj.weight": (".mlp.gate_proj.weight", ".mlp.up_proj.weight"),
}
RENAMED = (
    ("model.H_level.core.layers.", "model.H_module.layers."),
    ("model.L_level.core.layers.", "model.L_module.layers."),
    ("model.zL_init", "model.z_L_init"),
    ("embed_tokens.embedding_weight", "model.embed_tokens.weight"),
    (".attn.o_proj.", ".self_attn.o_proj."),
)
DROPPED = ("model.zH_init", "model.H_level.core.rotary_emb.", "model.L_level.core.rotary_emb.")


def unfused(stored: Mapping[str, StoredTensor], path: Path) -> dict[str, StoredTensor]:
    """The tensors under transformers' names; names that are transformers' already stay as they are.

    Raises:
        CheckpointError: a fused matrix whose rows do not divide into its parts, or two tensors of one name.
    """
    found: dict[str, StoredTensor] = {}
    for stored_name, tensor in stored.items():
        if stored_name.startswith(DROPPED):
            continue
        for name, part in _parts(_renamed(stored_name), tensor, path):
            if name in found:
                raise CheckpointError(f"{path} holds {name} twice, fused and by itself: keep one of the two layouts")
            found[name] = part
    return found


def _renamed(name: str) -> str:
    for theirs, ours in RENAMED:
        if name.startswith(theirs) or (theirs.startswith(".") and theirs in name):
            name = name.replace(theirs, ours, 1)
    return name


def _parts(name: str, tensor: StoredTensor, path: Path) -> Iterator[tuple[str, StoredTensor]]:
    fused = next((suffix for suffix in FUSED if name.endswith(suffix)), None)
    if fused is None:
        yield name, tensor
        return
    parts = FUSED[fused]
    if len(tensor.shape) != 2 or tensor.shape[0] % len(parts):
        raise CheckpointError(
            f"{path}: {tensor.name} has shape {list(tensor.shape)}: its rows must divide into {len(parts)} equal parts"
        )
    rows = tensor.shape[0] // len(parts)
    for index, part in enumerate(parts):
        yield name.removesuffix(fused) + part, tensor.rows(index * rows, (index + 1) * rows)
