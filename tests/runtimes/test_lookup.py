"""Prompt lookup changes no answer, in no runtime, and guesses where there is something to copy."""

import numpy as np
import pytest
from context_model import ContextModel
from decoding_checks import batch_of, same_answer
from hypothesis import given, settings
from hypothesis import strategies as st
from random_models import random_ids

from hrm_edge.runtimes.decoding_loop import DecodingLoop
from hrm_edge.runtimes.generation import Sampling, complete
from hrm_edge.runtimes.lookup import LONGEST_DRAFT, PromptLookup, worthwhile_chance
from hrm_edge.runtimes.parallel import sample_many
from hrm_edge.runtimes.sampling import Sampler


@settings(max_examples=60)
@given(
    prompt=st.lists(st.integers(0, 11), min_size=1, max_size=40),
    forced=st.lists(st.integers(0, 11), max_size=5),
    stops=st.sets(st.integers(0, 11), max_size=2),
    seed=st.integers(0, 1000),
    temperature=st.sampled_from([0.0, 0.7, 1.5]),
    copying=st.sampled_from([0.0, 1.0, 8.0]),
    max_tokens=st.integers(1, 40),
    context_length=st.integers(40, 70),
)
def test_lookup_gives_the_tokens_it_gives_without(
    prompt, forced, stops, seed, temperature, copying, max_tokens, context_length
):
    model = ContextModel(copying=copying, seed=seed, context_length=context_length)
    options = {"stop_ids": stops, "max_tokens": max_tokens, "forced_ids": forced}
    alone = complete(model, prompt, sampler=Sampler(temperature=temperature, top_p=0.9, seed=seed), **options)
    sampling = Sampling(sampler=Sampler(temperature=temperature, top_p=0.9, seed=seed), **options)
    (found,) = sample_many(model.batch(capacity=1), prompt, [sampling], lookup=True)
    assert (found.token_ids, found.finish_reason) == (alone.token_ids, alone.finish_reason)
    assert found.mean_log_probability == pytest.approx(alone.mean_log_probability)


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_lookup_changes_no_answer_in_any_runtime(runtime_of, random_model, temperature):
    """Random models in float32, prompts that repeat themselves so that there is something to guess."""
    model = random_model("plain")
    runtime = runtime_of(model)
    with batch_of(runtime, capacity=1, context_length=200) as batch:
        for seed in range(2):
            prompt = random_ids(12, seed=seed) * 3
            # The answer is forced to begin as the prompt does, so that the first guess is made at once.
            options = {"stop_ids": (), "max_tokens": 40, "forced_ids": prompt[:4]}
            alone = complete(runtime, prompt, sampler=Sampler(temperature=temperature, seed=seed), **options)
            sampling = Sampling(sampler=Sampler(temperature=temperature, seed=seed), **options)
            (found,) = sample_many(batch, prompt, [sampling], lookup=True)
            same_answer(model, prompt, alone, found, forced=4, temperature=temperature, seed=seed)


def test_lookup_reads_a_copy_in_a_fraction_of_the_passes():
    """A model that copies whatever stood before: 120 tokens in fewer than 20 passes."""
    prompt = list(np.random.default_rng(0).permutation(60))
    model = ContextModel(vocab_size=60, copying=100.0)
    batch = model.batch(capacity=1)
    sampling = Sampling(sampler=Sampler(), stop_ids=(), max_tokens=120, forced_ids=prompt[:2])
    (found,) = sample_many(batch, prompt, [sampling], lookup=True)
    assert found.token_ids == tuple(prompt * 2)
    assert len(batch.passes) < 20


def test_lookup_reads_nothing_in_vain_where_nothing_is_copied():
    """Of 150 tokens without rhyme, fewer than 10 % are read and taken back."""
    model = ContextModel(vocab_size=40, copying=0.0)
    batch = model.batch(capacity=1, context_length=400)
    sampling = Sampling(sampler=Sampler(temperature=1.0, seed=3), stop_ids=(), max_tokens=150)
    (found,) = sample_many(batch, random_ids(100, 40), [sampling], lookup=True)
    read = sum(len(tokens) for tokens in (one for many in batch.passes for one in many.values()))
    assert read < 1.1 * len(found.token_ids)


def test_a_loop_counts_what_it_guessed_and_what_of_it_was_right():
    """Forced tokens are no guesses; passes, tokens read and tokens kept say the same."""
    model = ContextModel(copying=2.0, seed=3)
    batch = model.batch(capacity=1)
    sampler = Sampler(temperature=1.0, seed=1)
    sampling = Sampling(sampler=sampler, stop_ids=(), max_tokens=80, forced_ids=(1, 2, 3))
    with DecodingLoop(batch, lookup=True) as loop:
        loop.add([1, 2, 3, 4, 5, 1, 2], sampling)
        while not loop.done:
            loop.step()
    read = sum(len(tokens) for one in batch.passes for tokens in one.values())
    kept_of_each_pass = 80 - 1 - len(batch.passes)  # the first token is the prefill's, each pass gives one of its own
    assert loop.guessed == read - len(batch.passes) - 2
    assert loop.guessed_right == kept_of_each_pass - 2
    assert 0 < loop.guessed_right < loop.guessed


def test_lookup_copies_the_longest_match():
    """After 1 2 the token 3 stood first, after 9 1 2 the token 4."""
    lookup = PromptLookup([1, 2, 3, 9, 1, 2, 4, 5, 9])
    for token in (1, 2):
        lookup.append(token)
    assert lookup.draft(2, 0.1) == [4, 5]


def test_lookup_goes_round_where_the_end_overlaps_what_it_repeats():
    assert PromptLookup([1, 2, 1, 2, 1, 2]).draft(5, 0.01) == [1, 2, 1, 2, 1]


def test_lookup_guesses_nothing_after_a_token_that_is_new():
    assert PromptLookup([1, 2, 3]).draft(8, 0.0) == []
    assert PromptLookup([1]).draft(8, 0.0) == []


def test_lookup_guesses_longer_the_more_it_was_right_and_stops_when_it_was_wrong():
    text = list(range(100))
    right, wrong = PromptLookup(text), PromptLookup(text)
    for token in text[:4]:
        right.append(token)
        wrong.append(token)
    first = len(right.draft(LONGEST_DRAFT, 0.5))
    for token in text[4:60]:
        right.append(token)
    for token in text[4:60:2]:  # every other line is left out: the end of a match is never right
        wrong.append(token)
    assert first < len(right.draft(LONGEST_DRAFT, 0.5)) <= LONGEST_DRAFT
    assert wrong.draft(LONGEST_DRAFT, 0.5) == []


@pytest.mark.parametrize("answers", [1, 4, 16])
@pytest.mark.parametrize("cost", [0.0, 0.1, 0.35, 1.0])
def test_a_worthwhile_guess_is_one_that_lowers_the_time_per_token(cost, answers):
    """Time of a pass over tokens kept: with one more guessed token of that chance it stays what it was."""
    chance = worthwhile_chance(cost, answers)
    without = (1 + cost * (answers - 1)) / answers
    guessed = (1 + cost * (2 * answers - 1)) / (answers * (1 + chance))
    assert guessed == pytest.approx(without)
