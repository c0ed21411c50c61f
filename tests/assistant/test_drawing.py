"""Candidates of a real (random) model: in one batch the same as one after another, and as many as time allows."""

from itertools import count, islice

import pytest

from hrm_edge.assistant.drawing import Drawing, Model
from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.runtimes.load import load_runtime, load_tokenizer
from hrm_edge.runtimes.options import RuntimeOptions

DRAWING = Drawing(max_tokens=12, temperature=1.0, seed=7)


@pytest.fixture(scope="module")
def model(random_model):
    path = random_model("plain")
    tokenizer, template = load_tokenizer(path)
    with load_runtime(path, RuntimeOptions(runtime="torch", threads=1)) as runtime:
        yield Model(runtime, tokenizer, template)


def alone(model, monkeypatch):
    """The same model, whose runtime reads one sequence at a time."""

    def refuse(**_):
        raise RuntimeUnavailableError("one sequence at a time")

    monkeypatch.setattr(model.runtime, "batch", refuse)
    return model


def tokens(candidates):
    return sorted(candidate.completion.token_ids for candidate in candidates)


def test_a_batch_draws_what_the_runtime_draws_one_after_another(model, monkeypatch):
    prompt = model.prompt("count the lines")
    together = list(model.draw(prompt, DRAWING, count=3, language="python"))
    apart = list(alone(model, monkeypatch).draw(prompt, DRAWING, count=3, language="python"))
    assert len(together) == 3 and len(set(tokens(together))) > 1
    assert tokens(together) == tokens(apart)
    assert {candidate.language for candidate in together} == {"python"}
    assert all(candidate.prompt_tokens == len(prompt.ids) for candidate in together)


def test_the_first_is_the_most_probable_answer(model, monkeypatch):
    prompt = model.prompt("count the lines")
    first = next(iter(alone(model, monkeypatch).draw(prompt, DRAWING, count=3)))
    greedy = next(iter(model.draw(prompt, DRAWING, count=1)))
    assert first.completion.token_ids == greedy.completion.token_ids


@pytest.mark.parametrize("batched", [True, False], ids=["batch", "one_after_another"])
def test_when_time_is_up_one_candidate_is_given_all_the_same(model, monkeypatch, batched):
    model = model if batched else alone(model, monkeypatch)
    drawn = list(model.draw(model.prompt("sort it"), DRAWING, count=3, expired=lambda: True))
    assert len(drawn) == 1 and drawn[0].completion.finish_reason in ("stop", "length")


@pytest.mark.parametrize("batched", [True, False], ids=["batch", "one_after_another"])
def test_who_stops_asking_leaves_the_others_and_the_model_is_free_again(model, monkeypatch, batched):
    model = model if batched else alone(model, monkeypatch)
    prompt, steps = model.prompt("sort it"), count()
    drawn = model.draw(prompt, DRAWING, count=3, on_step=lambda *_: next(steps))
    assert len(list(islice(drawn, 1))) == 1
    drawn.close()
    read = next(steps)
    assert len(list(model.draw(prompt, DRAWING, count=3))) == 3
    assert read <= 4 * DRAWING.max_tokens
