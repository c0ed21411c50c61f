"""Answers that come and go in one batch: each has the tokens it has alone, and places are used as they should be."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from context_model import ContextModel
from decoding_checks import batch_of, same_answer
from hypothesis import given, settings
from hypothesis import strategies as st
from random_models import random_ids

from hrm_edge.errors import CheckpointError, PromptError
from hrm_edge.runtimes.decoding_loop import DecodingLoop
from hrm_edge.runtimes.generation import Recorder, Sampling, complete
from hrm_edge.runtimes.sampling import Sampler

PROMPTS = ((1, 2, 3), (4,), (5, 6, 5, 6, 5, 6, 7))


def sampling_of(seed=None, *, temperature=1.0, max_tokens=8, stop_ids=(0,), **options):
    sampler = Sampler(temperature=temperature if seed is not None else 0.0, seed=seed)
    return Sampling(sampler=sampler, stop_ids=stop_ids, max_tokens=max_tokens, **options)


def alone(model, prompt, sampling):
    done = complete(
        model,
        prompt,
        sampler=sampling.sampler,
        stop_ids=sampling.stop_ids,
        max_tokens=sampling.max_tokens,
        forced_ids=sampling.forced_ids,
    )
    return list(done.token_ids), done.finish_reason


def gathered(steps):
    """Tokens and finish reason of one answer's steps, of which the last alone has a reason."""
    assert [step.finish_reason for step in steps[:-1]] == [None] * (len(steps) - 1)
    return [step.token_id for step in steps], steps[-1].finish_reason


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(PROMPTS),
        st.integers(0, 99),
        st.integers(1, 20),
        st.lists(st.integers(0, 11), max_size=4),
        st.integers(0, 6),  # the step before which it comes
        st.none() | st.integers(0, 3),  # the step of its own after which it is cancelled
    ),
    max_size=9,
)


@settings(max_examples=80)
@given(answers=ANSWERS, capacity=st.integers(1, 4), lookup=st.booleans(), context_length=st.integers(7, 30))
def test_every_answer_is_the_one_it_is_alone_whoever_comes_and_goes(answers, capacity, lookup, context_length):
    model = ContextModel(context_length=context_length)
    batch = model.batch(capacity=capacity)
    tickets, steps, cancelled = {}, {}, set()
    with DecodingLoop(batch, lookup=lookup) as loop:
        pass_number = 0
        while not loop.done or len(tickets) < len(answers):
            for index, (prompt, seed, max_tokens, forced, comes, _) in enumerate(answers):
                if comes <= pass_number and index not in tickets.values():
                    tickets[loop.add(prompt, sampling_of(seed, max_tokens=max_tokens, forced_ids=forced))] = index
            for event in loop.step():
                index = tickets[event.ticket]
                assert index not in cancelled
                steps.setdefault(index, []).append(event.step)
            for ticket, index in tickets.items():
                wanted = answers[index][5]
                if wanted is not None and len(steps.get(index, [])) > wanted:
                    loop.cancel(ticket)
                    cancelled.add(index)
            pass_number += 1
            assert pass_number < 500
        assert (loop.running, loop.waiting, batch.sequences) == (0, 0, {})
    for index, (prompt, seed, max_tokens, forced, _, _) in enumerate(answers):
        expected = alone(model, prompt, sampling_of(seed, max_tokens=max_tokens, forced_ids=forced))
        if index in cancelled:
            found = [step.token_id for step in steps[index]]
            assert found == expected[0][: len(found)]
        else:
            assert gathered(steps[index]) == expected


