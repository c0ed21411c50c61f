"""LiveCodeBench: contest problems with their dates, to be solved in Python (Jain et al. 2024, arXiv:2403.07974).

Rows of `code_generation_lite`, with its fields and encodings as the official runner reads them
(github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/benchmarks/code_generation.py, MIT). Requests have the
official parts in the official order (lcb_runner/prompts/code_generation.py), with the system line in front, as the
runner has it for models without a system role.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hrm_edge.bench.suites.rows import Row
from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.problems.private_tests import unpack_text
from hrm_edge.problems.problem import Calls, Problem, Scenario, StdinTests
from hrm_edge.prompt import fenced

TIMEOUT_S = 6.0
QUESTION_FIELDS = (
    "question_title",
    "question_content",
    "platform",
    "question_id",
    "contest_id",
    "contest_date",
    "starter_code",
    "difficulty",
)
"""What the runner's results files repeat of a question."""
SYSTEM = (
    "You are an expert Python programmer. You will be given a question (problem specification) and will generate a "
    "correct Python program that matches the specification and passes all tests."
)
WITH_STARTER_CODE = (
    "You will use the following starter code to write the solution to the problem and enclose your code within "
    "delimiters."
)
FROM_STDIN = (
    "Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test on the sample "
    "inputs). Enclose your code within delimiters as follows. Ensure that when the python program runs, it reads the "
    "inputs, runs the algorithm and writes output to STDOUT."
)
STDIN_STUB = "# YOUR CODE HERE"
ANSWER = "### Answer: (use the provided format with backticks)\n\n"


@dataclass(frozen=True, kw_only=True)
class ContestTest:
    """One test of a row."""

    input: str
    output: str
    testtype: Literal["stdin", "functional"]


def load_generation(rows: Iterable[Row]) -> Iterator[Problem]:
    """The problems of rows of `code_generation_lite`; read one by one, since their tests take gigabytes.

    Raises:
        DataError: a row lacks a field, or its tests are not encoded as the data set says.
    """
    for row in rows:
        yield Problem(
            suite="livecodebench",
            id=row.identifier("question_id"),
            scenario=Scenario.GENERATION,
            language="python",
            request=_request(row),
            check=check_of(row),
            stub=_stub(row),
            difficulty=row.text("difficulty"),
            platform=row.text("platform"),
            contest_date=row.day("contest_date"),
            source=question_fields(row, QUESTION_FIELDS),
        )


def question_fields(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    """The row's fields that a results file repeats, the date as text."""
    fields = {name: row.fields[name] for name in names if name in row.fields}
    day = fields.get("contest_date")
    return fields | {"contest_date": day.isoformat()} if isinstance(day, datetime) else fields


def check_of(row: Row) -> Calls | StdinTests:
    """All tests of a row, public before private, as the official checker runs them.

    Raises:
        DataError: there are none, or they are not encoded as the data set says.
    """
    tests = [*_tests(row, "public_test_cases"), *_tests(row, "private_test_cases")]
    if not tests:
        raise DataError(f"{row.place} has no tests: nothing could fail; take the row out")
    metadata = row.json("metadata")
    function = metadata.get("func_name") if isinstance(metadata, dict) else None
    if function is None:
        return StdinTests(tests=tuple((test.input, test.output) for test in tests), timeout_s=TIMEOUT_S)
    if not isinstance(function, str):
        raise row.wrong("metadata", 'JSON with "func_name" as text, or without')
    return Calls(
        function=function,
        arguments=tuple(tuple(_values(test.input.split("\n"), row, "input")) for test in tests),
        expected=tuple(_values([test.output for test in tests], row, "output")),
        method_of="Solution" if "class Solution" in row.text("starter_code") else None,
        equality="livecodebench",
        timeout_s=TIMEOUT_S,
    )


def parse_tests(text: str, place: str) -> list[ContestTest]:
    """The tests of a JSON list of objects with input, output and testtype.

    Raises:
        DataError: it is something else.
    """
    entries = parse_json(text, place)
    if not isinstance(entries, list):
        raise DataError(f"{place} is no list of tests: fetch the file again")
    return [_test(entry, f"{place}, test {number}") for number, entry in enumerate(entries)]


def _tests(row: Row, name: str) -> list[ContestTest]:
    text, place = row.text(name), f"{row.place}, field {name!r}"
    is_packed = name == "private_test_cases" and not text.lstrip().startswith("[")
    return parse_tests(unpack_text(text, place) if is_packed else text, place)


def _test(entry: Any, place: str) -> ContestTest:
    match entry:
        case {"input": str(given), "output": str(output), "testtype": ("stdin" | "functional") as kind}:
            return ContestTest(input=given, output=output, testtype=kind)
    raise DataError(f"{place} is {entry!r:.80}; a test has input, output and testtype (stdin or functional) as text")


def _values(texts: Iterable[str], row: Row, what: str) -> Iterator[Any]:
    for number, text in enumerate(texts):
        yield parse_json(text, f"{row.place}, {what} {number} of a functional test")


def _request(row: Row) -> str:
    starter_code = row.text("starter_code")
    rule = WITH_STARTER_CODE if starter_code else FROM_STDIN
    return (
        f"{SYSTEM}\n\n### Question:\n{row.text('question_content')}\n\n"
        f"### Format: {rule}\n{fenced(starter_code or STDIN_STUB, 'python')}\n\n{ANSWER}"
    )


def _stub(row: Row) -> str:
    """The starter code with an empty body, or a program that prints nothing."""
    starter_code = row.text("starter_code").rstrip()
    return f"{starter_code}\n        pass\n" if starter_code else f"{STDIN_STUB}\n"
