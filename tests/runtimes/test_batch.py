"""Sequences side by side: in every runtime each of them gets the logits that transformers gives it alone."""

import numpy as np
import pytest
from numpy.typing import NDArray
from random_models import random_ids, reference_logits, relative_error

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.batch import Batch

TOLERANCE = 1e-4
"""Relative error of float32 logits against transformers."""
CAPACITY, CONTEXT = 4, 64


def batch_of(runtime: HrmRuntime, capacity: int = CAPACITY, context_length: int = CONTEXT) -> Batch:
    return runtime.batch(capacity=capacity, context_length=context_length)


def decoded(batch: Batch, answers: dict[int, list[int]]) -> dict[int, NDArray[np.float32]]:
    """Logits [T, V] of every answer, token by token, those that still have one together."""
    found: dict[int, list[NDArray[np.float32]]] = {sequence: [] for sequence in answers}
    for index in range(max(map(len, answers.values()))):
        step = {sequence: [answer[index]] for sequence, answer in answers.items() if index < len(answer)}
        for sequence, logits_TV in batch.decode(step).items():
            assert logits_TV.shape[0] == 1
            found[sequence].append(logits_TV[0])
    return {sequence: np.stack(logits) for sequence, logits in found.items()}


def test_sequences_of_different_prompts_and_lengths_equal_transformers(random_model, runtime_of, shape):
    model = random_model(shape)
    prompts = [random_ids(length, seed=length) for length in (3, 17, 8)]
    answers = [random_ids(length, seed=40 + length) for length in (9, 2, 5)]
    with batch_of(runtime_of(model)) as batch:
        started = [batch.prefill(prompt) for prompt in prompts]
        names = [sequence for sequence, _ in started]
        assert len(set(names)) == 3
        found = decoded(batch, dict(zip(names, answers, strict=True)))
        for (sequence, first_V), prompt, answer in zip(started, prompts, answers, strict=True):
            wanted = reference_logits(model, prompt_ids=prompt, answer_ids=answer)
            assert relative_error(np.stack([first_V, *found[sequence]]), wanted) < TOLERANCE
            assert batch.length(sequence) == len(prompt) + len(answer)


def test_forks_go_their_own_ways(random_model, runtime_of):
    model, prompt, shared = random_model("plain"), random_ids(11, seed=1), random_ids(3, seed=2)
    with batch_of(runtime_of(model)) as batch:
        first, _ = batch.prefill(prompt)
        batch.decode({first: shared})
        names = [first, *batch.fork(first, 3)]
        answers = {name: random_ids(6, seed=name_index) for name_index, name in enumerate(names)}
        found = decoded(batch, answers)
        for name, answer in answers.items():
            wanted = reference_logits(model, prompt_ids=prompt, answer_ids=[*shared, *answer])
            assert relative_error(found[name], wanted[1 + len(shared) :]) < TOLERANCE


@pytest.mark.parametrize("shape", ["plain", "causal", "three_h_cycles"])
def test_several_tokens_at_once_equal_one_after_another(random_model, runtime_of, shape):
    model = random_model(shape)
    prompts, answers = [random_ids(7, seed=1), random_ids(19, seed=2)], [random_ids(8, seed=3), random_ids(5, seed=4)]
    with batch_of(runtime_of(model)) as batch:
        names = [batch.prefill(prompt)[0] for prompt in prompts]
        found = batch.decode(dict(zip(names, answers, strict=True)))
        for name, prompt, answer in zip(names, prompts, answers, strict=True):
            wanted = reference_logits(model, prompt_ids=prompt, answer_ids=answer)
            assert relative_error(found[name], wanted[1:]) < TOLERANCE


def test_what_was_taken_back_leaves_no_trace(random_model, runtime_of):
    model, prompt, answer = random_model("plain"), random_ids(9, seed=5), random_ids(6, seed=6)
    with batch_of(runtime_of(model)) as batch:
        other, _ = batch.prefill(random_ids(20, seed=7))
        name, _ = batch.prefill(prompt)
        batch.decode({name: [*answer[:3], *random_ids(5, seed=8)], other: random_ids(2, seed=9)})
        batch.rewind(name, len(prompt) + 3)
        found = batch.decode({name: answer[3:]})[name]
        wanted = reference_logits(model, prompt_ids=prompt, answer_ids=answer)
        assert relative_error(found, wanted[4:]) < TOLERANCE


