"""Whether an answer is a program: Python by its parser, whatever is thrown at it; others by their compiler."""

from dataclasses import replace

import pytest
from bench_problems import EDITED, power_problem

from hrm_edge.bench.syntax import is_python, is_syntax_valid
from hrm_edge.problems.problem import Calls, ShellCommand, SuiteTests
from hrm_edge.sandbox.verdict import Outcome

POWER = power_problem(2)


@pytest.mark.parametrize(
    "source",
    [
        "def f(:",
        "",
        "   \n",
        "x = \0",
        "(" * 100_000,
        "-" * 200_000 + "1",
        "[" * 5_000 + "]" * 5_000,
        "x" + ".x" * 100_000,
        "1" * 10_000,
        "if 1:\n" + "".join(" " * n + "if 1:\n" for n in range(1, 200)),
        "'" * 1_000_001,
    ],
    ids=lambda source: repr(source[:12]),
)
def test_what_is_no_program_or_beyond_the_parser_is_not_valid(source: str) -> None:
    assert not is_python(source)


def test_a_continuation_of_the_prompt_is_valid() -> None:
    assert is_syntax_valid(POWER, "    return x ** 2", Outcome.PASSED)
    assert is_syntax_valid(POWER, "def f2(x):\n    return 1", Outcome.FAILED)
    assert not is_syntax_valid(POWER, "    return x **", Outcome.RUNTIME_ERROR)


def test_warnings_are_no_errors_and_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    assert is_python('x = "\\d"')
    assert not recwarn.list


def test_other_languages_are_valid_unless_the_compiler_refuses() -> None:
    problem = replace(POWER, language="rust", check=SuiteTests(harness="rust-test", solution_paths=("lib.rs",)))
    assert is_syntax_valid(problem, "fn f() {}", Outcome.FAILED)
    assert not is_syntax_valid(problem, "fn f( {}", Outcome.COMPILE_ERROR)


def test_every_python_file_of_an_exercise_must_parse() -> None:
    assert is_syntax_valid(EDITED, {"leap.py": "x = 1", "notes.md": "# no ("}, Outcome.FAILED)
    assert not is_syntax_valid(EDITED, {"leap.py": "x = 1", "b.py": "("}, Outcome.FAILED)


def test_a_command_is_no_program() -> None:
    problem = replace(POWER, language="bash", check=ShellCommand(references=("ls",)))
    assert is_syntax_valid(problem, "ls", Outcome.PASSED) is None


def test_an_empty_answer_is_no_program_in_any_language():
    problem = replace(power_problem(2), language="rust", check=Calls(function="f", arguments=((),), expected=(0,)))
    assert is_syntax_valid(problem, " \n", Outcome.FAILED) is False
    assert is_syntax_valid(problem, "fn f() -> i64 { 1 }", Outcome.FAILED) is True
