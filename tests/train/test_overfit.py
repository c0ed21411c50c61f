"""A nano learns 64 examples by heart: the whole path from packed rows to weights works, and works fast."""

import pytest
import torch
from transformers import HrmTextConfig

from hrm_edge.architecture import PRESETS
from hrm_edge.train.answer_model import AnswerModel, answers_of
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.optimizer import MuonAdamW
from hrm_edge.train.packed_rows import collate, row_of

STEPS = 16


@pytest.mark.slow
def test_nano_knows_64_examples_by_heart_at_every_depth(shards_directory):
    """A quarter of a minute on a quiet core: the shortest examples, in rows of about one length, need few tokens."""
    torch.manual_seed(0)
    shards = open_shards(shards_directory)
    examples = [example for row in range(len(shards.shards[0])) for example in shards.examples(0, row)]
    pairs = {tuple(example.request.tolist()): example.answer.tolist() for example in examples}
    learned = sorted(pairs.items(), key=lambda pair: len(pair[0]) + len(pair[1]))[:64]
    assert len(learned) == 64
    rows = collate([row_of(learned[start::8]) for start in range(8)])
    model = AnswerModel._from_config(HrmTextConfig(**PRESETS["nano"].to_config()), attn_implementation="eager")
    optimizer = MuonAdamW(model, learning_rate=4e-3, weight_decay=0.0)
    for _ in range(STEPS):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(**rows)["loss"]
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    labels_N = answers_of(rows)
    with torch.inference_mode():
        for logits_NV in model.exit_logits(rows, cycles=2):
            assert (logits_NV.argmax(-1) == labels_N).float().mean() > 0.99
