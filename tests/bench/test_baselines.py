"""Baselines: the empty answer, and the nearest training text, which is never the problem itself nor held out."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from bench_problems import PYTHON, power_problem
from sandboxes import needs_bubblewrap

from hrm_edge.bench.baselines import (
    EmptyBaseline,
    IndexBaseline,
    NamedRetrievalBaseline,
    RecipeBaseline,
    RetrievalBaseline,
    asked_function,
    baselines_for,
    training_neighbours,
)
from hrm_edge.bench.evaluation import evaluate
from hrm_edge.bench.neighbours import Lookup
from hrm_edge.bench.suites import load_suite
from hrm_edge.bench.suites.shell import shell_problems, spoken
from hrm_edge.errors import DataError
from hrm_edge.function_heads import Function
from hrm_edge.local_index import Entry
from hrm_edge.problems.problem import Calls, Problem, PythonTests, Scenario, ShellCommand
from hrm_edge.prompt import parse_answer
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.verdict import Outcome
from hrm_edge.train.data.data_sets import Example


def shell_problem(request: str) -> Problem:
    check = ShellCommand(references=("ls",))
    return Problem(suite="t", id="1", scenario=Scenario.SHELL, language="bash", request=request, check=check)


def example(request: str, code: str, language: str = "bash") -> Example:
    return Example(request=request, code=code, language=language, source="own")


NEIGHBOURS = [
    example("count the lines of a file", "wc -l a.txt"),
    example("show the newest commit", "git log -1"),
    example("count the vowels of a word", "def vowels(word): ...", "python"),
]


def test_empty_baseline_answers_nothing() -> None:
    problem = shell_problem("count")
    assert EmptyBaseline().answer(problem, problem.request, seed=3).text == ""


def test_retrieval_answers_with_the_nearest_of_the_language() -> None:
    baseline = RetrievalBaseline(NEIGHBOURS)
    problem = shell_problem("how to count lines and vowels of a word in a file")
    response = baseline.answer(problem, problem.request, seed=1)
    assert parse_answer(response.text).text == "wc -l a.txt"
    assert response == baseline.answer(problem, problem.request, seed=2)


@pytest.mark.parametrize("request_text", ["", "???", "的", "xyzzy"])
def test_retrieval_answers_whatever_the_request_is(request_text: str) -> None:
    problem = shell_problem(request_text)
    assert RetrievalBaseline(NEIGHBOURS).answer(problem, request_text, seed=0).text


def test_retrieval_has_no_answer_in_a_language_without_neighbours() -> None:
    problem = shell_problem("count the vowels of a word")
    assert RetrievalBaseline(NEIGHBOURS[2:]).answer(problem, problem.request, seed=0).text == ""


def test_suite_without_training_texts_has_the_empty_answer_alone() -> None:
    assert [baseline.name for baseline in baselines_for("humaneval", [], None)] == ["empty answer"]


def test_builtin_suite_has_recipes_as_neighbours() -> None:
    problems = load_suite("builtin")
    empty, retrieval, named, recipes = baselines_for("builtin", problems, None)
    assert isinstance(named, NamedRetrievalBaseline)
    assert isinstance(recipes, RecipeBaseline)
    assert (empty.name, retrieval.name) == ("empty answer", "nearest training example (BM25)")
    for problem in problems[:40]:
        answered = retrieval.answer(problem, problem.request, seed=0).text
        assert bool(answered) == (problem.language == "bash")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("please pack the folder attic into attic-old.tar", "tar -cf attic-old.tar attic"),
        ("show the newest commit", "git log -1"),
        ("pack it", "git log -1"),  # the nearest packs, and needs two names
    ],
)
def test_retrieval_without_names_answers_with_those_of_the_request(asked: str, answered: str) -> None:
    neighbours = [
        example("pack the folder src into x.tar", "tar -cf x.tar src"),
        example("pack the folder april_old.d", "tar -c april_old"),  # part of a name: left out
        *NEIGHBOURS,
    ]
    problem = shell_problem(asked)
    response = NamedRetrievalBaseline(neighbours).answer(problem, asked, seed=0)
    assert parse_answer(response.text).text == answered
    assert NamedRetrievalBaseline(neighbours).answer(replace(problem, language="python"), asked, seed=0).text == ""
    assert NamedRetrievalBaseline(neighbours[1:2]).answer(problem, asked, seed=0).text == ""


def test_recipes_answer_what_reads_as_one_and_nothing_else() -> None:
    problem = shell_problem("rename the file a.txt to b.txt")
    assert RecipeBaseline().answer(problem, problem.request, seed=0).text == "```bash\nmv a.txt b.txt\n```"
    for other in (replace(problem, request="rename it somehow"), replace(problem, language="python")):
        assert RecipeBaseline().answer(other, other.request, seed=0).text == ""


def test_plain_install_has_the_empty_answer_alone_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bm25s."""
    monkeypatch.setitem(sys.modules, "bm25s", None)
    notices: list[str] = []
    baselines = baselines_for("builtin", [], None, notice=notices.append)
    assert [baseline.name for baseline in baselines] == ["empty answer"]
    assert notices == ['the retrieval baseline needs bm25s: pip install "hrm-edge[bench]"']
    with pytest.raises(DataError, match="needs bm25s"):
        RetrievalBaseline(NEIGHBOURS)