@pytest.mark.parametrize("lookup", [False, True])
def test_answers_that_come_and_go_are_those_of_the_runtime_alone(runtime_of, random_model, lookup):
    """Three places, seven answers to three prompts, one of them cancelled: forks, rewinds and freed places together."""
    model, prompts = random_model("plain"), [random_ids(6, seed=1) * 2, random_ids(17, seed=2), random_ids(3, seed=3)]
    runtime = runtime_of(model)
    asked, steps = {}, {}
    with batch_of(runtime, capacity=3, context_length=64) as batch, DecodingLoop(batch, lookup=lookup) as loop:
        for pass_number in range(200):
            if pass_number % 3 == 0 and len(asked) < 7:
                seed = len(asked)
                prompt, options = (
                    prompts[seed % 3],
                    {"max_tokens": 6 + 2 * seed, "forced_ids": random_ids(seed, seed=9)},
                )
                asked[loop.add(prompt, sampling_of(seed, **options))] = seed, prompt, options
            for event in loop.step():
                steps.setdefault(asked[event.ticket][0], []).append(event.step)
            if pass_number == 5:
                loop.cancel(next(ticket for ticket, (seed, _, _) in asked.items() if seed == 1))
            if loop.done and len(asked) == 7:
                break
        assert loop.done
    for seed, prompt, options in asked.values():
        sampling = sampling_of(seed, **options)
        expected = complete(runtime, prompt, sampler=sampling.sampler, stop_ids=sampling.stop_ids, **options)
        if seed == 1 and steps[seed][-1].finish_reason is None:
            expected = replace(expected, token_ids=expected.token_ids[: len(steps[seed])])
            steps[seed][-1] = replace(steps[seed][-1], finish_reason=expected.finish_reason)
        recorder = Recorder()
        for step in steps[seed]:
            recorder.add(step)
        same_answer(model, prompt, expected, recorder.completion(), forced=seed, temperature=1.0, seed=seed)


def run(loop):
    """The events of each step until the loop is done."""
    events = []
    while not loop.done:
        events.append(loop.step())
    return events


@pytest.mark.parametrize("capacity", [1, 3])
def test_a_prompt_is_read_once_for_all_its_answers_even_those_that_wait(capacity):
    batch = ContextModel().batch(capacity=capacity)
    with DecodingLoop(batch) as loop:
        for seed in range(10):
            loop.add(PROMPTS[0], sampling_of(seed))
        run(loop)
    assert batch.prefills == [PROMPTS[0]]


def test_a_step_reads_one_new_prompt_while_the_others_go_on():
    batch = ContextModel(copying=0.0).batch(capacity=4)
    with DecodingLoop(batch) as loop:
        first = loop.add([1], sampling_of(1, max_tokens=30, stop_ids=()))
        loop.step()
        others = [loop.add([token], sampling_of(2, max_tokens=30, stop_ids=())) for token in (2, 3, 4)]
        for number, newcomer in enumerate(others):
            heard = {event.ticket for event in loop.step()}
            assert heard == {first, *others[: number + 1]}
            assert len(batch.prefills) == 2 + number
            assert newcomer in heard


def test_answers_are_taken_in_in_order():
    """The second waits for a place although the third's prompt is read already."""
    batch = ContextModel().batch(capacity=1)
    with DecodingLoop(batch) as loop:
        tickets = [loop.add(prompt, sampling_of(1, max_tokens=3)) for prompt in (PROMPTS[0], PROMPTS[1], PROMPTS[0])]
        heard = [event.ticket for events in run(loop) for event in events]
    assert list(dict.fromkeys(heard)) == tickets


def test_a_cancelled_answer_frees_its_place_for_the_next():
    batch = ContextModel().batch(capacity=1)
    with DecodingLoop(batch) as loop:
        first = loop.add(PROMPTS[0], sampling_of(1, max_tokens=100, stop_ids=()))
        second = loop.add(PROMPTS[1], sampling_of(1))
        third = loop.add(PROMPTS[1], sampling_of(2))
        loop.step()
        loop.cancel(first)
        loop.cancel(third)
        assert {event.ticket for events in run(loop) for event in events} == {second}
        loop.cancel(second)  # it has ended: nothing happens
        assert loop.step() == []


def test_cancelling_the_last_answer_empties_the_batch():
    batch = ContextModel().batch(capacity=1)
    with DecodingLoop(batch) as loop:
        loop.cancel(loop.add(PROMPTS[0], sampling_of(1, max_tokens=100)))
        assert loop.step() == []
        assert loop.done
        ticket = loop.add(PROMPTS[0], sampling_of(1, max_tokens=100, stop_ids=()))
        loop.step()
        loop.cancel(ticket)
        assert loop.step() == []
        assert loop.done
        assert batch.sequences == {}


