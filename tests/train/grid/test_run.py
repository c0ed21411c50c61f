"""Quantization-aware training from the command line: what is left is the grid's, resumable, and nearer to its teacher
than rounding is."""

import dataclasses

import numpy as np
import pytest
import torch
from train_data import TINY

from hrm_edge.architecture import PRESETS
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.cli import main
from hrm_edge.errors import TrainingError
from hrm_edge.quantize.grid import dequantize, round_to_grid
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.train.config import DistillationSettings, QatSettings, TrainingConfig
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.packed_rows import PackedRows, collate
from hrm_edge.train.quality.finished_model import load_finished_model
from hrm_edge.train.trainer import train


@pytest.fixture(scope="module")
def float_run(tmp_path_factory, shards_directory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "tiny", TINY)
        out = tmp_path_factory.mktemp("float") / "run"
        return train(
            TrainingConfig(
                preset="tiny", shards=shards_directory, out=out, max_steps=40, rows=4, accumulate=1, threads=1
            )
        )


@pytest.fixture
def config(tmp_path, shards_directory, float_run) -> TrainingConfig:
    return TrainingConfig(
        preset="tiny", shards=shards_directory, out=tmp_path / "qat", init=float_run, max_steps=30, rows=4,
        accumulate=1, warmup_steps=3, learning_rate=3e-4, save_every=15, threads=1, qat=QatSettings(bits=4),
        distillation=DistillationSettings(teacher=str(float_run)),
    )  # fmt: skip


def divergence(reference, candidate, shards_directory) -> float:
    """KL(reference || candidate) per answer token at full depth."""
    rows = PackedRows(open_shards(shards_directory), 8, seed=5)
    batch = collate([rows[place] for place in range(8)])
    with torch.inference_mode():
        first, second = (load_finished_model(path).exit_logits(batch, 2)[-1] for path in (reference, candidate))
    return torch.nn.functional.kl_div(
        second.log_softmax(-1), first.log_softmax(-1), log_target=True, reduction="batchmean"
    ).item()


@pytest.mark.slow
@pytest.mark.parametrize("learned_scales", [False, True], ids=["recomputed_by_answers", "learned_by_states_too"])
def test_training_on_the_grid_comes_nearer_to_the_float_model_than_rounding(
    config, float_run, shards_directory, tmp_path, learned_scales
):
    settings = QatSettings(bits=4, learned_scales=learned_scales)
    taught = dataclasses.replace(config.distillation, states_weight=10.0 if learned_scales else 0.0)
    trained = train(dataclasses.replace(config, qat=settings, distillation=taught))
    assert trained == config.out / "quantized"
    with open_checkpoint(float_run) as source:
        quantize_checkpoint(source, 4, tmp_path / "rtn").close()
    by_rounding = divergence(float_run, tmp_path / "rtn", shards_directory)
    assert divergence(float_run, trained, shards_directory) < 0.8 * by_rounding
    with open_checkpoint(trained) as quantized:
        assert quantized.quantization.method == "qat"
        assert quantized.bits == 4


@pytest.mark.slow
def test_masters_of_recomputed_scales_round_to_what_is_left(config):
    trained = train(dataclasses.replace(config, max_steps=3, qat=QatSettings(bits=4, learned_scales=False)))
    with open_checkpoint(config.out) as masters, open_checkpoint(trained) as quantized:
        for (name, master), (_, tensor) in zip(masters.tensors(), quantized.tensors(), strict=True):
            if master.ndim == 2:
                np.testing.assert_array_equal(dequantize(round_to_grid(master, tensor.bits)), dequantize(tensor), name)


@pytest.mark.slow
def test_resumed_run_on_the_grid_leaves_the_codes_of_an_uninterrupted_one(config, tmp_path, interrupted_in_step):
    short = dataclasses.replace(config, max_steps=6, save_every=3)
    straight = train(short)
    stopped = dataclasses.replace(short, out=tmp_path / "stopped")

    with interrupted_in_step(3), pytest.raises(KeyboardInterrupt):
        train(stopped)
    resumed = train(dataclasses.replace(stopped, resume=True))
    with open_checkpoint(straight) as left, open_checkpoint(resumed) as right:
        for (name, expected), (_, found) in zip(left.tensors(), right.tensors(), strict=True):
            if expected.shape != (32,):
                np.testing.assert_array_equal(found.codes, expected.codes, name)
                np.testing.assert_array_equal(found.scales, expected.scales, name)


def test_fsdp_does_not_go_with_the_grid(config):
    with pytest.raises(TrainingError, match="--fsdp divides the weights that --bits rounds"):
        train(dataclasses.replace(config, fsdp=True))


@pytest.mark.slow
def test_quantize_with_qat_leaves_what_other_methods_leave(float_run, shards_directory, tmp_path, monkeypatch):
    monkeypatch.setattr("hrm_edge.commands.quantize.methods.QAT_STEPS", 2)
    monkeypatch.setattr("hrm_edge.train.calibration.examples.FROM_SHARDS", 20)
    out = tmp_path / "small"
    arguments = ["--bits", "4", "--method", "qat", "--calibration", shards_directory, "--out", out]
    with pytest.raises(SystemExit) as ended:
        main(["quantize", str(float_run), *map(str, arguments)])
    assert ended.value.code == 0
    assert {path.name for path in out.iterdir()} >= {"model.safetensors", "tokenizer.json", "model.gguf", "model.onnx"}
    with open_checkpoint(out) as left, open_checkpoint(tmp_path / "small.qat" / "quantized") as trained:
        assert left.quantization.method == "qat"
        for (name, expected), (_, found) in zip(trained.tensors(), left.tensors(), strict=True):
            if expected.shape != (32,):
                np.testing.assert_array_equal(found.codes, expected.codes, name)
