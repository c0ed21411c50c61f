"""LiveCodeBench's other two scenarios: the output of a test case from the statement, and what a program returns.

Rows of `test_generation` and `execution-v2`. The requests' parts, examples included, are the official ones
(github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/prompts, MIT): test_output_prediction.py and
code_execution.py, the former with its system line in front, the latter without, as the runner has it for models
without a system role.
"""

from collections.abc import Iterable, Iterator

from hrm_edge.bench.suites.livecodebench import parse_tests, question_fields
from hrm_edge.bench.suites.rows import Row
from hrm_edge.data_files import parse_json
from hrm_edge.problems.problem import Prediction, Problem, Scenario, TestOutput

TEST_OUTPUT_FIELDS = (
    "question_title",
    "question_content",
    "question_id",
    "contest_id",
    "contest_date",
    "difficulty",
    "test_id",
    "function_name",
    "starter_code",
)
EXECUTION_FIELDS = (
    "question_id",
    "contest_id",
    "contest_date",
    "difficulty",
    "function_name",
    "code",
    "input",
    "output",
    "id",
    "problem_id",
    "numsteps",
)
"""What the runner's results files repeat of a row."""
_TEST_OUTPUT_SYSTEM = (
    "You are a helpful programming assistant and an expert Python programmer. You are helping a user to write a test "
    "case to help to check the correctness of the function. The user has written a input for the testcase. You will "
    "calculate the output of the testcase and write the whole assertion statement in the markdown code block with the "
    "correct output."
)
_TASK = (
    "You are given a Python function and an assertion containing an input to the function. Complete the assertion with "
    "a literal (no unsimplified expressions, no function calls) containing the output when executing the provided code "
    "on the given input, even if the function is incorrect or incomplete. Do NOT output any extra information."
)
_DIRECT = f"""\
{_TASK} Provide the full assertion with the correct output in [ANSWER] and [/ANSWER] tags, following the examples.

[PYTHON]
def repeatNumber(number : int) -> int:
    return number
assert repeatNumber(number = 17) == ??
[/PYTHON]
[ANSWER]
assert repeatNumber(number = 17) == 17
[/ANSWER]

[PYTHON]
def addCharacterA(string : str) -> str:
    return string + "a"
assert addCharacterA(string = "x9j") == ??
[/PYTHON]
[ANSWER]
assert addCharacterA(string = "x9j") == "x9ja"
[/ANSWER]
"""
_WITH_THOUGHT = f"""\
{_TASK} Execute the program step by step before arriving at an answer, and provide the full assertion with the correct \
output in [ANSWER] and [/ANSWER] tags, following the examples.

[PYTHON]
def performOperation(s):
    s = s + s
    return "b" + s + "a"
assert performOperation(s = "hi") == ??
[/PYTHON]
[THOUGHT]
Let's execute the code step by step:

1. The function performOperation is defined, which takes a single argument s.
2. The function is called with the argument "hi", so within the function, s is initially "hi".
3. Inside the function, s is concatenated with itself, so s becomes "hihi".
4. The function then returns a new string that starts with "b", followed by the value of s (which is now "hihi"), \
and ends with "a".
5. The return value of the function is therefore "bhihia".
[/THOUGHT]
[ANSWER]
assert performOperation(s = "hi") == "bhihia"
[/ANSWER]
"""


def load_test_output(rows: Iterable[Row]) -> Iterator[Problem]:
    """Problems that ask for the output of one test case; `QUESTION/TEST` names each.

    Raises:
        DataError: a row lacks a field, or has not exactly one test whose output is JSON.
    """
    for row in rows:
        tests = parse_tests(row.text("test"), f"{row.place}, field 'test'")
        if len(tests) != 1:
            raise row.wrong("test", "a list of one test")
        arguments = ", ".join(tests[0].input.split("\n"))
        call = f"{row.text('function_name')}({arguments})"
        value = parse_json(tests[0].output, f"{row.place}, the test's output")
        yield Problem(
            suite="livecodebench-test-output",
            id=f"{row.identifier('question_id')}/{row.identifier('test_id')}",
            scenario=Scenario.TEST_OUTPUT,
            language="python",
            request=_test_output_request(row, call),
            check=TestOutput(expected=tests[0].output),
            reference=f"assert {call} == {value!r}",
            difficulty=row.text("difficulty"),
            contest_date=row.day("contest_date"),
            source=question_fields(row, TEST_OUTPUT_FIELDS),
        )


def load_execution(rows: Iterable[Row]) -> Iterator[Problem]:
    """Problems that ask what a program returns for an input.

    Raises:
        DataError: a row lacks a field.
    """
    for row in rows:
        yield _execution(row, "livecodebench-execution", f"{_DIRECT}\n{_question(row)}[ANSWER]\n")


def load_execution_cot(rows: Iterable[Row]) -> Iterator[Problem]:
    """The same problems with a thought before the answer.

    Raises:
        DataError: a row lacks a field.
    """
    for row in rows:
        yield _execution(row, "livecodebench-execution-cot", f"{_WITH_THOUGHT}\n{_question(row)}[THOUGHT]\n")


def _execution(row: Row, suite: str, request: str) -> Problem:
    return Problem(
        suite=suite,
        id=row.identifier("id"),
        scenario=Scenario.EXECUTION,
        language="python",
        request=request,
        check=Prediction(code=row.text("code"), call=row.text("input"), expected=row.text("output")),
        reference=row.text("output"),
        difficulty=row.text("difficulty"),
        contest_date=row.day("contest_date"),
        source=question_fields(row, EXECUTION_FIELDS),
    )


def _question(row: Row) -> str:
    return f"[PYTHON]\n{row.text('code')}\nassert {row.text('input')} == ??\n[/PYTHON]\n"


def _test_output_request(row: Row, call: str) -> str:
    # no newline before "Function:", as in the official prompt: statements mostly end with one
    return (
        f"{_TEST_OUTPUT_SYSTEM}\n\nProblem:\n{row.text('question_content')}"
        f"Function:\n```\n{row.text('starter_code')}\n```\n"
        f"Please complete the following test case:\n\n```\nassert {call} == # TODO\n```\n"
    )
