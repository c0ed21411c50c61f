"""A whole small training: it learns, it can be stopped and resumed, and it leaves what the next stage needs."""

import dataclasses
import json

import pytest
import torch
from safetensors.torch import load_file
from train_data import shell_rows, write_lines
from transformers import HrmTextConfig, HrmTextForCausalLM

from hrm_edge.architecture import PRESETS, Architecture
from hrm_edge.errors import ArchitectureError, DataError
from hrm_edge.train import trainer as trainer_module
from hrm_edge.train.answer_trainer import AnswerTrainer
from hrm_edge.train.batches import collate
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.trainer import train


@pytest.fixture
def config(tmp_path, monkeypatch) -> TrainingConfig:
    tiny = Architecture(
        vocab_size=512, hidden_size=64, intermediate_size=64, num_layers_per_stack=1, num_attention_heads=2,
        head_dim=32, h_cycles=1, l_cycles=1, embedding_scale=8.0, tie_word_embeddings=True,
    )  # fmt: skip
    monkeypatch.setitem(PRESETS, "tiny", tiny)
    monkeypatch.setattr(trainer_module, "TOKENIZER_EXAMPLES", 200)
    return TrainingConfig(
        preset="tiny",
        data=(write_lines(tmp_path / "n.jsonl", *shell_rows(100)),),
        out=tmp_path / "run",
        steps=6,
        batch_tokens=256,
        longest=64,
        save_every=3,
        threads=1,
        recipes=False,
    )


@pytest.mark.slow
def test_run_leaves_a_checkpoint_a_tokenizer_a_card_and_its_configuration(config):
    out = train(config)
    names = {path.name for path in out.iterdir()}
    assert names >= {"config.json", "model.safetensors", "tokenizer.json", "training.json", "README.md", "loss.png"}
    assert any(name.startswith("events") or name == "runs" for name in names | {p.name for p in out.rglob("events*")})
    assert json.loads((out / "training.json").read_text())["seed"] == 0
    model = HrmTextForCausalLM.from_pretrained(out)
    assert model.config.eos_token_id == 2  # <|end|>


@pytest.mark.slow
def test_resumed_run_ends_with_the_weights_of_an_uninterrupted_one(config, tmp_path, monkeypatch):
    straight = load_file(train(config) / "model.safetensors")
    stopped = dataclasses.replace(config, out=tmp_path / "stopped")

    def stop_at_three(self, args, state, control, **_):  # noqa: ARG001 - a callback's signature
        if state.global_step == 3:
            self.interrupted = True
            control.should_save = control.should_training_stop = True
        return control

    with monkeypatch.context() as patch:
        patch.setattr(trainer_module.SaveOnInterrupt, "on_step_end", stop_at_three)
        with pytest.raises(KeyboardInterrupt):
            train(stopped)
    with pytest.raises(DataError, match="add --resume"):
        train(stopped)
    resumed = load_file(train(dataclasses.replace(stopped, resume=True)) / "model.safetensors")
    for name, weight in straight.items():
        torch.testing.assert_close(resumed[name], weight, rtol=0, atol=0)


@pytest.mark.slow
def test_resumed_run_with_more_steps_and_another_pace_saves_at_that_pace(config):
    train(config)
    longer = dataclasses.replace(config, steps=10, save_every=2, resume=True)
    train(longer)
    assert {path.name for path in longer.out.glob("checkpoint-*")} == {"checkpoint-8", "checkpoint-10"}


def test_loss_equals_transformers_own_on_the_answer_tokens():
    torch.manual_seed(0)
    config = Architecture(
        vocab_size=64, hidden_size=32, intermediate_size=32, num_layers_per_stack=1, num_attention_heads=2, head_dim=16,
        h_cycles=2, l_cycles=1, embedding_scale=6.0, tie_word_embeddings=True,
    ).to_config()  # fmt: skip
    model = HrmTextForCausalLM(HrmTextConfig(**{k: v for k, v in config.items() if k != "model_type"})).eval()
    batch = collate([([1, 2, 3, 4], [5, 6, 7]), ([1, 9], [8, 3])], pad_id=0)
    trainer = AnswerTrainer.__new__(AnswerTrainer)
    with torch.inference_mode():
        ours = trainer.compute_loss(model, batch)
        theirs = model(**batch).loss
    torch.testing.assert_close(ours, theirs)


def test_unknown_preset_lists_the_known_ones(config):
    with pytest.raises(ArchitectureError, match="nano, 27m"):
        train(dataclasses.replace(config, preset="giant"))
