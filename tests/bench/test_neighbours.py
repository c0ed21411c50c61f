"""What an index of a few entries has for problems, and that nothing which holds a problem is given."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench_problems import EDITED

from hrm_edge.bench.completions import ModelAnswerer
from hrm_edge.bench.models import BenchModel, load_model
from hrm_edge.bench.neighbours import Lookup, Retrieval, look_up
from hrm_edge.errors import DataError
from hrm_edge.local_index import Entry
from hrm_edge.problems.problem import Problem, PythonTests, Scenario, ShellCommand
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.train.data.indexing.writing import write_index

GCD = "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a"
LEAP = "fn leap(year: i64) -> bool {\n    year % 4 == 0\n}"


def shell(request: str, *commands: str, identifier: str = "1") -> Problem:
    return Problem(
        suite="t", id=identifier, scenario=Scenario.SHELL, language="bash", request=request, reference=commands[0],
        check=ShellCommand(references=commands),
    )  # fmt: skip


def function(request: str, solution: str, identifier: str = "f") -> Problem:
    return Problem(
        suite="t", id=identifier, scenario=Scenario.GENERATION, language="python", request=request,
        check=PythonTests(entry_point="f", tests=("assert f(1) == 1",)), reference=solution,
    )  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: tuple[str, str, str]) -> Path:
        entries = [
            Entry(request=request, code=code, language=language, source="own", licence="MIT", group=f"own/{number}")
            for number, (request, language, code) in enumerate(rows)
        ]
        write_index(tmp_path / "index.sqlite", entries)
        return tmp_path / "index.sqlite"

    return write


def codes(lookup: Lookup, problem: str) -> list[str]:
    return [entry.code for entry in lookup.entries[problem]]


def test_neighbours_are_of_the_problems_language_and_look_as_in_training(index):
    path = index(("greatest common divisor", "python", GCD), ("is the divisor year a leap year", "rust", LEAP))
    found = look_up(path, [function("the common divisor of two numbers", "def f(a, b): ...")], count=3)
    assert found.pairs(3) == {"f": [("greatest common divisor", f"```python\n{GCD}\n```")]}
    assert (found.passed_over, found.problems_with_passed_over) == (0, 0)


def test_the_nearest_stand_first_and_no_more_than_asked(index):
    path = index(
        ("count files", "bash", "ls | wc -l"), ("count files of a folder by size", "bash", "du"),
        ("show the date", "bash", "date"),
    )  # fmt: skip
    found = look_up(path, [shell("count the files", "find . | wc -l")], count=2)
    assert codes(found, "1") == ["ls | wc -l", "du"]
    assert [code for _, code in found.pairs(1)["1"]] == ["```bash\nls | wc -l\n```"]
    assert found.pairs(0) == {"1": []}


@pytest.mark.parametrize(
    ("request_text", "code"),
    [
        ("count lines in some way", "wc -l"),  # a reference of the problem
        ("count lines somehow", "wc -l  \n"),
        ("count lines somehow", "cat a | wc -l"),  # its other reference
        ("Count: LINES of a file!", "something else"),  # its request
        ("a title\ncount lines of a file", "something else"),
        ("lines that count", "rev lines"),  # the solution of another problem
    ],
)
def test_an_entry_with_a_request_or_solution_of_the_suite_is_passed_over_and_counted(index, request_text, code):
    path = index((request_text, "bash", code), ("count words", "bash", "wc -w"))
    problems = [
        shell("count lines of a file", "wc -l", "cat a | wc -l"),
        shell("reverse text", "rev lines", identifier="2"),
    ]
    found = look_up(path, problems, count=2)
    assert codes(found, "1") == ["wc -w"]
    assert (found.passed_over, found.problems_with_passed_over) == (1, 1)
    assert "1 entries with a request or solution" in found.notice
    assert found.to_json()["n_entries_passed_over"] == 1


def test_a_program_inside_another_is_contamination_and_a_command_inside_another_is_not(index):
    path = index(
        ("divisor", "python", f"import math\n\n\n{GCD}\n\n\nprint(gcd(4, 6))"), ("lines", "bash", "wc -l | cat")
    )
    found = look_up(path, [function("divisor", GCD), shell("lines in all", "wc -l")], count=1)
    assert codes(found, "f") == []
    assert codes(found, "1") == ["wc -l | cat"]


def test_13_words_in_a_row_of_a_request_are_contamination_and_12_are_not(index):
    text = "sum even numbers between first limit and second limit without any multiples of seven"
    words = text.split()
    problem = function(f"Please: {' '.join(words)} and nothing else", "def f(x): ...")
    path = index((" ".join(words[:13]) + " here", "python", "a"), (" ".join(words[:12]) + " here", "python", "b"))
    assert codes(look_up(path, [problem], count=2), "f") == ["b"]


def test_edits_and_predictions_are_not_looked_up(index):
    path = index(("write leap.py", "python", "def leap(year): ..."))
    assert look_up(path, [EDITED], count=3).entries == {}


def test_an_index_that_is_not_there_is_an_error_of_one_line(tmp_path):
    with pytest.raises(DataError, match="is not there: make an index with"):
        look_up(tmp_path / "none.sqlite", [shell("lines", "wc")], count=1)


def test_retrieval_is_told_under_the_names_of_the_options(tmp_path):
    assert Retrieval(counts=(0, 3)).to_json() == {"neighbours": "0,3", "index": "shipped"}
    assert Retrieval(counts=(0, 3)).path.is_file()
    assert Retrieval(index=tmp_path).to_json() == {"neighbours": "0", "index": str(tmp_path)}


PAIRS = (("count words", "```bash\nwc -w\n```"), ("show the date", "```bash\ndate\n```"))
WRITTEN = """\
Possibly related:

count words
```bash
wc -w
```

show the date
```bash
date
```

Task:
count lines"""


@pytest.fixture(scope="module")
def model(random_model: Callable[[str], Path]) -> Iterator[BenchModel]:
    with load_model(random_model("plain"), RuntimeOptions(runtime="onnx", threads=1)) as loaded:
        yield loaded


def asked(model: BenchModel, pairs: tuple, max_tokens: int = 8) -> ModelAnswerer:
    return ModelAnswerer(model=model, name="m", max_tokens=max_tokens, temperature=1, neighbours={"1": pairs})


def test_neighbours_are_asked_with_the_request_in_the_form_of_training(model):
    problem = shell("count lines", "wc -l")
    given = asked(model, PAIRS).answer(problem, problem.request, seed=4)
    written = asked(model, ()).answer(problem, WRITTEN, seed=4)
    assert (given.text, given.prompt_tokens) == (written.text, written.prompt_tokens)
    assert (given.neighbours, written.neighbours) == (2, 0)


def test_other_problems_are_asked_as_they_are(model):
    problem = shell("count lines", "wc -l", identifier="2")
    response = asked(model, PAIRS).answer(problem, problem.request, seed=0)
    assert response.prompt_tokens == len(model.dialogue.encode_request("count lines").ids)
    assert response.neighbours is None


def test_neighbours_that_leave_no_room_for_the_answer_are_left_out_from_the_last(model):
    problem, context = shell("count lines", "wc -l"), model.runtime.context_length
    long = ("count words", "w" * (context - context // 2 - 30))
    for pairs, used in (((PAIRS[0], long), 1), ((long, PAIRS[0]), 0), (PAIRS[:1], 1)):
        response = asked(model, pairs, max_tokens=context).answer(problem, problem.request, seed=0)
        assert response.neighbours == used
        assert response.prompt_tokens <= context - context // 2