def test_neighbours_of_a_shell_suite_are_neither_scored_nor_held_out(tmp_path: Path) -> None:
    data = tmp_path / "nl2bash.jsonl"
    data.write_text("".join(f'{{"nl": "list the files of folder {n}", "cmd": "ls {n}"}}\n' for n in range(300)))
    scored = [shell_problem("List the files of folder 7.")]
    neighbours = training_neighbours("nl2bash", scored, data)
    assert 250 < len(neighbours) < 299
    assert not any(neighbour.held_out for neighbour in neighbours)
    assert "list the files of folder 7" not in {neighbour.request for neighbour in neighbours}
    assert shell_problems(neighbours, "nl2bash") == []


def test_neighbours_of_mbpp_are_the_training_rows_beside_it(data_directory: Path) -> None:
    path = data_directory / "mbpp" / "validation.jsonl"
    problems = load_suite("mbpp", path)
    neighbours = training_neighbours("mbpp", problems, path)
    assert len(neighbours) > 300
    scored = {problem.reference for problem in problems}
    assert not [neighbour.code for neighbour in neighbours if f"{neighbour.code}\n" in scored]


def test_scored_training_rows_are_no_neighbours_of_themselves(data_directory: Path) -> None:
    """Whoever scores MBPP's own training rows does not get them back from retrieval."""
    path = data_directory / "mbpp" / "train.jsonl"
    problems = load_suite("mbpp", path)
    assert training_neighbours("mbpp", problems, path) == []
    half = problems[::2]
    left = training_neighbours("mbpp", half, path)
    assert 0 < len(left) <= len(problems) - len(half)


def test_real_neighbours_share_no_request_with_the_scored(data_directory: Path) -> None:
    problems = load_suite("nl2bash", data_directory)
    neighbours = training_neighbours("nl2bash", problems, data_directory)
    assert len(neighbours) > 9000
    assert {spoken(problem.request) for problem in problems}.isdisjoint(spoken(e.request) for e in neighbours)


def looked_up(found: dict[str, Sequence[str]], language: str = "python") -> Lookup:
    """Problem → the programs that are nearest to it."""
    entries = {
        problem: [
            Entry(request="r", code=code, language=language, source="own", licence="MIT", group="g") for code in codes
        ]
        for problem, codes in found.items()
    }
    return Lookup(suite="t", index_sha256="", entries=entries, passed_over=0, problems_with_passed_over=0)


def test_retrieval_alone_answers_with_the_nearest_entry_as_it_is() -> None:
    baseline = IndexBaseline(looked_up({"1": ["wc -l a.txt", "cat a.txt"], "2": []}, "bash"))
    problem = shell_problem("count")
    assert baseline.answer(problem, problem.request, seed=1).text == "```bash\nwc -l a.txt\n```"
    for other in ("2", "3"):
        assert baseline.answer(replace(problem, id=other), problem.request, seed=1).text == ""
    assert "renamed" in baseline.name


@needs_bubblewrap
def test_a_right_program_under_another_name_passes_and_one_with_other_parameters_does_not() -> None:
    problems = [replace(power_problem(2), id=str(number), stub="def f2(x):\n    pass\n") for number in range(4)]
    programs = {
        "0": ["def helper(x):\n    return x\n\n\ndef square(number):\n    return helper(number) ** 2"],
        "1": ["def square(number, times):\n    return number**2"],
        "2": ["def f2(number, power=2):\n    return number**power"],
    }
    with open_sandbox() as sandbox:
        found = evaluate(
            problems,
            IndexBaseline(looked_up(programs)),
            samples=1,
            sandbox=sandbox,
            toolchains=PYTHON,
            workers=1,
            seed=0,
        )
    passed = [judged.verdict.outcome is Outcome.PASSED for judged in found.judged]
    assert passed == [True, False, True, False]


def test_the_function_that_is_asked_for_is_what_the_tests_call() -> None:
    calls = Calls(function="ringDistance", arguments=((10, 1, 9),), expected=(2,))
    tests = PythonTests(entry_point="area", tests=("assert sum(area(2, width=3), 1) == 7",))
    problem = shell_problem("count")
    assert asked_function(replace(problem, check=calls)) == Function("ringDistance", 3)
    assert asked_function(replace(problem, check=replace(calls, method_of="Solution"))) is None
    assert asked_function(replace(problem, check=tests)) == Function("area", 2)
    assert asked_function(problem) is None
    declared = replace(tests, prefix="def area(x, y):")
    stub = "def area(x, y):\n    pass\n\ndef helper(z):\n    pass\n"
    assert asked_function(replace(problem, check=declared, stub=stub, language="python")) == Function("area", 2)


def test_every_function_of_the_builtin_suite_is_asked_for_by_name() -> None:
    for problem in load_suite("builtin"):
        asked = asked_function(problem)
        assert (asked is not None) == problem.id.startswith(("function/", "repair/"))
        assert asked is None or asked.name in problem.request


def test_retrieval_alone_stands_where_something_was_looked_up() -> None:
    assert [one.name for one in baselines_for("t", [], None, lookup=looked_up({"1": ["ls"]}))][1:] == [
        IndexBaseline.name
    ]
    assert len(baselines_for("t", [], None, lookup=looked_up({"1": []}))) == 1
