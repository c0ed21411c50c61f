"""What is judged of a response. Expected values are worked out by hand from the official code's rules."""

from dataclasses import replace

import pytest
from bench_problems import EDITED, power_problem
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.bench.extraction import (
    code_between_last_fences,
    extract,
    last_assertion,
    predicted_input,
    predicted_output,
)
from hrm_edge.problems.problem import Calls, Prediction, Problem, Scenario, ShellCommand, TestOutput

POWER = power_problem(2)
BODY = "    return x ** 2\n"


class TestLiveCodeBench:
    """lcb_runner/utils/extraction_utils.py, for the chat models' style."""

    @pytest.mark.parametrize(
        ("response", "code"),
        [
            ("```python\nprint(1)\n```", "print(1)"),
            ("First:\n```python\na\n```\nBetter:\n```python\nb\nc\n```\nDone.", "b\nc"),
            ("no fence at all", ""),
            ("```python\nprint(1)", ""),  # cut at the token limit
            ("```python\na\n```\ntext\n```python\nb", "text"),  # the last fence opens: between the last two is prose
            ("```\n```", ""),
            ("x = '```'\ny\nz = '```'", "y"),  # anywhere in a line
            ("  ```python\n  a\n  ```", "  a"),
            ("```python\r\na\r\n```", "a\r"),
        ],
    )
    def test_programs_stand_between_the_last_two_lines_with_a_fence(self, response: str, code: str) -> None:
        assert code_between_last_fences(response) == code

    @pytest.mark.parametrize(
        ("response", "assertion"),
        [
            ("assert f(1) == 2\nassert f(1) == 3", "assert f(1) == 3"),
            ("```python\nassert f(1) == 2\n```\nassertion done", "assertion done"),  # it starts with assert
            ("```python\n  assert f(1) == 2\n```", "  assert f(1) == 2"),  # indented: by the fence
            ("```\nx\n```\n```python\ny\n```", "y"),
            ("```\nx\n```", "x"),
            ("```Python\n1\n```\n```python\n2\n```", "1"),
            ("```python\n1", ""),
            ("2", ""),
        ],
    )
    def test_a_test_output_is_the_last_assert_line_or_the_first_python_fence(
        self, response: str, assertion: str
    ) -> None:
        assert last_assertion(response) == assertion

    @pytest.mark.parametrize(
        ("response", "value"),
        [
            ("assert f(1) == [1, 2]\n[/ANSWER]", "[1, 2]"),
            ("[1, 2]\n[/ANSWER]", "[1, 2]"),
            ("[1, 2]\nBecause …", "[1, 2]"),
            ("f(1) == '==' == x\n[/ANSWER]", "'"),  # split at every ==, the second part
            ("f(1) ==\n7\n[/ANSWER]", "7"),
            ("f(1) == 7 and\n8", "7 and"),
            ("", ""),
            ("[ANSWER]\n7\n[/ANSWER]", "[ANSWER]\n7"),  # a direct prompt ends with [ANSWER] itself
        ],
    )
    def test_a_predicted_output_follows_the_first_equality(self, response: str, value: str) -> None:
        assert predicted_output(response) == value

    def test_after_a_thought_the_answer_starts_at_its_mark(self) -> None:
        response = "1. a == 3\n[/THOUGHT]\n[ANSWER]\nassert f(1) == 7\n[/ANSWER]"
        assert predicted_output(response, after_thought=True) == "7"
        assert predicted_output(response) == "3"  # the second part's first line

    def test_each_scenario_of_the_suite_takes_its_rule(self) -> None:
        response = "```python\nassert f(1) == 7\n```"
        checks = {
            Scenario.GENERATION: (Calls(function="f", arguments=(), expected=()), "assert f(1) == 7"),
            Scenario.REPAIR: (Calls(function="f", arguments=(), expected=()), "assert f(1) == 7"),
            Scenario.TEST_OUTPUT: (TestOutput(expected="7"), "assert f(1) == 7"),
            Scenario.EXECUTION: (Prediction(code="", call="f(1)", expected="7"), "7"),
        }
        for scenario, (check, expected) in checks.items():
            problem = replace(POWER, suite="livecodebench", scenario=scenario, check=check)
            assert extract(problem, response, "response").answer == expected

    def test_code_from_elsewhere_that_has_no_fence_was_extracted_already(self) -> None:
        problem = replace(POWER, suite="livecodebench", check=Calls(function="f", arguments=(), expected=()))
        assert extract(problem, "print(1)", "completion").answer == "print(1)"
        assert extract(problem, "print(1)", "response").answer == ""


