"""Shares of tokens are those of the weights, by source, task and language."""

import random
from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from data_pipeline_sources import LANGUAGES, TASKS, example

from hrm_edge.train.data.example import Task
from hrm_edge.train.data.pipeline.sampling import MOST_WAITING, FairShares, Flow


def flow(waiting=(), stream=(), tasks=None, languages=None) -> Flow:
    return Flow(waiting, stream, tasks=tasks or {}, languages=languages or {}, rng=random.Random(1))


def draw(of: Flow, examples: int) -> Counter:
    """Tokens by (task, language) after so many examples, each as long as its request."""
    spent: Counter = Counter()
    for _ in range(examples):
        drawn = of.draw()
        if drawn is None:
            break
        of.spend(drawn, len(drawn.request))
        spent[drawn.task, drawn.language] += len(drawn.request)
    return spent


def test_fair_shares_follow_the_weights():
    shares = FairShares({"a": 3.0, "b": 1.0})
    shares.join("a")
    shares.join("b")
    given: Counter = Counter()
    rng = random.Random(1)
    for _ in range(4000):
        party = shares.neediest()
        tokens = rng.randint(1, 100)
        shares.spend(party, tokens)
        given[party] += tokens
    assert given["a"] / given["b"] == pytest.approx(3, rel=0.01)


def test_late_party_gets_its_share_from_then_on_and_no_more():
    shares = FairShares({})
    shares.join("early")
    shares.spend("early", 1000)
    shares.join("late")
    shares.spend("late", 10)
    assert shares.neediest() == "early"


def test_endless_source_is_drawn_in_the_shares_of_tasks_and_languages():
    tasks, languages = {Task.GENERATION: 4.0, Task.REPAIR: 1.0}, {"python": 3.0}
    source = (example(number) for number in count())
    spent = draw(flow(stream=source, tasks=tasks, languages=languages), 3000)
    total = spent.total()
    for task, share in zip(TASKS, (4 / 6, 1 / 6, 1 / 6), strict=True):
        of_task = sum(spent[task, language] for language in LANGUAGES)
        assert of_task / total == pytest.approx(share, abs=0.01)
        assert spent[task, "python"] / of_task == pytest.approx(3 / 5, abs=0.02)


def test_what_the_shares_do_not_ask_for_is_counted():
    stream = [example(number) for number in range(3 * 9 * MOST_WAITING)]
    of = flow(stream=stream, tasks={Task.GENERATION: 20.0})
    drawn: Counter = Counter()
    while (item := of.draw()) is not None:
        of.spend(item, 10)
        drawn[item.task] += 1
    of.close()
    assert drawn + of.not_drawn == Counter(item.task for item in stream)
    assert of.not_drawn[Task.REPAIR] > 100 > of.not_drawn[Task.GENERATION]


def test_finite_source_gives_everything_once():
    waiting = [example(number) for number in range(100)]
    of = flow(waiting, tasks={Task.GENERATION: 5.0})
    drawn = list(iter(of.draw, None))
    assert sorted(item.request for item in drawn) == sorted(item.request for item in waiting)
    assert drawn != waiting


def test_weight_zero_leaves_out_and_counts():
    of = flow([example(number) for number in range(90)], tasks={Task.REPAIR: 0.0}, languages={"go": 0.0})
    left = list(iter(of.draw, None))
    assert {item.task for item in left} == {Task.GENERATION, Task.EXECUTION}
    assert {item.language for item in left} == {"python", "rust"}
    assert of.excluded + len(left) == 90


def test_task_that_stops_coming_does_not_stop_the_others():
    stream = (example(0) if number < 5 else replace(example(1), request=str(number)) for number in count())
    spent = draw(flow(stream=stream), 500)
    assert spent[TASKS[1], "python"] > 0
