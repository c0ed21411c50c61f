"""Answers that are run: through OpenAI's client, real sandboxes, and a model whose answers are known."""

import json
import threading

import pytest
from answer_model import AnswerModel
from running_server import MODEL, RunningServer, wait_until
from sandboxes import needs_bubblewrap

from hrm_edge.local_index import LocalIndex
from hrm_edge.prompt import fenced
from hrm_edge.server.settings import Limits

openai = pytest.importorskip("openai")

REQUEST = "write a function that returns the second largest number in a list, f([3,1,2]) == 2, f([5,9,9]) == 9"
RIGHT = "def f(numbers):\n    return sorted(numbers)[-2]"
WRONG = "def f(numbers):\n    return sorted(numbers)[-1]"
OTHER_NAME = "def second(numbers):\n    return sorted(numbers)[-2]"
FOR_EVER = "def f(numbers):\n    while True: pass"
MOSTLY_WRONG = {fenced(WRONG, "python"): 0.6, fenced(RIGHT, "python"): 0.4}


@pytest.fixture(scope="module")
def server():
    """Of a model whose most probable answer is wrong."""
    with RunningServer(AnswerModel(MOSTLY_WRONG).load) as running:
        yield running.ready()


def serving(*answers, limits=None, **options):
    model = AnswerModel({fenced(answer, "python"): 1 / len(answers) for answer in answers})
    return RunningServer(model.load, limits=limits or Limits(places=4, grace_s=0.1), **options)


def asked(server, content=REQUEST, **extra):
    own = {name: extra.pop(name) for name in ("candidates", "neighbours", "language") if name in extra}
    messages = [{"role": "user", "content": content}]
    return server.client().chat.completions.create(model=MODEL, messages=messages, extra_body=own, **extra)


def told(choice):
    return choice.verified, choice.reason


@needs_bubblewrap
def test_an_answer_to_a_request_with_examples_is_run():
    with serving(RIGHT) as server:
        choice = asked(server.ready()).choices[0]
    assert told(choice) == (True, "2 of 2 examples")
    assert choice.message.content == fenced(RIGHT, "python")


@needs_bubblewrap
@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_fails_says_on_which_example(server, stream):
    answer = asked(server, stream=stream)
    choice = list(answer)[-1].choices[0] if stream else answer.choices[0]
    assert choice.finish_reason == "stop"
    assert told(choice) == (False, "1 of 2 examples; `f([3, 1, 2])` returned 3, expected 2.")


@needs_bubblewrap
def test_each_of_n_choices_has_its_own_verdict(server):
    choices = asked(server, n=6, seed=1).choices
    expected = {fenced(RIGHT, "python"): True, fenced(WRONG, "python"): False}
    assert [choice.verified for choice in choices] == [expected[choice.message.content] for choice in choices]
    assert {choice.verified for choice in choices} == {True, False}


@needs_bubblewrap
def test_the_first_candidate_that_passes_is_given(server):
    choice = asked(server, candidates=8, seed=1).choices[0]
    assert told(choice) == (True, "2 of 2 examples")
    assert choice.message.content == fenced(RIGHT, "python")
    assert [trial["answer"] for trial in choice.trials[:-1]] == [WRONG] * (len(choice.trials) - 1) != []
    assert choice.trials[-1]["answer"] == RIGHT
    wait_until(lambda: server.engine.running == server.engine.waiting == 0)


@needs_bubblewrap
def test_a_stream_of_candidates_tells_how_far_it_is_and_gives_the_answer_at_once(server):
    chunks = list(asked(server, candidates=8, seed=1, stream=True))
    choices = [chunk.choices[0] for chunk in chunks]
    progress = [choice.progress for choice in choices if hasattr(choice, "progress")]
    assert progress == [f"tried {number + 1} of 8" for number in range(len(progress))] != []
    texts = [choice.delta.content for choice in choices if choice.delta.content]
    assert texts == [fenced(RIGHT, "python")]
    assert told(choices[-1]) == (True, "2 of 2 examples")
    assert [choice.finish_reason for choice in choices] == [None] * (len(choices) - 1) + ["stop"]


@needs_bubblewrap
def test_the_clients_own_collector_of_streams_takes_what_we_add(server):
    messages = [{"role": "user", "content": REQUEST}]
    with server.client().chat.completions.stream(
        model=MODEL, messages=messages, seed=1, extra_body={"candidates": 8}
    ) as stream:
        for _ in stream:
            pass
        choice = stream.get_final_completion().choices[0]
    assert (choice.message.content, choice.finish_reason) == (fenced(RIGHT, "python"), "stop")