def test_a_loop_that_is_left_early_empties_the_batch():
    batch = ContextModel().batch(capacity=2)
    with DecodingLoop(batch) as loop:
        for seed in range(5):
            loop.add(PROMPTS[0], sampling_of(seed, max_tokens=50, stop_ids=()))
        loop.step()
        assert len(batch.sequences) == 2
    assert batch.sequences == {}
    assert loop.done


@pytest.mark.parametrize(
    ("prompt", "forced", "message"),
    [((1, 99), (), "token 99 is outside"), (PROMPTS[1], (3, 12), "token 12, which is outside")],
    ids=["prompt", "forced start"],
)
def test_an_answer_with_tokens_of_another_vocabulary_ends_alone(prompt, forced, message):
    model = ContextModel()
    with DecodingLoop(model.batch(capacity=2)) as loop:
        good = loop.add(PROMPTS[0], sampling_of(1))
        bad = loop.add(prompt, sampling_of(1, forced_ids=forced))
        events = [event for events in run(loop) for event in events]
    (error,) = [event.error for event in events if event.ticket == bad]
    assert isinstance(error, PromptError)
    assert message in str(error)
    assert gathered([event.step for event in events if event.ticket == good]) == alone(
        model, PROMPTS[0], sampling_of(1)
    )


def test_an_answer_whose_logits_are_no_numbers_ends_alone():
    class Damaged(ContextModel):
        def logits(self, context):
            found = super().logits(context)
            return np.full_like(found, np.nan) if context[0] == 4 and len(context) > 2 else found

    model = Damaged()
    with DecodingLoop(model.batch(capacity=2)) as loop:
        bad = loop.add([4], sampling_of(1, stop_ids=()))
        good = loop.add(PROMPTS[0], sampling_of(1))
        events = [event for events in run(loop) for event in events]
    assert isinstance([event for event in events if event.ticket == bad][-1].error, CheckpointError)
    assert gathered([event.step for event in events if event.ticket == good]) == alone(
        model, PROMPTS[0], sampling_of(1)
    )


@pytest.mark.parametrize("prompt", [[], [1] * 21], ids=["empty", "too long"])
def test_a_prompt_that_fits_no_sequence_is_refused_at_once(prompt):
    with (
        DecodingLoop(ContextModel(context_length=20).batch(capacity=1)) as loop,
        pytest.raises(PromptError, match=f"{len(prompt)} tokens and must have between 1 and 20"),
    ):
        loop.add(prompt, sampling_of())


def test_answers_may_be_added_from_other_threads_during_steps():
    model = ContextModel()
    found, expected = {}, {}
    with DecodingLoop(model.batch(capacity=3)) as loop:
        owners = {}

        def ask(thread):
            for number in range(20):
                seed = 100 * thread + number
                owners[loop.add(PROMPTS[seed % 3], sampling_of(seed))] = seed

        threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) or not loop.done:
            for event in loop.step():
                found.setdefault(event.ticket, []).append(event.step)
        for thread in threads:
            thread.join()
    assert len(owners) == 80
    for ticket, seed in owners.items():
        expected[ticket] = alone(model, PROMPTS[seed % 3], sampling_of(seed))
    assert {ticket: gathered(steps) for ticket, steps in found.items()} == expected


def test_a_pass_never_holds_more_logits_than_it_may():
    """A long forced start is read in pieces: 64 tokens beside the one of each answer."""
    batch = ContextModel(context_length=400).batch(capacity=4)
    with DecodingLoop(batch) as loop:
        for seed in range(4):
            loop.add(PROMPTS[0], sampling_of(seed, forced_ids=random_ids(200, 12, seed=seed), max_tokens=220))
        run(loop)
    assert max(sum(map(len, tokens.values())) for tokens in batch.passes) <= 64 + 4
    assert len(batch.passes) < 60
