"""What tests of decoding share: batches of every runtime, and what it means that two answers are the same."""

import numpy as np
import pytest
from random_models import reference_logits

from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.runtimes.sampling import Sampler

ROUNDING = 1e-4
"""How far float32 logits of the same place may be apart, of their largest (as tests/runtimes/test_batch.py)."""


def batch_of(runtime, *, capacity, context_length):
    """A batch of the runtime; the test is skipped where it reads one sequence at a time."""
    try:
        return runtime.batch(capacity=capacity, context_length=context_length)
    except RuntimeUnavailableError as error:
        pytest.skip(str(error))


def same_answer(model, prompt, expected, found, *, forced=0, temperature=0.0, seed=None):
    """Both answers have the same tokens, up to a place where transformers' logits leave both within rounding.

    forced: tokens that both answers were made to begin with. The temperature and the seed are those of both samplers.
    """
    assert found.finish_reason == expected.finish_reason
    if found.token_ids == expected.token_ids:
        return
    place = next(i for i, pair in enumerate(zip(found.token_ids, expected.token_ids, strict=False)) if len({*pair}) > 1)
    logits_V = reference_logits(model, prompt, expected.token_ids[:place])[-1]
    pair = [expected.token_ids[place], found.token_ids[place]]
    if temperature == 0:
        assert abs(np.subtract(*logits_V[pair])) < ROUNDING * np.abs(logits_V).max(), "no tie: the answers differ"
        return
    # The draw falls between two tokens' shares of the distribution: logits moved by rounding must give either.
    noise = np.random.default_rng(0).uniform(-ROUNDING, ROUNDING, (400, len(logits_V))) * np.abs(logits_V).max()
    drawn = set()
    for moved in noise:
        sampler = Sampler(temperature=temperature, seed=seed)
        for _ in range(place - forced):
            sampler.choose(logits_V)
        drawn.add(sampler.choose(logits_V + moved).token_id)
    assert {*pair} <= drawn, "no tie: the answers differ"
