"""Damaged checkpoints are skipped, half-written ones removed, and a full disk is one line."""

import dataclasses
import resource
import shutil

import pytest
from safetensors.torch import load_file
from train_data import TINY

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import TrainingError
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.run_directory import checkpoints_in, damage_of, keep_newest, newest_whole_checkpoint
from hrm_edge.train.trainer import train


@pytest.fixture(scope="module")
def trained(tmp_path_factory, shards_directory) -> TrainingConfig:
    """Whole checkpoints of steps 2 and 4."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "tiny", TINY)
        config = TrainingConfig(
            preset="tiny", shards=shards_directory, out=tmp_path_factory.mktemp("trained") / "run", max_steps=4,
            rows=1, accumulate=1, warmup_steps=0, save_every=2, threads=1, ema=0.5,
        )  # fmt: skip
        train(config)
    return config


@pytest.fixture
def config(trained, tmp_path, monkeypatch) -> TrainingConfig:
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    shutil.copytree(trained.out, tmp_path / "run")
    return dataclasses.replace(trained, out=tmp_path / "run")


def cut(path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("model.safetensors", "its header describes"),
        ("average.safetensors", "its header describes"),
        ("optimizer.pt", "optimizer.pt is cut short"),
        ("scheduler.pt", "scheduler.pt is cut short"),
        ("rng_state.pth", "rng_state.pth is cut short"),
        ("trainer_state.json", "trainer_state.json cannot be read"),
    ],
    ids=lambda value: value.split(" ")[0],
)
def test_checkpoint_cut_short_is_skipped_and_the_one_before_is_taken(config, capfd, name, reason):
    assert newest_whole_checkpoint(config.out).name == "checkpoint-4"
    cut(config.out / "checkpoint-4" / name)
    assert newest_whole_checkpoint(config.out).name == "checkpoint-2"
    line = capfd.readouterr().err
    assert "checkpoint-4 is damaged and skipped" in line
    assert reason in line
    assert line.count("\n") == 1


@pytest.mark.parametrize("name", ["trainer_state.json", "optimizer.pt", "model.safetensors"])
def test_checkpoint_without_a_part_is_not_whole(config, name):
    (config.out / "checkpoint-4" / name).unlink()
    assert damage_of(config.out / "checkpoint-4") is not None
    assert newest_whole_checkpoint(config.out).name == "checkpoint-2"


@pytest.mark.slow
def test_run_with_a_damaged_newest_checkpoint_goes_on_from_the_one_before(config):
    straight = load_file(config.out / "model.safetensors")
    cut(config.out / "checkpoint-4" / "optimizer.pt")
    train(dataclasses.replace(config, resume=True))
    assert damage_of(config.out / "checkpoint-4") is None
    again = load_file(config.out / "model.safetensors")
    assert all(again[name].equal(weight) for name, weight in straight.items())


@pytest.mark.slow
def test_full_disk_is_one_line_and_leaves_the_last_whole_checkpoint(config):
    """Stands for a full disk: no file of this process may grow past a limit below the size of the weights."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    try:
        with pytest.raises(TrainingError) as failure:
            train(dataclasses.replace(config, resume=True, max_steps=6))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "checkpoint-6 cannot be written (" in str(failure.value)
    assert str(failure.value).endswith("free some space, then go on from checkpoint-4 with --resume")
    assert [path.name for path in checkpoints_in(config.out)] == ["checkpoint-2", "checkpoint-4"]
    train(dataclasses.replace(config, resume=True, max_steps=6))
    assert damage_of(config.out / "checkpoint-6") is None


def test_the_newest_two_and_the_best_stay(tmp_path):
    for step in (2, 4, 10, 8, 100):
        (tmp_path / f"checkpoint-{step}").mkdir()
    keep_newest(tmp_path, tmp_path / "checkpoint-4")
    assert [path.name for path in checkpoints_in(tmp_path)] == ["checkpoint-4", "checkpoint-10", "checkpoint-100"]
