from collections.abc import Sequence

import numpy as np
import pytest

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import PromptError
from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.generation import complete, generate
from hrm_edge.runtimes.sampling import Sampler, log_softmax

STOP = 9


class Countdown(HrmRuntime):
    """A model of 10 tokens whose most probable next token is one more than the last it read."""

    name, device, bits, architecture = "countdown", "cpu", 32, PRESETS["nano"]

    def __init__(self, context_length: int = 100) -> None:
        self.context_length = context_length
        self.position = 0
        self.read: list[int] = []

    def prefill(self, prompt_ids: Sequence[int]):
        self.check_prompt(prompt_ids)
        self.read, self.position = list(prompt_ids), len(prompt_ids)
        return self._logits()

    def decode(self, token_id: int):
        self.check_room()
        self.read.append(token_id)
        self.position += 1
        return self._logits()

    def batch(self, *, capacity: int, context_length: int | None = None):
        raise NotImplementedError("it reads one sequence")

    def close(self) -> None: ...

    def _logits(self):
        return np.where(np.arange(10) == (self.read[-1] + 1) % 10, 3.0, 0.0).astype(np.float32)


def steps_of(runtime, prompt=(4,), **options):
    settings = {"sampler": Sampler(), "stop_ids": {STOP}, "max_tokens": 50} | options
    return list(generate(runtime, prompt, **settings))


def summary(steps):
    return [step.token_id for step in steps], steps[-1].finish_reason


@pytest.mark.parametrize(
    ("options", "context", "expected"),
    [
        ({}, 100, ([5, 6, 7, 8, 9], "stop")),
        ({"max_tokens": 2}, 100, ([5, 6], "length")),
        ({"max_tokens": 5}, 100, ([5, 6, 7, 8, 9], "stop")),
        ({}, 3, ([5, 6, 7], "context")),
        ({}, 1, ([5], "context")),
        ({"forced_ids": [0, 1]}, 100, ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "stop")),
        ({"forced_ids": [9, 1], "max_tokens": 3}, 100, ([9, 1, 2], "length")),
        ({"forced_ids": [1, 1, 1], "max_tokens": 2}, 100, ([1, 1], "length")),
        ({"forced_ids": [1, 1, 1]}, 2, ([1, 1], "context")),
        ({"stop_ids": ()}, 12, ([5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6], "context")),
    ],
    ids=lambda value: str(value),
)
def test_generate_ends_for_the_reason_it_gives(options, context, expected):
    assert summary(steps_of(Countdown(context), **options)) == expected


def test_generate_gives_a_reason_on_the_last_step_only():
    steps = steps_of(Countdown())
    assert [step.finish_reason for step in steps[:-1]] == [None] * 4


def test_generate_reads_every_token_but_the_last():
    """The context holds prompt and answer; the last token is chosen and not read."""
    runtime = Countdown()
    steps_of(runtime, prompt=[1, 4])
    assert runtime.read == [1, 4, 5, 6, 7, 8]


def test_generate_reads_no_token_that_is_not_asked_for():
    runtime = Countdown()
    answer = generate(runtime, [4], sampler=Sampler(), stop_ids=(), max_tokens=50)
    next(answer), next(answer)
    assert runtime.read == [4, 5]


def test_generate_gives_log_probabilities_of_forced_and_chosen_tokens():
    forced, chosen = steps_of(Countdown(), forced_ids=[2], max_tokens=2)
    logits = np.zeros(10, np.float32)
    logits[5] = 3.0
    assert (forced.forced, chosen.forced) == (True, False)
    assert forced.log_probability == pytest.approx(float(log_softmax(logits)[2]))
    assert chosen.log_probability == pytest.approx(float(log_softmax(logits)[5]))


def test_generate_names_the_most_probable_tokens_where_asked():
    (step,) = steps_of(Countdown(), forced_ids=[7], max_tokens=1, alternatives=3)
    ids, log_probabilities = zip(*step.alternatives, strict=True)
    assert ids == (5, 0, 1)
    logits = np.where(np.arange(10) == 5, 3.0, 0.0)
    assert log_probabilities == pytest.approx(log_softmax(logits)[[5, 0, 1]])
    assert steps_of(Countdown(), max_tokens=1)[0].alternatives == ()


@pytest.mark.parametrize("token", [-1, 10])
def test_generate_refuses_a_forced_token_of_another_vocabulary(token):
    with pytest.raises(PromptError, match=f"begin with token {token}, which is outside the vocabulary of 10"):
        steps_of(Countdown(), forced_ids=[1, token])


def test_generate_refuses_an_answer_of_no_tokens():
    with pytest.raises(ValueError, match="max_tokens is 0"):
        steps_of(Countdown(), max_tokens=0)


def test_complete_averages_over_the_chosen_tokens_only():
    seen = []
    completion = complete(
        Countdown(), [4], sampler=Sampler(), stop_ids={STOP}, max_tokens=50, forced_ids=[2], on_step=seen.append
    )
    assert completion.token_ids == (2, 3, 4, 5, 6, 7, 8, 9)
    assert [step.token_id for step in seen] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert completion.finish_reason == "stop"
    assert completion.mean_log_probability == pytest.approx(np.mean([s.log_probability for s in seen[1:]]))
    assert completion.log_probability == pytest.approx(np.sum([s.log_probability for s in seen[1:]]))
    assert completion.ttft_s >= 0


def test_complete_has_no_decode_speed_for_a_single_token():
    completion = complete(Countdown(), [8], sampler=Sampler(), stop_ids={STOP}, max_tokens=50)
    assert (completion.token_ids, completion.decode_tokens_per_s) == ((9,), None)