def test_a_freed_place_is_taken_by_the_next_while_the_others_go_on(random_model, runtime_of):
    model = random_model("plain")
    prompt, answer = random_ids(6, seed=1), random_ids(12, seed=2)
    with batch_of(runtime_of(model), capacity=2) as batch:
        stays, first_V = batch.prefill(prompt)
        logits = [first_V]
        for start in range(0, 12, 3):
            guest_prompt, guest_answer = random_ids(5 + start, seed=30 + start), random_ids(3, seed=60 + start)
            guest, _ = batch.prefill(guest_prompt)
            found = decoded(batch, {guest: guest_answer, stays: answer[start : start + 3]})
            wanted = reference_logits(model, prompt_ids=guest_prompt, answer_ids=guest_answer)
            assert relative_error(found[guest], wanted[1:]) < TOLERANCE
            logits.extend(found[stays])
            batch.free(guest)
        assert (
            relative_error(np.stack(logits), reference_logits(model, prompt_ids=prompt, answer_ids=answer)) < TOLERANCE
        )


def test_the_first_place_can_be_freed_while_the_last_goes_on(random_model, runtime_of):
    model, prompts = random_model("plain"), [random_ids(4 + index, seed=index) for index in range(3)]
    answer = random_ids(7, seed=10)
    with batch_of(runtime_of(model), capacity=3) as batch:
        names = [batch.prefill(prompt)[0] for prompt in prompts]
        decoded(batch, dict.fromkeys(names, answer[:2]))
        batch.free(names[0])
        found = decoded(batch, {names[2]: answer[2:4], names[1]: answer[2:]})
        wanted = reference_logits(model, prompt_ids=prompts[1], answer_ids=answer)
        assert relative_error(found[names[1]], wanted[3:]) < TOLERANCE
        wanted = reference_logits(model, prompt_ids=prompts[2], answer_ids=answer[:4])
        assert relative_error(found[names[2]], wanted[3:]) < TOLERANCE


def test_a_batch_and_the_runtime_it_came_from_do_not_disturb_each_other(random_model, runtime_of):
    model, prompt, answer = random_model("plain"), random_ids(8, seed=1), random_ids(4, seed=2)
    runtime = runtime_of(model)
    with batch_of(runtime) as batch:
        logits = [runtime.prefill(prompt)]
        name, _ = batch.prefill(random_ids(30, seed=3))
        for token in answer:
            batch.decode({name: [token]})
            logits.append(runtime.decode(token))
        assert (
            relative_error(np.stack(logits), reference_logits(model, prompt_ids=prompt, answer_ids=answer)) < TOLERANCE
        )
    assert relative_error(runtime.prefill(prompt)[None], logits[0][None]) < TOLERANCE


def test_what_does_not_fit_is_refused_and_nothing_is_read(random_model, runtime_of):
    with batch_of(runtime_of(random_model("plain")), capacity=2, context_length=12) as batch:
        name, _ = batch.prefill(random_ids(10, seed=1))
        with pytest.raises(PromptError, match="context"):
            batch.prefill(random_ids(13, seed=2))
        other, _ = batch.prefill(random_ids(4, seed=3))
        with pytest.raises(PromptError, match="2 sequences"):
            batch.prefill(random_ids(4, seed=4))
        with pytest.raises(PromptError, match="2 sequences"):
            batch.fork(other, 1)
        with pytest.raises(PromptError, match="context"):
            batch.decode({other: [1], name: [1, 2, 3]})
        with pytest.raises(PromptError, match="outside the vocabulary"):
            batch.decode({other: [1], name: [99999]})
        assert (batch.length(name), batch.length(other)) == (10, 4)
    batch.close()
