"""Shell suites: only what no training sees, worded as a person can answer it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hrm_edge.bench.suites.shell import load_shell, spoken
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, ShellCommand
from hrm_edge.train.data.data_sets import read_examples


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., list[Problem]]:
    """`load(suite, row, …)`: what the suite makes of a file of these rows."""

    def load(suite: str, *rows: dict[str, object]) -> list[Problem]:
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return load_shell(path, suite)

    return load


def tldr_row(request: str, command: str, program: str = "tar", platform: str = "common") -> dict[str, object]:
    return {
        "command": program,
        "platform": platform,
        "page": program,
        "page_description": "",
        "example_index": 0,
        "example_description": request,
        "example_command": command,
        "alias_page": False,
    }


def held_out_request(stem: str) -> str:
    """A request in the held-out share: SHA-256 of its words below 5 %, computed here once more."""
    for number in range(1000):
        request = f"{stem} {number}"
        if int(hashlib.sha256(request.lower().encode()).hexdigest()[:16], 16) / 2**64 < 0.05:
            return request
    raise AssertionError("one in twenty is held out")


def references(problem: Problem) -> tuple[str, ...]:
    assert isinstance(problem.check, ShellCommand)
    return problem.check.references


def test_only_held_out_requests_are_problems(load: Callable[..., list[Problem]]) -> None:
    fields = [tldr_row(f"List the files of archive {number}", "tar tf a.tar") for number in range(400)]
    problems = load("tldr", *fields)
    assert 5 <= len(problems) <= 40
    assert held_out_request("List the files of archive") in {
        problem.request.removeprefix("tar: ") for problem in problems
    }


def test_placeholders_read_as_in_training_and_the_program_is_named(load: Callable[..., list[Problem]]) -> None:
    request = held_out_request("list what is in it")
    (problem,) = load("tldr", tldr_row(f"[l]{request[1:]}", "tar {{[-t|--list]}} {{path/to/a}}"))
    assert references(problem) == ("tar -t path/to/a",)
    assert problem.request == f"tar: {request}"


def test_program_that_is_named_as_a_word_is_not_named_twice(load: Callable[..., list[Problem]]) -> None:
    named = held_out_request("build with ng version")
    inside = held_out_request("build an Angular app version")
    problems = load("tldr", tldr_row(named, "ng b", "ng"), tldr_row(inside, "ng b", "ng"))
    assert {problem.request for problem in problems} == {named, f"ng: {inside}"}


def test_other_platforms_are_left_out(load: Callable[..., list[Problem]]) -> None:
    request = held_out_request("show the files")
    kept = tldr_row(request, "ls", "ls")
    dropped = tldr_row(held_out_request("show the folders"), "dir", "dir", platform="windows")
    assert [problem.reference for problem in load("tldr", kept, dropped)] == ["ls"]


def test_request_with_several_commands_is_one_problem_with_several_references(
    load: Callable[..., list[Problem]],
) -> None:
    request = held_out_request("count the lines of")
    fields = [
        {"id": number, "nl": request, "cmd": command} for number, command in enumerate(["wc -l", "grep -c ''", "wc -l"])
    ]
    (problem,) = load("nl2bash", *fields)
    assert references(problem) == ("wc -l", "grep -c ''")


def test_other_data_set_is_refused(load: Callable[..., list[Problem]]) -> None:
    with pytest.raises(DataError, match="has rows of nl2bash: suite tldr"):
        load("tldr", {"nl": "list", "cmd": "ls"})


def test_data_without_held_out_rows_is_refused(load: Callable[..., list[Problem]]) -> None:
    with pytest.raises(DataError, match="none of 1 commands is held out"):
        load("nl2bash", {"nl": "list files 1", "cmd": "ls"})


@pytest.mark.parametrize(("suite", "least"), [("tldr", 1000), ("nl2bash", 400)])
def test_real_suite_holds_no_training_request(data_directory: Path, suite: str, least: int) -> None:
    problems = load_shell(data_directory / f"{suite}.jsonl.gz", suite)
    trained = {
        spoken(example.request)
        for name in ("tldr", "nl2bash", "cheatsheets")
        for example in read_examples(data_directory / f"{name}.jsonl.gz")
        if not example.held_out
    }
    assert len(problems) >= least
    assert len({problem.id for problem in problems}) == len(problems)
    assert not [problem.request for problem in problems if spoken(problem.request) in trained]
