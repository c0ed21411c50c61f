"""Many samples in one batch are the ones drawn one after another, in every runtime, and scores are transformers'."""

import numpy as np
import pytest
from context_model import ContextModel
from decoding_checks import ROUNDING, batch_of, same_answer
from random_models import random_ids, reference_logits

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.generation import Sampling, complete
from hrm_edge.runtimes.parallel import sample_many, score
from hrm_edge.runtimes.sampling import Sampler, log_softmax

TEMPERATURE = 0.8


@pytest.mark.parametrize("shape", ["plain", "causal", "three_h_cycles"])
def test_samples_are_those_of_one_run_after_another_in_every_runtime(runtime_of, random_model, shape):
    """More samples than places, each with its own seed, start, stop and length."""
    model, prompt = random_model(shape), random_ids(13, seed=5)
    runtime = runtime_of(model)
    options = [
        {
            "stop_ids": set(random_ids(20, seed=index)),
            "max_tokens": 5 + 3 * index,
            "forced_ids": random_ids(index, seed=50),
        }
        for index in range(5)
    ]
    with batch_of(runtime, capacity=3, context_length=256) as batch:
        samplers = [Sampler(temperature=TEMPERATURE, seed=seed) for seed in range(5)]
        samplings = [Sampling(sampler=s, **option) for s, option in zip(samplers, options, strict=True)]
        found = sample_many(batch, prompt, samplings)
    for seed, option in enumerate(options):
        alone = complete(runtime, prompt, sampler=Sampler(temperature=TEMPERATURE, seed=seed), **option)
        same_answer(model, prompt, alone, found[seed], forced=seed, temperature=TEMPERATURE, seed=seed)
        if alone.token_ids == found[seed].token_ids:
            assert found[seed].mean_log_probability == pytest.approx(alone.mean_log_probability, abs=1e-3)


def test_samples_stream_as_they_come():
    """Each sample's steps in order, all samples' first tokens before any sample's last."""
    heard = []
    samplings = [Sampling(sampler=Sampler(temperature=1.0, seed=seed), stop_ids=(), max_tokens=6) for seed in range(4)]
    found = sample_many(
        ContextModel().batch(capacity=4), [1, 2], samplings, on_step=lambda index, step: heard.append((index, step))
    )
    assert {index for index, _ in heard[:4]} == {0, 1, 2, 3}
    for index, completion in enumerate(found):
        assert tuple(step.token_id for place, step in heard if place == index) == completion.token_ids
        assert completion.ttft_s > 0
        assert completion.decode_tokens_per_s > 0


def test_no_samples_are_no_work():
    batch = ContextModel().batch(capacity=4)
    assert sample_many(batch, [1, 2], []) == []
    assert batch.prefills == []


def test_samples_of_a_prompt_that_is_refused_raise_and_leave_the_batch_empty():
    batch = ContextModel().batch(capacity=4)
    with pytest.raises(PromptError, match="outside the vocabulary"):
        sample_many(batch, [1, 77], [Sampling(sampler=Sampler(), stop_ids=(), max_tokens=3)])
    assert batch.sequences == {}


def test_scores_are_the_log_probabilities_of_transformers_in_every_runtime(runtime_of, random_model):
    model, prompt, answer = random_model("plain"), random_ids(9, seed=1), random_ids(70, seed=2)
    with batch_of(runtime_of(model), capacity=1, context_length=128) as batch:
        steps = score(batch, prompt, answer, alternatives=3)
    logits_TV = reference_logits(model, prompt_ids=prompt, answer_ids=answer[:-1])
    assert [step.token_id for step in steps] == answer
    tolerance = 10 * ROUNDING * float(np.abs(logits_TV).max())
    for step, logits_V, token in zip(steps, logits_TV, answer, strict=True):
        expected = log_softmax(logits_V)
        assert step.log_probability == pytest.approx(expected[token], abs=tolerance)
        assert [found for _, found in step.alternatives] == pytest.approx(sorted(expected)[:-4:-1], abs=tolerance)


def test_a_score_needs_room_for_all_but_the_last_token():
    batch = ContextModel(context_length=10).batch(capacity=1)
    assert len(score(batch, [1] * 5, [2] * 6)) == 6
    with pytest.raises(PromptError, match="5 and 7 tokens and the context holds 10"):
        score(batch, [1] * 5, [2] * 7)
    assert score(batch, [1] * 5, []) == []
