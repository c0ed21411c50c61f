"""Searches for answers, with models that write scripts and a real sandbox."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from sandboxes import needs_bubblewrap
from scripted_runtime import scripted

from hrm_edge.assistant.drawing import Drawing, Model
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.pursuit import Means, Pursuit, Settings
from hrm_edge.assistant.search import SearchSettings, search
from hrm_edge.assistant.tree_search import Limits

REQUEST = "the second largest, f([3,1,2]) == 2, f([5,9,9]) == 9, f([7]) == None"
RIGHT = "def f(a):\n    return sorted(a)[-2] if len(a) > 1 else None"
BETTER = "def f(a):\n    return sorted(a)[-2] if a else None"
WRONG = "def f(a):\n    return sorted(a)[-1]"
WORSE = "def f(a):\n    return 0"


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with Executor(call_timeout_s=1.0) as opened:
        yield opened


def searched(executor, *answers, request=REQUEST, other=(), limits=None, count=2):
    runtime, tokenizer = scripted(*answers)
    means = Means(model=Model(runtime, tokenizer), executor=executor, clock=lambda: 0.0)
    settings = Settings(candidates=count, drawing=Drawing(max_tokens=200, seed=1))
    depths = [Model(*scripted(*other))] if other else []
    searching = SearchSettings(limits=limits or Limits())
    return search(Pursuit.begin(means, request, settings), searching, other_depths=depths), runtime


@needs_bubblewrap
def test_a_chain_of_repairs_leads_to_an_answer_that_passes(executor):
    def mends_a_little(prompt):
        chain = [WORSE, WRONG, BETTER, RIGHT]
        return next((after for before, after in pairwise(chain) if before in prompt), WORSE)

    found, _ = searched(executor, mends_a_little)
    assert found.answered.verified and found.answered.answer == RIGHT
    assert found.why == "a goal was found" and found.rounds[-1].value == 1.0
    trials = {trial.number: trial for trial in found.answered.trials}
    chain = [found.answered.chosen]
    while chain[-1].parent is not None:
        chain.append(trials[chain[-1].parent])
    assert [trial.verification.code for trial in chain] == [RIGHT, BETTER, WRONG, WORSE]


@needs_bubblewrap
def test_another_depth_is_tried_beside_the_first(executor):
    found, _ = searched(executor, WORSE, other=[RIGHT])
    assert found.answered.verified and found.answered.answer == RIGHT


@needs_bubblewrap
def test_a_search_ends_by_its_own_rule_and_gives_the_best(executor):
    found, _ = searched(executor, WORSE, WRONG, WORSE, limits=Limits(rounds=6))
    assert found.answered.verified is False and found.answered.answer == WRONG
    assert found.why == "6 rounds are done" and len(found.rounds) == 6
    assert found.to_json()["search"]["stopped"] == "6 rounds are done"


@needs_bubblewrap
def test_candidates_that_pass_at_once_need_no_search(executor):
    found, runtime = searched(executor, RIGHT)
    assert found.answered.verified and found.rounds == () and len(runtime.prompts) == 1


def test_without_examples_nothing_guides_a_search(executor):
    found, runtime = searched(executor, RIGHT, request="reverse it with a function", count=1)
    assert found.why == "without examples that can be run nothing guides a search"
    assert len(runtime.prompts) == 1
