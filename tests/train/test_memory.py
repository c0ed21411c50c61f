"""The memory that is stated before a training against what PyTorch keeps and what the process takes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import HrmTextConfig

from hrm_edge.architecture import Architecture, preset
from hrm_edge.errors import TrainingError
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.memory import refuse_what_cannot_fit, training_memory
from hrm_edge.train.packed_rows import row_of

SMALL = Architecture(
    vocab_size=512, hidden_size=64, intermediate_size=192, num_layers_per_stack=2, num_attention_heads=2, head_dim=48,
    h_cycles=2, l_cycles=2, embedding_scale=6.0, tie_word_embeddings=True,
)  # fmt: skip
TOKENS = 256


def config(**values) -> TrainingConfig:
    return TrainingConfig(**{"preset": "small", "shards": Path("data"), "out": Path("run"), "rows": 8, **values})


@pytest.mark.parametrize("bf16", [True, False], ids=["bf16", "fp32"])
@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_activations_are_what_autograd_saves(bf16, attention):
    model = AnswerModel._from_config(HrmTextConfig(**SMALL.to_config()), attn_implementation=attention).train()
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    saved: dict[int, int] = {}

    def count(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    row = row_of([(range(4, 4 + TOKENS // 2), range(4, 4 + TOKENS // 2))])
    batch = {name: torch.stack([column, column]) for name, column in row.items()}
    hooks = torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor)
    with hooks, torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        loss = model(**batch)["loss"]
    need = training_memory(SMALL, config(rows=2, bf16=bf16), tokens=TOKENS, flash_attention=attention == "sdpa")
    stated = need.activations + need.logits // 2 + need.copies
    assert loss.isfinite()
    assert stated == pytest.approx(sum(saved.values()), rel=0.25)


MEASURE = """
import json, re
from pathlib import Path
import torch
from transformers import HrmTextConfig
from hrm_edge.architecture import preset
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.optimizer import MuonAdamW
from hrm_edge.train.packed_rows import row_of

torch.set_num_threads(1)
row = row_of([(range(4, 208), range(4, 312))])

def steps(rows, checkpointing):
    model = AnswerModel._from_config(HrmTextConfig(**preset("nano").to_config()), attn_implementation="eager").train()
    if checkpointing:
        model.gradient_checkpointing_enable()
    optimizer = MuonAdamW(model, learning_rate=1e-3, weight_decay=0.0)
    batch = {name: torch.stack([column] * rows) for name, column in row.items()}
    for _ in range(2):
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(**batch)["loss"]
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return peak()

def peak():  # of this program alone: ru_maxrss begins with that of the process that started it
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024

before = peak()
print(json.dumps([steps(1, True) - before, steps(1, False) - before]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_stated_memory_is_within_a_third_of_the_measured_peak():
    """Two steps of nano with a row of 512 tokens, with gradient checkpointing and without."""
    ran = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True)
    for checkpointing, measured in zip((True, False), json.loads(ran.stdout), strict=True):
        need = training_memory(preset("nano"), config(rows=1, gradient_checkpointing=checkpointing), tokens=512)
        assert 0.75 < need.total / measured < 1.33, f"{need.describe()}, measured {measured / 1e6:.0f} MB"


def test_moments_and_average_are_counted():
    need = training_memory(SMALL, config(ema=0.9), tokens=TOKENS)
    assert need.weights == need.gradients == need.moving_average == 4 * SMALL.parameter_count()
    embedding = 512 * 64
    assert need.moments == 4 * (SMALL.parameter_count() + embedding)
    assert training_memory(SMALL, config(), tokens=TOKENS).moving_average == 0


def test_1b_with_the_usual_rows_is_refused_on_a_machine_of_24_gb(monkeypatch):
    monkeypatch.setattr("hrm_edge.train.memory.free_memory", lambda: 24 * 2**30)
    with pytest.raises(TrainingError, match=r"training needs about \d+\.\d GB: weights 4\.\d GB.* 25\.8 GB are free: "):
        refuse_what_cannot_fit(preset("1b"), config(), tokens=1024)


@pytest.mark.parametrize(
    ("room", "mend"),
    [
        (0.4, "--rows 2 fits"),
        (0.16, "add --gradient-checkpointing and --rows 1"),
        (0.01, "weights, gradients and moments alone do not fit; choose a smaller --preset"),
    ],
)
def test_refusal_names_what_would_fit(monkeypatch, room, mend):
    whole = training_memory(preset("nano"), config(rows=8), tokens=512).total
    monkeypatch.setattr("hrm_edge.train.memory.free_memory", lambda: int(room * whole))
    with pytest.raises(TrainingError, match=mend):
        refuse_what_cannot_fit(preset("nano"), config(rows=8), tokens=512)
    if "rows 2" in mend:
        assert training_memory(preset("nano"), config(rows=2), tokens=512).total < room * whole