@needs_bubblewrap
def test_where_no_candidate_passes_the_best_is_given():
    with serving(WRONG, "def f(numbers):\n    return None") as server:
        choice = asked(server.ready(), candidates=4, seed=1).choices[0]
    assert choice.message.content == fenced(WRONG, "python")
    assert told(choice) == (False, "1 of 2 examples; `f([3, 1, 2])` returned 3, expected 2.")
    assert [trial["origin"] for trial in choice.trials][:5] == ["sample"] * 4 + ["repair"]


@needs_bubblewrap
def test_auto_draws_several_only_where_they_can_be_told_apart(server):
    with_examples = asked(server, candidates="auto", seed=1).choices[0]
    without = asked(server, "the second largest number with a function", candidates="auto").choices[0]
    assert with_examples.verified and hasattr(with_examples, "trials")
    assert told(without) == (None, "the request has no example") and not hasattr(without, "trials")


@needs_bubblewrap
def test_without_examples_the_most_agreed_candidate_is_given(server):
    choice = asked(server, "the second largest number with a function", candidates=4, seed=1).choices[0]
    assert choice.verified is None
    assert "of 4 candidates behave alike" in choice.reason


@needs_bubblewrap
def test_what_is_called_verified_is_what_was_run():
    with serving(OTHER_NAME) as server:
        alone = asked(server.ready()).choices[0]
        chosen = asked(server, candidates=2).choices[0]
    assert alone.message.content == fenced(OTHER_NAME, "python")
    assert told(alone) == (True, "2 of 2 examples, once its function was named as they call it")
    assert chosen.message.content == fenced(OTHER_NAME.replace("second", "f"), "python")


@needs_bubblewrap
def test_a_program_that_does_not_end_holds_up_nobody_else():
    with serving(FOR_EVER, limits=Limits(places=4, call_s=0.2)) as server:
        server.ready()
        slow = threading.Thread(target=lambda: results.append(asked(server).choices[0]))
        results = []
        slow.start()
        wait_until(lambda: server.assistance._unfinished == 1)
        other = asked(server, "write it", language="python").choices[0]
        assert told(other) == (None, "the request has no example")
        assert not results
        slow.join()
    assert told(results[0]) == (False, "0 of 2 examples; `f([3, 1, 2])` returned nothing in time, expected 2.")


@needs_bubblewrap
def test_at_the_end_answers_that_wait_to_be_run_are_given_without():
    choices = {}

    def ask(number):
        choices[number] = asked(server, neighbours=0).choices[0]

    with serving(FOR_EVER, limits=Limits(places=4, call_s=1, grace_s=0.1)) as server:
        server.ready()
        asking = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
        for number, thread in enumerate(asking):
            thread.start()
            wait_until(lambda number=number: server.assistance._unfinished == number + 1)
        server.stop()
        for thread in asking:
            thread.join()
    assert told(choices[0]) == (False, "0 of 2 examples; `f([3, 1, 2])` returned nothing in time, expected 2.")
    assert told(choices[1]) == (None, "the server is shutting down")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(places=4, checks=0), "0 answers wait to be run already"),
        (Limits(places=4, check_s=0), "it was not run within 0 s"),
    ],
    ids=["no room in the queue", "no time"],
)
@pytest.mark.parametrize("candidates", [1, 4])
def test_an_answer_that_cannot_be_run_is_given_all_the_same(limits, reason, candidates):
    with serving(RIGHT, limits=limits) as server:
        choice = asked(server.ready(), candidates=candidates).choices[0]
    assert choice.message.content == fenced(RIGHT, "python")
    assert told(choice) == (None, reason)


@pytest.mark.parametrize("candidates", [1, 4])
def test_without_a_sandbox_the_answer_comes_with_the_install_line(monkeypatch, candidates):
    monkeypatch.setenv("PATH", "/nonexistent")
    with serving(RIGHT) as server:
        choice = asked(server.ready(), candidates=candidates).choices[0]
    assert choice.message.content == fenced(RIGHT, "python")
    assert choice.verified is None and "apt install bubblewrap" in choice.reason


def test_with_no_verify_nothing_is_run():
    with serving(RIGHT, verify=False) as server:
        server.ready()
        for candidates in (1, 4, "auto"):
            assert told(asked(server, candidates=candidates).choices[0]) == (None, "answers are not run")


