"""The source of file searches: no request twice, none of the evaluation's share, a group for each shape."""

from source_files import drawn

from hrm_edge.prompt import parse_answer
from hrm_edge.train.data.data_sets import Example
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.sources.finds import Finds


def test_requests_are_different_and_outside_the_held_out_share():
    examples, report = drawn(Finds(count=1500))
    requests = [example.request for example in examples]
    assert len(set(requests)) == len(requests) > 1300
    assert not any(Example(request=text, code="", language="bash", source="").held_out for text in requests)
    assert report.left_out["finds", "held out for evaluation"] > 30
    assert {example.task for example in examples} == {Task.SHELL}
    assert all(parse_answer(example.response).text.startswith("find ") for example in examples)


def test_another_seed_draws_others():
    first, second = (drawn(Finds(count=50), seed=seed)[0] for seed in (1, 2))
    assert not {example.request for example in first} & {example.request for example in second}


def test_a_group_holds_searches_that_differ_in_values_alone():
    examples, _ = drawn(Finds(count=1500))
    plain = {
        example.group
        for example in examples
        if (words := parse_answer(example.response).text.split())[2:5] == ["-type", "f", "-name"]
        and len(words) == 6
        and words[5].startswith("'*.")
    }
    assert len(plain) == 1
    assert len({example.group for example in examples}) > 300