@pytest.mark.parametrize(
    ("response", "call"),
    [
        ("assert f([1, 2]) == 3\n[/ANSWER]", "f([1, 2])"),
        ('f("a")', 'f("a")'),
        ("f(1) == 3 # or f(2) == 3", "f(1)"),
    ],
)
def test_a_predicted_input_is_the_call_before_the_equality(response: str, call: str) -> None:
    """cruxeval/inference/tasks/input_prediction.py"""
    assert predicted_input(response) == call


class TestOurs:
    """All other suites: the first fence, or the text itself."""

    def test_the_first_fence_wins(self) -> None:
        assert extract(POWER, "So:\n```python\na = 1\n```\n```\nb\n```", "response").answer == "a = 1"

    def test_a_fence_that_was_never_closed_ends_with_the_text(self) -> None:
        assert extract(POWER, "```python\na = 1\nb =", "response").answer == "a = 1\nb ="

    def test_backticks_inside_a_line_are_no_fence(self) -> None:
        assert extract(POWER, '    return "```"\n', "completion").answer == '    return "```"\n'

    @pytest.mark.parametrize("rest", ["class A:\n", "def g():\n", "# done", "if __name__", "print(f2(3))"])
    def test_a_continuation_ends_at_the_stop_sequences_of_base_models(self, rest: str) -> None:
        assert extract(POWER, f"{BODY}{rest}", "response").answer == BODY[:-1]

    def test_the_indentation_of_a_continuation_is_kept(self) -> None:
        assert extract(POWER, BODY, "response").answer == BODY

    def test_a_whole_program_without_a_fence_is_not_cut(self) -> None:
        program = "import math\n\ndef helper(x):\n    return x\n\ndef f2(x):\n    return helper(x) ** 2\n"
        assert extract(POWER, program, "response").answer == program

    def test_a_completion_from_elsewhere_is_not_cut_as_its_own_evaluator_would_not(self) -> None:
        completion = f"{BODY}\ndef helper():\n    pass\n"
        assert extract(POWER, completion, "completion").answer == completion

    def test_a_solution_is_judged_as_it_is(self) -> None:
        assert extract(POWER, "```python\nx\n```", "solution").answer == "```python\nx\n```"

    def test_a_command_stands_in_the_fence(self) -> None:
        problem = replace(POWER, scenario=Scenario.SHELL, language="bash", check=ShellCommand(references=("ls",)))
        assert extract(problem, "```bash\nls -l\n```", "response").answer == "ls -l"

    @given(st.text(st.characters()))
    def test_whatever_is_judged_can_be_encoded(self, response: str) -> None:
        answer = extract(POWER, response, "response").answer
        assert isinstance(answer, str)
        answer.encode("utf-8")


class TestEdits:
    """An exercise's files, as far as the answer changes them."""

    def test_a_whole_file_takes_the_place_of_the_stub(self) -> None:
        found = extract(EDITED, "leap.py\n```\ndef leap(year):\n    return year % 4 == 0\n```", "response")
        assert found.answer == {"leap.py": "def leap(year):\n    return year % 4 == 0\n"}
        assert (found.well_formed, found.distance, found.complaints) == (True, 1, ())

    def test_an_answer_without_edits_leaves_the_files_and_says_why(self) -> None:
        found = extract(EDITED, "I cannot do that.", "response")
        assert found.answer == EDITED.stub
        assert (found.well_formed, found.distance) == (False, None)
        assert found.complaints == ("the answer holds no file: write its name, then its whole text in a fence",)

    def test_the_second_try_edits_what_the_first_left(self) -> None:
        problem = replace(EDITED, source={**EDITED.source, "edit_format": "diff"})
        left = {"leap.py": "def leap(year):\n    return True\n"}
        edit = "leap.py\n```\n<<<<<<< SEARCH\n    return True\n=======\n    return False\n>>>>>>> REPLACE\n```"
        assert extract(problem, edit, "response", left).answer == {"leap.py": "def leap(year):\n    return False\n"}
        assert extract(problem, edit, "response").well_formed is False

    def test_the_tests_are_not_the_answers_to_change(self) -> None:
        found = extract(EDITED, "leap_test.py\n```\n\n```\n\nleap.py\n```\npass\n```", "response")
        assert found.answer == {"leap.py": "pass\n"}

    def test_files_too_long_to_compare_have_no_distance(self) -> None:
        stub = {"leap.py": "a\n" * 20_000}
        problem: Problem = replace(EDITED, stub=stub)
        found = extract(problem, "leap.py\n```\n" + "b\n" * 20_000 + "```", "response")
        assert (found.well_formed, found.distance) == (True, None)
