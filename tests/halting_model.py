"""Tiny models whose requests of one kind are answered rightly after one cycle, and of the other only after two.

They are taught so: exit 1 learns the right answer to easy requests and a wrong one to hard ones, exit 2 the right
answer to all. `taught_model` reads requests of bare token ids, `taught_checkpoint` real ones from packed shards.
"""

import dataclasses
import functools
import random
from collections.abc import Callable
from pathlib import Path

import torch
from random_models import write_tiny_tokenizer
from train_data import TINY, write_lines
from transformers import HrmTextConfig

from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.data.pipeline.build import build
from hrm_edge.train.data.pipeline.recipe import parse_recipe
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.packed_rows import Batch, collate, row_of

PROMPT, ANSWER, END = 0, 1, 2
EASY, HARD = 17, 18
RIGHT = [40, 41, END]
WRONG_TOKEN = 50
SIZES = dataclasses.replace(TINY, vocab_size=320)

Example = tuple[list[int], list[int]]


def request(kind: int, noise: random.Random) -> list[int]:
    """Token ids of a request of that kind, which the second token says; the rest is noise."""
    return [PROMPT, kind, *(noise.randrange(100, 200) for _ in range(noise.randrange(1, 6))), ANSWER]


def examples(count: int, seed: int) -> list[Example]:
    """`count` requests with their right answers, easy and hard ones in turn."""
    noise = random.Random(seed)
    return [(request((EASY, HARD)[number % 2], noise), RIGHT) for number in range(count)]


def packed(of: list[Example], in_a_row: int = 4) -> list[Batch]:
    """Batches of two packed rows."""
    rows = [row_of(of[start : start + in_a_row]) for start in range(0, len(of), in_a_row)]
    return [collate(rows[start : start + 2]) for start in range(0, len(rows), 2)]


@functools.cache
def taught_model() -> AnswerModel:
    """Taught once per process; never write to it."""
    return _taught(lambda step: [(asked, answer, asked[1] == HARD) for asked, answer in examples(16, seed=step)])


def _taught(draw: Callable[[int], list[tuple[list[int], list[int], bool]]], steps: int = 60) -> AnswerModel:
    """`draw` gives the requests, answers and whether they are hard of each step."""
    torch.manual_seed(0)
    model = AnswerModel._from_config(HrmTextConfig(**SIZES.to_config()), attn_implementation="eager")
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(steps):
        of = draw(step)
        right = [token for _, answer, _ in of for token in answer]
        first = [WRONG_TOKEN if hard else token for _, answer, hard in of for token in answer]
        rows = collate([row_of([(asked, answer) for asked, answer, _ in of])])
        losses = [
            torch.nn.functional.cross_entropy(logits_NV, torch.tensor(labels))
            for logits_NV, labels in zip(model.exit_logits(rows, 2), (first, right), strict=True)
        ]
        optimizer.zero_grad()
        sum(losses).backward()
        optimizer.step()
    return model.eval()


EASY_REQUEST, HARD_REQUEST = "list {}", "count {}"


def taught_checkpoint(directory: Path, shards_directory: Path) -> Path:
    """A checkpoint taught on new packed shards: half of their requests are hard."""
    lines = [
        {"request": pattern.format(number), "code": code, "language": "bash"}
        for number in range(300)
        for pattern, code in ((EASY_REQUEST, "ls"), (HARD_REQUEST, "wc"))
    ]
    shards_directory.mkdir(parents=True)
    file = write_lines(shards_directory.parent / "lines.jsonl", *lines)
    tokenizer = write_tiny_tokenizer(shards_directory.parent, SIZES.vocab_size)
    recipe = {
        "name": "kinds", "longest": 128, "shards": 1, "tokens": 30_000, "tokenizer": str(tokenizer),
        "sources": {"own": {"weight": 1, "paths": [str(file)]}},
    }  # fmt: skip
    build(parse_recipe(recipe, "kinds.toml", shards_directory, None), shards_directory)
    shards = open_shards(shards_directory)
    whole = [example for shard, row in shards.training_order(seed=0) for example in shards.examples(shard, row)]
    hard = {example.answer.tobytes() for example in whole if "wc" in shards.tokenizer().decode(example.answer.tolist())}

    def draw(step: int) -> list[tuple[list[int], list[int], bool]]:
        of = random.Random(step).sample(whole, 8)
        return [(one.request.tolist(), one.answer.tolist(), one.answer.tobytes() in hard) for one in of]

    model = _taught(draw)
    model.config.eos_token_id = END
    model.save_pretrained(directory)
    (directory / "tokenizer.json").write_text(shards.tokenizer().to_json(), encoding="utf-8")
    return directory
