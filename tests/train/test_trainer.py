"""A whole small training: it learns, it can be stopped and resumed, and it leaves what the next stage needs."""

import dataclasses
import json
import signal

import pytest
import torch
from safetensors.torch import load_file
from train_data import TINY
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import ArchitectureError, DataError, TrainingError
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.quality.held_out_loss import held_out_batches, held_out_sums
from hrm_edge.train.run_directory import damage_of, the_only_training_in
from hrm_edge.train.trainer import train


@pytest.fixture
def config(tmp_path, monkeypatch, shards_directory) -> TrainingConfig:
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    return TrainingConfig(
        preset="tiny", shards=shards_directory, out=tmp_path / "run", max_steps=6, rows=2, accumulate=2, warmup_steps=2,
        save_every=3, threads=1, ema=0.9,
    )  # fmt: skip


def history(out) -> list[dict[str, float]]:
    states = sorted(out.glob("checkpoint-*/trainer_state.json"), key=lambda path: int(path.parent.name[11:]))
    return json.loads(states[-1].read_text())["log_history"]


def losses(out) -> list[tuple[float, float, float]]:
    return [(entry["loss"], entry["grad_norm"], entry["learning_rate"]) for entry in history(out) if "loss" in entry]


@pytest.mark.slow
def test_run_leaves_a_checkpoint_a_tokenizer_a_card_and_its_configuration(config, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.held_out.HELD_OUT_SHARE", 0.2)
    out = train(config)
    names = {path.name for path in out.iterdir()}
    assert names >= {"config.json", "model.safetensors", "tokenizer.json", "training.json", "README.md", "loss.png"}
    assert any(out.rglob("events*"))
    assert json.loads((out / "training.json").read_text())["seed"] == 0
    model = HrmTextForCausalLM.from_pretrained(out)
    assert model.config.eos_token_id == 2  # <|end|>
    measured = [entry for entry in history(out) if "eval_loss" in entry]
    assert [entry["step"] for entry in measured] == [3, 6]
    assert measured[0].keys() >= {"eval_loss", "eval_loss_shell", "eval_loss_cycles_1", "eval_loss_cycles_2"}
    assert measured[0]["eval_loss"] == measured[0]["eval_loss_shell"] == measured[0]["eval_loss_cycles_2"]


@pytest.mark.slow
@pytest.mark.parametrize("schedule", ["cosine", "wsd"])
def test_resumed_run_has_the_losses_and_the_weights_of_an_uninterrupted_one(
    config, tmp_path, monkeypatch, schedule, interrupted_in_step
):
    monkeypatch.setattr("hrm_edge.train.training_arguments.LOG_EVERY", 1)
    config = dataclasses.replace(config, schedule=schedule, bf16=False)
    assert config.accumulate == 2 and config.random_cycles and config.ema
    straight = load_file(train(config) / "model.safetensors")
    stopped = dataclasses.replace(config, out=tmp_path / "stopped")

    with interrupted_in_step(3), pytest.raises(KeyboardInterrupt):
        train(stopped)
    with pytest.raises(DataError, match="add --resume"):
        train(stopped)
    resumed = load_file(train(dataclasses.replace(stopped, resume=True)) / "model.safetensors")
    for name, weight in straight.items():
        torch.testing.assert_close(resumed[name], weight, rtol=0, atol=0)
    assert losses(stopped.out) == losses(config.out)
    assert len(losses(config.out)) == 6


@pytest.mark.slow
def test_better_checkpoint_than_the_last_is_kept_as_a_model_of_its_own(config, monkeypatch, capfd):
    monkeypatch.setattr("hrm_edge.train.held_out.HELD_OUT_SHARE", 0.2)
    train(dataclasses.replace(config, max_steps=3, save_every=1))
    out = train(dataclasses.replace(config, max_steps=7, save_every=1, learning_rate=3.0, resume=True))
    measured = {entry["step"]: entry["eval_loss"] for entry in history(out) if "eval_loss" in entry}
    best = min(measured, key=measured.__getitem__)
    assert best < 5, "the high learning rate has made it worse"
    assert {path.name for path in out.glob("checkpoint-*")} == {f"checkpoint-{best}", "checkpoint-6", "checkpoint-7"}
    assert f"the held-out loss was lower at step {best} ({measured[best]:.3f})" in capfd.readouterr().err
    assert f"It was lower at step {best}, {measured[best]:.3f}: best/ holds" in (out / "README.md").read_text()
    model = AnswerModel.from_pretrained(out / "best", dtype=torch.float32, attn_implementation="eager")
    batches = held_out_batches(open_shards(config.shards))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        table = held_out_sums(model.eval(), batches, ["shell"], 2)
    assert float(table[0, 1] / table[0, -1]) == pytest.approx(measured[best], rel=1e-3)


@pytest.mark.slow
def test_gradient_checkpointing_changes_no_loss(config, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr("hrm_edge.train.training_arguments.LOG_EVERY", 1)
    config = dataclasses.replace(config, max_steps=3, bf16=False)
    without = losses(train(config))
    again = losses(train(dataclasses.replace(config, gradient_checkpointing=True, out=tmp_path / "checkpointed")))
    assert [loss for loss, _, _ in again] == pytest.approx([loss for loss, _, _ in without], rel=1e-6)
    assert "Warning" not in capfd.readouterr().err


@pytest.mark.slow
def test_curves_are_read_by_tensorboard(config, monkeypatch):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    monkeypatch.setattr("hrm_edge.train.training_arguments.LOG_EVERY", 1)
    out = train(dataclasses.replace(config, max_steps=2))
    events = EventAccumulator(str(next(out.rglob("events*")).parent)).Reload()
    shown = [event.value for event in events.Scalars("train/loss")]
    assert shown == pytest.approx([entry["loss"] for entry in history(out) if "loss" in entry])


@pytest.mark.slow
def test_resumed_run_with_more_steps_and_another_pace_saves_at_that_pace(config):
    train(config)
    longer = dataclasses.replace(config, max_steps=10, save_every=2, resume=True)
    train(longer)
    kept = {path.name for path in longer.out.glob("checkpoint-*")}
    assert {"checkpoint-8", "checkpoint-10"} <= kept


@pytest.mark.slow
def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_checkpoint(config):
    listening = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    train(dataclasses.replace(config, max_steps=3))
    with pytest.raises(TrainingError, match=r"the loss is nan at step \d+: lower --learning-rate.*--resume"):
        train(dataclasses.replace(config, resume=True, max_steps=9, learning_rate=1e38))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == listening
    assert damage_of(config.out / "checkpoint-3") is None
    mended = train(dataclasses.replace(config, resume=True, max_steps=6))
    assert all(weight.isfinite().all() for weight in load_file(mended / "model.safetensors").values())


def test_unknown_preset_lists_the_known_ones(config):
    with pytest.raises(ArchitectureError, match="nano, 27m"):
        train(dataclasses.replace(config, preset="giant"))


def test_weights_that_do_not_fit_are_refused_before_anything_is_built(config, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.memory.free_memory", lambda: 28_000_000)
    with pytest.raises(TrainingError, match=r"needs about .* weights 1 MB.* 28 MB are free: --rows 1 fits"):
        train(config)
    assert {path.name for path in config.out.iterdir()} == {".lock"}


def test_two_trainings_in_one_directory_are_refused(config):
    with (
        the_only_training_in(config.out),
        pytest.raises(TrainingError, match="is being trained in by another process: wait for it, or choose another"),
    ):
        train(config)


def test_fsdp_without_torchrun_says_how_to_start_it(config):
    with pytest.raises(TrainingError, match=r"--fsdp divides the model among processes and there is one: .*torchrun"):
        train(dataclasses.replace(config, fsdp=True))


def test_data_with_nothing_but_held_out_groups_is_refused(config, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.held_out.HELD_OUT_SHARE", 1.0)
    with pytest.raises(DataError, match=r"has nothing but held-out groups in its \d+ rows: there is nothing to learn"):
        train(config)


@pytest.mark.slow
def test_step_whose_answers_are_all_held_out_changes_no_direction_and_is_no_error(config, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.held_out.HELD_OUT_SHARE", 0.95)
    monkeypatch.setattr("hrm_edge.train.training_arguments.LOG_EVERY", 1)
    out = train(dataclasses.replace(config, rows=1, accumulate=1, max_steps=12, save_every=12))
    assert 0.0 in [loss for loss, _, _ in losses(out)]