@pytest.mark.parametrize("places", [2, 8])
def test_a_client_that_leaves_takes_its_candidates_with_it(places):
    with serving(RIGHT, limits=Limits(places=places, grace_s=0.1)) as server:
        server.ready()
        server.engine.model.runtime.gate.clear()
        stream = asked(server, candidates=8, stream=True)
        next(iter(stream))
        wait_until(lambda: server.engine.running + server.engine.waiting == 8)
        stream.close()
        wait_until(lambda: not server.engine._writing)
        server.engine.model.runtime.gate.set()
        wait_until(lambda: server.engine.running == 0)
        assert server.assistance._unfinished == 0


@pytest.mark.parametrize(
    "body",
    [
        {"candidates": 0}, {"candidates": 17}, {"candidates": "many"}, {"candidates": True}, {"candidates": 2, "n": 2},
        {"candidates": 2, "logprobs": True}, {"candidates": 2, "temperature": 0}, {"neighbours": -1},
        {"neighbours": 4},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused(server, body):
    messages = [{"role": "user", "content": REQUEST}]
    status, _, answer = server.ask("POST", "/v1/chat/completions", {"model": MODEL, "messages": messages, **body})
    error = json.loads(answer)["error"]
    assert (status, error["type"]) == (400, "invalid_request_error")
    assert any(name in (error["param"] or error["message"]) for name in body)


def test_neighbours_are_shown_and_named_where_the_answer_leans_on_one():
    request = "sort the words of a text by their length"
    with LocalIndex() as index:
        entry = index.find(request, language="python", count=1)[0]
    model = AnswerModel({fenced(entry.code, "python"): 1.0})
    with RunningServer(model.load, index=True) as server:
        leaning = asked(server.ready(), request, language="python", max_tokens=1500)
        without = asked(server, request, language="python", neighbours=0, max_tokens=1500)
    shown, plain = (prompt for prompt in model.prompts if "sort the words" in prompt)
    assert shown.startswith(f"Possibly related:\n\n{entry.request}\n```python\n") and shown.endswith(
        f"Task:\n{request}"
    )
    assert plain == request
    assert leaning.usage.prompt_tokens > without.usage.prompt_tokens
    source = leaning.choices[0].source
    assert (source["name"], source["licence"]) == (entry.source, entry.licence)
    assert without.choices[0].source is None


def test_a_server_without_an_index_answers(monkeypatch, tmp_path, caplog):
    monkeypatch.setattr("hrm_edge.local_index.shipped_index", lambda: tmp_path / "none.sqlite")
    with serving(RIGHT, index=True) as server:
        server.ready()
        for _ in range(2):
            assert asked(server, "write it").choices[0].message.content == fenced(RIGHT, "python")
    assert caplog.text.count("without the local index") == 1


LOOKED_UP = "write a function for the largest whole number whose square is at most n, f(10) == 3 and f(16) == 4"


@needs_bubblewrap
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("candidates", [1, "auto"])
def test_what_the_index_knows_is_given_and_the_model_is_not_asked(stream, candidates):
    with serving(WRONG, index=True) as server:
        asked_before = len(server.ready().engine.model.runtime.prompts)
        answer = asked(server, LOOKED_UP, candidates=candidates, stream=stream)
        choices = [chunk.choices[0] for chunk in answer] if stream else answer.choices
        parts = [choice.delta.content or "" for choice in choices] if stream else [choices[0].message.content]
        assert len(server.engine.model.runtime.prompts) == asked_before
    assert told(choices[-1]) == (True, "2 of 2 examples") and choices[-1].finish_reason == "stop"
    assert choices[-1].source["name"] == "curriculum"
    assert [trial["origin"] for trial in choices[-1].trials] == ["index"]
    assert "".join(parts).startswith("```python\n") and "\ndef f(n: int)" in "".join(parts)


@needs_bubblewrap
def test_the_model_answers_what_the_index_does_not_know_and_who_asks_for_its_own_words():
    wrong = LOOKED_UP.replace("== 3", "== 5")
    with serving(WRONG, index=True) as server:
        server.ready()
        for request, options in [
            (wrong, {}), (LOOKED_UP, {"neighbours": 0}), (LOOKED_UP, {"n": 2}), (LOOKED_UP, {"logprobs": True}),
            (LOOKED_UP, {"stop": "@"}),
        ]:  # fmt: skip
            choice = asked(server, request, **options).choices[0]
            assert choice.message.content == fenced(WRONG, "python") and choice.verified is False
        assert asked(server, LOOKED_UP, max_tokens=8).choices[0].finish_reason == "length"
        assert asked(server, LOOKED_UP, max_tokens=200).choices[0].verified is True
