"""Batches of about the same number of tokens, of examples of about the same length, in a reproducible order.

Requests here are 5 to 300 tokens long; padded blindly, most of a batch would be padding. Batches are planned a chunk
at a time: examples for a whole chunk are drawn, sorted by length, cut into batches and shuffled. Batch n of a seed is
always the same batch, so a resumed training sees what it would have seen.
"""

import random
from functools import lru_cache

import torch
from torch.utils.data import Dataset

from hrm_edge.prompt import render_answer, render_prompt
from hrm_edge.tokenizer import PAD_TOKEN, Tokenizer
from hrm_edge.train.examples import Example
from hrm_edge.train.mixture import Mixture

IGNORED_LABEL = -100
EXAMPLES_PER_CHUNK = 8192
Batch = dict[str, torch.Tensor]
Tokens = tuple[list[int], list[int]]


class BatchPlan(Dataset[Batch]):
    """`steps` batches of at most `batch_tokens` tokens, padding included; examples beyond `longest` are left out.

    A batch is input_ids, token_type_ids (1 on the bidirectional request), attention_mask and labels, each [B, T].
    """

    def __init__(
        self, mixture: Mixture, tokenizer: Tokenizer, *, steps: int, batch_tokens: int, longest: int, seed: int
    ) -> None:
        self._mixture = mixture
        self._tokenizer = tokenizer
        self._steps = steps
        self._batch_tokens = batch_tokens
        self._longest = longest
        self._seed = seed
        self._first_step_of_chunk = [0]
        self._chunk = lru_cache(maxsize=2)(self._plan_chunk)

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> Batch:
        chunk = 0
        while True:
            if len(self._first_step_of_chunk) == chunk + 1:
                self._first_step_of_chunk.append(self._first_step_of_chunk[chunk] + len(self._chunk(chunk)))
            if step < self._first_step_of_chunk[chunk + 1]:
                batch = self._chunk(chunk)[step - self._first_step_of_chunk[chunk]]
                return collate(batch, self._tokenizer.token_id(PAD_TOKEN))
            chunk += 1

    def _plan_chunk(self, chunk: int) -> list[list[Tokens]]:
        rng = random.Random(self._seed * 7_368_787 + chunk)
        drawn = range(chunk * EXAMPLES_PER_CHUNK, (chunk + 1) * EXAMPLES_PER_CHUNK)
        tokens = (tokenize(self._tokenizer, self._mixture.example(index)) for index in drawn)
        examples = [pair for pair in tokens if len(pair[0]) + len(pair[1]) <= self._longest]
        examples.sort(key=lambda pair: len(pair[0]) + len(pair[1]) + rng.random())
        batches = cut_into_batches(examples, self._batch_tokens)
        rng.shuffle(batches)
        return batches


def tokenize(tokenizer: Tokenizer, example: Example) -> Tokens:
    """(request ids, answer ids) of one example."""
    return render_prompt(tokenizer, example.request), render_answer(tokenizer, example.response)


def cut_into_batches(examples: list[Tokens], batch_tokens: int) -> list[list[Tokens]]:
    """Neighbours together, as many as fit `batch_tokens` once padded to the longest of them."""
    batches: list[list[Tokens]] = []
    longest = 0
    for example in examples:
        length = len(example[0]) + len(example[1])
        longest = max(longest, length)
        if not batches or longest * (len(batches[-1]) + 1) > batch_tokens:
            batches.append([])
            longest = length
        batches[-1].append(example)
    return batches


def collate(examples: list[Tokens], pad_id: int) -> Batch:
    """[B, T] tensors, padded on the right. Labels are the answer's tokens; everything else is ignored."""
    width = max(len(request) + len(answer) for request, answer in examples)
    batch = {
        "input_ids": torch.full((len(examples), width), pad_id),
        "token_type_ids": torch.zeros((len(examples), width), dtype=torch.long),
        "attention_mask": torch.zeros((len(examples), width), dtype=torch.long),
        "labels": torch.full((len(examples), width), IGNORED_LABEL),
    }
    for row, (request, answer) in enumerate(examples):
        end = len(request) + len(answer)
        batch["input_ids"][row, :end] = torch.tensor(request + answer)
        batch["token_type_ids"][row, : len(request)] = 1
        batch["attention_mask"][row, :end] = 1
        batch["labels"][row, len(request) : end] = torch.tensor(answer)
    return batch
