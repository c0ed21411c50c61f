"""Over HTTP the best failing candidate is repaired with its error, as `hrm-edge run` does it: real servers, real
sandboxes, and a model whose answers and repairs are known."""

import random
from dataclasses import replace
from string import ascii_letters

import pytest
from answer_model import REPAIR, AnswerModel
from running_server import MODEL, RunningServer, wait_until
from sandboxes import needs_bubblewrap

from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.prompt import fenced
from hrm_edge.server.settings import Limits

pytest.importorskip("openai")
REQUEST = "write a function that returns the second largest number in a list, f([3,1,2]) == 2, f([5,9,9]) == 9"
RIGHT = "def f(numbers):\n    return sorted(numbers)[-2]"
WRONG = "def f(numbers):\n    return sorted(numbers)[-1]"
WORSE = "def f(numbers):\n    return None"
FAILURE = "`f([3, 1, 2])` returned 3, expected 2."
LIMITS = Limits(places=4, grace_s=0.1)


def answering(*answers):
    return {fenced(answer, "python"): 1 / len(answers) for answer in answers}


def serving(answers, repairs, *, limits=LIMITS):
    model = AnswerModel(answering(*answers), repairs=answering(*repairs))
    return RunningServer(model.load, limits=limits)


def asked(server, *, stream=False, **own):
    messages = [{"role": "user", "content": REQUEST}]
    own = {"candidates": 2, **own}
    return server.client().chat.completions.create(
        model=MODEL, messages=messages, seed=1, stream=stream, extra_body=own
    )


def repairs_asked(server):
    return [prompt for prompt in server.engine.model.runtime.prompts if prompt.startswith(REPAIR)]


def all_is_free(server):
    return not server.engine._writing and server.engine.running == server.engine.waiting == 0


@needs_bubblewrap
def test_the_best_failing_candidate_is_repaired_with_its_error():
    with serving([WORSE, WRONG], [RIGHT]) as server:
        answer = asked(server.ready(), candidates=8)
        choice = answer.choices[0]
        (repair,) = repairs_asked(server)
        wait_until(lambda: all_is_free(server))
        tokenizer = server.engine.model.tokenizer
    assert (choice.verified, choice.reason) == (True, "2 of 2 examples")
    assert choice.message.content == fenced(RIGHT, "python")
    best = next(trial["number"] for trial in choice.trials if trial["answer"] == WRONG)
    assert [(trial["origin"], trial["parent"]) for trial in choice.trials] == [("sample", None)] * 8 + [
        ("repair", best)
    ]
    assert repair == f"{REPAIR}\n{fenced(WRONG, 'python')}\n{REQUEST}\n{FAILURE}"
    # The prompt of each round once, its two markers included.
    assert answer.usage.prompt_tokens == sum(len(tokenizer.encode(text)) + 2 for text in (REQUEST, repair))


@needs_bubblewrap
def test_a_stream_tells_that_it_repairs():
    with serving([WRONG], [RIGHT]) as server:
        choices = [chunk.choices[0] for chunk in asked(server.ready(), stream=True)]
    assert [choice.progress for choice in choices if hasattr(choice, "progress")] == [
        "tried 1 of 2", "tried 2 of 2", "repair 1 of 2: tried 1 of 2",
    ]  # fmt: skip
    assert [choice.delta.content for choice in choices if choice.delta.content] == [fenced(RIGHT, "python")]
    assert choices[-1].verified is True


@needs_bubblewrap
def test_each_answer_is_repaired_once_and_in_two_rounds_at_most():
    """The repair of the wrong one is worse, and so mended in its turn; what mends that is nothing new."""
    with serving([WRONG], [WORSE]) as server:
        choice = asked(server.ready()).choices[0]
        prompts = repairs_asked(server)
    assert choice.message.content == fenced(WRONG, "python")
    assert (choice.verified, choice.reason) == (False, f"1 of 2 examples; {FAILURE}")
    assert [trial["parent"] for trial in choice.trials] == [None, None, 0, 0, 2, 2]
    assert [WRONG in prompt for prompt in prompts] == [True, False]


