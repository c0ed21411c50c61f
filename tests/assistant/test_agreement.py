"""The most agreed of several answers, on inputs that are the same every time."""

from collections.abc import Iterator

import pytest
from sandboxes import needs_bubblewrap

from hrm_edge.assistant.agreement import Opinion, most_agreed
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.inputs import generated_inputs
from hrm_edge.assistant.targets import Parameter
from hrm_edge.sandbox.toolchains import find_toolchain
from hrm_edge.sandbox.typed_values import conform, parse_type

RIGHT = "def total(numbers):\n    return sum(numbers)\n"
RIGHT_TOO = "def add(numbers):\n    result = 0\n    for n in numbers:\n        result += n\n    return result\n"
WRONG = "def total(numbers):\n    return len(numbers)\n"
RAISES = "def total(numbers):\n    return numbers.sum()\n"


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with Executor(call_timeout_s=1.0) as opened:
        yield opened


def opinions(*codes, language="python", log_probabilities=None):
    given = log_probabilities or [-1.0] * len(codes)
    return [
        Opinion(code=code, language=language, log_probability=each) for code, each in zip(codes, given, strict=True)
    ]


@needs_bubblewrap
def test_candidates_that_behave_alike_win_over_a_more_probable_one(executor):
    found = most_agreed(executor, opinions(WRONG, RIGHT, RIGHT_TOO, log_probabilities=[-0.1, -2.0, -1.0]))
    assert (found.chosen, found.group) == (2, (1, 2))
    assert found.reason == "2 of 3 candidates behave alike on 12 inputs; the request has no example"


@needs_bubblewrap
def test_equal_groups_are_told_apart_by_the_models_own_probability(executor):
    assert most_agreed(executor, opinions(WRONG, RIGHT, log_probabilities=[-2.0, -1.0])).chosen == 1
    assert most_agreed(executor, opinions(WRONG, RIGHT, log_probabilities=[-1.0, -2.0])).chosen == 0


@needs_bubblewrap
def test_candidates_that_always_fail_agree_on_nothing(executor):
    assert most_agreed(executor, opinions(RAISES, RAISES, "def total(", RIGHT)).chosen == 3
    assert most_agreed(executor, opinions(RAISES, RAISES)).group == (0, 1)


@needs_bubblewrap
def test_functions_without_types_in_their_head_are_tried_with_several(executor):
    reverse = "def turn(thing):\n    return thing[::-1]\n"
    other = "def turn(it):\n    return it[len(it)::-1]\n"
    assert most_agreed(executor, opinions(reverse, other, "def turn(it):\n    return it\n")).group == (0, 1)


@needs_bubblewrap
def test_static_types_are_read_from_the_answers(executor):
    if find_toolchain("rust") is None:
        pytest.skip("needs rustc: apt install rustc")
    total = "fn total(numbers: &[i64]) -> i64 {\n    numbers.iter().sum()\n}\n"
    folded = "fn add(numbers: Vec<i64>) -> i64 {\n    numbers.iter().fold(0, |a, b| a + b)\n}\n"
    found = most_agreed(executor, opinions(total, folded, total, language="rust"))
    assert (found.group, found.inputs) == ((0, 1, 2), 12)


def test_commands_are_not_run_and_agree_by_their_words():
    with Executor() as executor:
        found = most_agreed(executor, opinions("ls  -l", "ls", "ls -l", language="bash"))
    assert found.group == (0, 2)
    assert found.reason == "2 of 3 candidates are the same text; the request has no example"


def test_without_a_sandbox_the_texts_are_compared_and_the_reason_says_why(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with Executor() as executor:
        found = most_agreed(executor, opinions(WRONG, RIGHT, RIGHT))
    assert found.group == (1, 2)
    assert "apt install bubblewrap" in found.reason


@pytest.mark.parametrize(
    "kind",
    ["int", "float", "bool", "str", "list[int]", "list[list[str]]", "map[str,int]", "tuple[int,str]", "optional[int]"],
)
def test_inputs_are_of_the_declared_type_and_the_same_every_time(kind):
    parameters = [Parameter(name="anything", type=kind)]
    inputs = generated_inputs(parameters, seed=3)
    assert repr(inputs) == repr(generated_inputs(parameters, seed=3))
    assert len(inputs) == 12 and len({repr(each) for each in inputs}) > 1
    for (value,) in inputs:
        assert repr(conform(parse_type(kind), value)) == repr(value)


def test_edges_come_first_and_names_tell_types():
    numbers, text, untold = (
        generated_inputs([Parameter(name=name, type=None)]) for name in ("numbers", "text", "thing")
    )
    assert numbers[0] == ([],) and len(numbers[1][0]) == 1
    assert text[0] == ("",)
    assert {type(value) for (value,) in untold} == {list, int, str}
    assert generated_inputs([]) == [()]
