"""LiveCodeBench's self-repair: each wrong program of a generation run, shown with its first failure, to be mended.

Reads the `_eval_all.json` of a generation run and, for the tests, the rows that the run was made of. As in the
official runner there is one try for each program, and programs that passed are kept: their problem asks nothing (an
empty request), and its reference, the program, is the answer. Requests have the official parts
(github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner: runner/base_runner.py, prompts/self_repair.py; MIT).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hrm_edge.bench.suites.livecodebench import ANSWER, QUESTION_FIELDS, STDIN_STUB, check_of, question_fields
from hrm_edge.bench.suites.rows import Row
from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls, Problem, Scenario, StdinTests
from hrm_edge.prompt import fenced

SYSTEM = (
    "You are a helpful programming assistant and an expert Python programmer. You are helping a user write a program "
    "to solve a problem. The user has written some code, but it has some errors and is not passing the tests. You will "
    "help the user by first giving a concise (at most 2-3 sentences) textual explanation of what is wrong with the "
    "code. After you have pointed out what is wrong with the code, you will then generate a fixed version of the "
    "program. You must put the entired fixed program within code delimiters only for once."
)
FORMAT = (
    "Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test on the sample "
    "inputs). Enclose your code within delimiters as follows."
)
"""Of all problems, also of those that ask for a function: so it is in the official prompt."""
FAILURES: Mapping[int, tuple[str, tuple[tuple[str, str], ...]]] = {
    -1: ("got the following compilation error.", (("", "error"),)),
    -2: ("got a wrong answer.", (("Input: ", "inputs"), ("Generated Output: ", "output"), ("Expected: ", "expected"))),
    -3: ("got time limit exceeded.", (("", "error"), ("Input: ", "inputs"), ("Expected: ", "expected"))),
    -4: ("got a runtime error.", (("Input: ", "inputs"), ("Expected: ", "expected"), ("", "error"))),
    -5: ("could not be tested.", (("", "error"),)),
}
"""error_code → what happened, and (label, field of the metadata) of the lines that follow.

The official evaluation also writes −5 (its own failure, or all tests together out of time), for which the official
prompt has no words: these are ours."""


def load_repair(rows: Iterable[Row]) -> Iterator[Problem]:
    """A problem for each program of an `_eval_all.json`; its rows come first, then those with the tests.

    Raises:
        DataError: a row lacks a field, a question comes twice, or has programs and no tests.
    """
    judged: dict[str, Row] = {}
    for row in rows:
        identifier = row.identifier("question_id")
        if "code_list" in row.fields:
            if identifier in judged:
                raise DataError(f"{row.place}: question {identifier} comes twice: give one _eval_all.json")
            judged[identifier] = row
        elif identifier in judged:
            yield from _problems(judged.pop(identifier), check_of(row))
    if judged:
        raise DataError(
            f"{next(iter(judged.values())).place}: question {next(iter(judged))} and {len(judged) - 1} more have no "
            "tests: put the data that the generation run was made of beside it"
        )


def _problems(row: Row, check: Calls | StdinTests) -> Iterator[Problem]:
    codes, metadata, graded = row.texts("code_list"), row.texts("metadata"), row.fields.get("graded_list")
    if not isinstance(graded, list) or not all(isinstance(passed, bool) for passed in graded):
        raise row.wrong("graded_list", "a list of true and false")
    if not len(codes) == len(metadata) == len(graded):
        raise DataError(
            f"{row.place} has {len(codes)} programs, {len(metadata)} metadata and {len(graded)} grades: they must be "
            "as many"
        )
    for number, (code, passed, told) in enumerate(zip(codes, graded, metadata, strict=True)):
        yield Problem(
            suite="livecodebench-repair",
            id=f"{row.identifier('question_id')}/{number}",
            scenario=Scenario.REPAIR,
            language="python",
            request="" if passed else _request(row, code, failure_text(told, f"{row.place}, metadata {number}")),
            check=check,
            reference=code if passed else None,
            stub=None if passed else code,
            difficulty=row.text("difficulty"),
            platform=row.text("platform"),
            contest_date=row.day("contest_date"),
            source={**question_fields(row, QUESTION_FIELDS), "code_index": number, "original_code": code},
        )


def failure_text(metadata: str, place: str) -> str:
    """What a program did wrong, from its metadata; empty where the metadata does not say.

    Raises:
        DataError: the metadata is no JSON object, or its error_code is none of the official ones.
    """
    told = parse_json(metadata, place)
    if not isinstance(told, dict):
        raise DataError(f"{place} is no JSON object: write it as the official evaluation does")
    if "error_code" not in told:
        return ""
    known = isinstance(told["error_code"], int) and told["error_code"] in FAILURES
    if not known:
        raise DataError(f"{place}: error_code is {told['error_code']!r:.40}; choose of {', '.join(map(str, FAILURES))}")
    what, lines = FAILURES[told["error_code"]]
    return "\n".join(
        [f"The above code is incorrect and {what}", *(f"{label}{_said(told, name)}" for label, name in lines)]
    )


def _said(told: Mapping[str, Any], name: str) -> Any:
    """A field of the metadata, or the error's name where only that was kept."""
    return told.get(name, told.get("error_message", "") if name == "error" else "")


def _request(row: Row, code: str, failure: str) -> str:
    return (
        f"{SYSTEM}\n\n### Question:\n{row.text('question_content')}\n\n### Answer:\n{fenced(code, 'python')}\n\n"
        f"{failure}\n### Format: {FORMAT}\n{fenced(STDIN_STUB, 'python')}\n\n{ANSWER}"
    )