@needs_bubblewrap
def test_a_client_that_leaves_in_a_round_of_repairs_frees_its_place_and_its_wait_for_one():
    with serving([WRONG], [RIGHT], limits=replace(LIMITS, places=1)) as server:
        runtime = server.ready().engine.model.runtime
        runtime.on_prompt = lambda prompt: runtime.gate.clear() if prompt.startswith(REPAIR) else None
        stream = asked(server, stream=True)
        next(iter(stream))
        wait_until(lambda: repairs_asked(server) and server.engine.running + server.engine.waiting == 2)
        stream.close()
        wait_until(lambda: not server.engine._writing)
        runtime.gate.set()
        wait_until(lambda: all_is_free(server) and server.assistance._unfinished == 0)
        batch = runtime.batches[-1]
        assert batch.sequences == {}


class NoTimeForRepairs(Limits):
    """As if half of the request's time were over soon."""

    repair_s = 0.5


@needs_bubblewrap
@pytest.mark.parametrize(
    ("event", "stream"), [("the engine fails", True), ("the queue is full", False), ("time is over", False)]
)
def test_what_ends_a_round_of_repairs_leaves_the_best_answer_before_it(event, stream):
    limits = NoTimeForRepairs(places=4, grace_s=0.1) if event == "time is over" else LIMITS
    with serving([WRONG], [RIGHT], limits=limits) as server:
        engine, runtime = server.engine, server.ready().engine.model.runtime

        def end(prompt):
            if event == "the queue is full":
                engine._limits = replace(limits, queue=0)
            elif prompt.startswith(REPAIR) and event == "the engine fails":
                runtime.broken = RuntimeUnavailableError("the device is gone")
            elif prompt.startswith(REPAIR):
                runtime.gate.clear()

        runtime.on_prompt = end
        answer = asked(server, stream=stream)
        choices = [chunk.choices[0] for chunk in answer] if stream else answer.choices
        text = "".join((choice.delta if stream else choice.message).content or "" for choice in choices)
        runtime.gate.set()
        assert not engine._writing
    assert text == fenced(WRONG, "python")
    assert (choices[-1].verified, choices[-1].reason) == (False, f"1 of 2 examples; {FAILURE}")
    assert [trial["origin"] for trial in choices[-1].trials] == ["sample", "sample"]


class NoTimeForTheOthers(Limits):
    """As if two thirds of the request's time were over soon."""

    drawing_s = repair_s = 0.5


class LongAnswersTakeLong(AnswerModel):
    """Once something longer than the short answer is written, nothing goes on."""

    def logits(self, context):
        if self._marker in context and len(context) - context.index(self._marker) > 100:
            self.gate.clear()
        return super().logits(context)


@needs_bubblewrap
def test_when_time_is_over_the_candidates_that_have_ended_are_enough():
    long = WRONG + "\n# " + "".join(random.Random(1).choices(ascii_letters, k=200))
    model = LongAnswersTakeLong({fenced(WRONG, "python"): 0.6, fenced(long, "python"): 0.4})
    with RunningServer(model.load, limits=NoTimeForTheOthers(places=8, grace_s=0.1)) as server:
        choice = asked(server.ready(), candidates=8).choices[0]
        assert not server.engine._writing
        model.gate.set()
    assert (choice.message.content, choice.verified) == (fenced(WRONG, "python"), False)
    assert 0 < len(choice.trials) < 8


@needs_bubblewrap
def test_a_spent_budget_leaves_one_candidate_that_was_not_run():
    with serving([WRONG], [RIGHT]) as server:
        choice = asked(server.ready(), candidates=4, budget=1e-6).choices[0]
        assert not repairs_asked(server)
        wait_until(lambda: all_is_free(server))
    assert (choice.message.content, choice.verified) == (fenced(WRONG, "python"), None)
    assert choice.reason == "the budget of 1e-06 s ended before it was run"
    assert len(choice.trials) == 1


def test_a_budget_that_is_none_is_refused():
    with serving([WRONG], [RIGHT]) as server:
        messages = [{"role": "user", "content": REQUEST}]
        for budget in (0, -1, "1s"):
            status, _, answer = server.ready().ask(
                "POST", "/v1/chat/completions", {"model": MODEL, "messages": messages, "budget": budget}
            )
            assert status == 400 and b'"budget"' in answer
