"""A tiny model whose requests of one kind are answered rightly after one cycle, and of the other only after two.

It is taught so: exit 1 learns the right answer to easy requests and a wrong one to hard ones, exit 2 the right answer
to all. The second token of a request says its kind, the rest is noise.
"""

import dataclasses
import functools
import random

import torch
from train_data import TINY
from transformers import HrmTextConfig

from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.packed_rows import Batch, collate, row_of

PROMPT, ANSWER, END = 0, 1, 2
EASY, HARD = 17, 18
RIGHT, WRONG = [40, 41, END], [40, 50, END]

SIZES = dataclasses.replace(TINY, vocab_size=256)

Example = tuple[list[int], list[int]]


def request(kind: int, noise: random.Random) -> list[int]:
    """Token ids of a request of that kind."""
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
    torch.manual_seed(0)
    model = AnswerModel._from_config(HrmTextConfig(**SIZES.to_config()), attn_implementation="eager")
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(60):
        of = examples(16, seed=step)
        first = [(asked, RIGHT if asked[1] == EASY else WRONG) for asked, _ in of]
        loss = torch.zeros(())
        for depth, answers in enumerate((first, of)):
            tokens = torch.tensor([token for _, answer in answers for token in answer])
            # Each exit reads the answer that it is taught, as teacher forcing gives it the right one: they differ in
            # one token, which nothing but `<|end|>` follows.
            rows = collate([row_of(of)])
            loss = loss + torch.nn.functional.cross_entropy(model.exit_logits(rows, 2)[depth], tokens)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()
