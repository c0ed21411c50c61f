"""Sapient's fused and raw layouts against transformers, which reads and writes the fused one itself."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from random_models import SHAPES, random_ids, reference_logits, reference_tensors, save_random_model
from safetensors.torch import load_file, save_file

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import CheckpointError


def raw(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The fused layout under the names of a training run (convert_to_hf.py), with what only training needs."""
    renamed = {
        name.replace("model.H_module.layers.", "model.H_level.core.layers.")
        .replace("model.L_module.layers.", "model.L_level.core.layers.")
        .replace("model.z_L_init", "model.zL_init")
        .replace("model.embed_tokens.weight", "embed_tokens.embedding_weight"): tensor
        for name, tensor in tensors.items()
    }
    extra = {"model.zH_init": torch.randn(64), "model.H_level.core.rotary_emb.cos_cached": torch.randn(8, 16)}
    return renamed | extra


@pytest.fixture(scope="module")
def unfused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The untied shape under transformers' own names."""
    return save_random_model(tmp_path_factory.mktemp("unfused"), fused=False, **SHAPES["untied"])


@pytest.fixture
def fused(random_model: Callable[[str], Path], tmp_path: Path) -> Path:
    """The same weights as transformers saves them, to spoil."""
    return shutil.copytree(random_model("untied"), tmp_path / "model")


def rewrite(model: Path, change: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]) -> None:
    path = model / "model.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in change(load_file(path)).items()}, path)


def assert_tensors_equal(directory: Path, reference: dict[str, np.ndarray]) -> None:
    found = dict(open_checkpoint(directory).tensors())
    assert found.keys() == reference.keys()
    for name, tensor in found.items():
        np.testing.assert_array_equal(tensor, reference[name], strict=True)


def test_fused_and_unfused_files_give_the_same_tensors_in_transformers_and_here(unfused: Path, fused: Path) -> None:
    assert "model.L_module.layers.0.attn.gqkv_proj.weight" in load_file(fused / "model.safetensors")
    assert "model.L_module.layers.0.self_attn.q_proj.weight" in load_file(unfused / "model.safetensors")
    assert_tensors_equal(unfused, reference_tensors(unfused))
    assert_tensors_equal(fused, reference_tensors(unfused))
    assert_tensors_equal(fused, reference_tensors(fused))
    prompt, answer = random_ids(6), random_ids(4, seed=3)
    np.testing.assert_array_equal(reference_logits(fused, prompt, answer), reference_logits(unfused, prompt, answer))


def test_raw_training_names_give_the_same_tensors(unfused: Path, fused: Path) -> None:
    rewrite(fused, raw)
    assert "model.L_level.core.layers.0.attn.gqkv_proj.weight" in load_file(fused / "model.safetensors")
    assert_tensors_equal(fused, reference_tensors(unfused))


def test_fused_rows_that_do_not_divide_are_refused(fused: Path) -> None:
    name = "model.L_module.layers.1.attn.gqkv_proj.weight"
    rewrite(fused, lambda tensors: tensors | {name: tensors[name][:-1]})
    with pytest.raises(CheckpointError, match=r"gqkv_proj\.weight has shape \[255, 64\]: .* 4 equal parts"):
        open_checkpoint(fused)


def test_tensor_in_both_layouts_is_refused(unfused: Path, fused: Path) -> None:
    rewrite(fused, lambda tensors: tensors | load_file(unfused / "model.safetensors"))
    with pytest.raises(CheckpointError, match=r"holds model\.[HL]_module\.layers\.\d\.\S+ twice"):
        open_checkpoint(fused)
