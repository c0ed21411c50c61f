"""The suite that comes with hrm-edge, so that a model can be measured at once and offline; all of it written for this.

- function: 24 tasks of three difficulties in six languages, judged by calls whose results the host compares;
- shell: 40 commands from words, each with the ways of writing it that count as the same;
- repair: 8 buggy Python functions with a call that goes wrong;
- execution: 8 Python calls whose value is asked for.

It is small and public: a first impression, no rank. Nothing in it is from another set or from a training text. The
first N of its 200 problems are a mixture of all parts, languages and difficulties.
"""

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from hrm_edge.bench.suites.function_signatures import LANGUAGES_WITH_SIGNATURES, name_in, stub_in
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Calls, Prediction, Problem, Scenario, ShellCommand, Signature
from hrm_edge.prompt import fenced

SUITE = "builtin"
EXAMPLES_SHOWN = 2


def load_builtin() -> list[Problem]:
    """All 200 problems."""
    parts = (list(_functions()), list(_shell()), list(_repairs()), list(_executions()))
    places = [((index + 0.5) / len(part), problem) for part in parts for index, problem in enumerate(part)]
    return [problem for _, problem in sorted(places, key=lambda place: place[0])]


def _rows(part: str) -> list[dict[str, Any]]:
    file = resources.files("hrm_edge.bench.suites").joinpath("builtin_data", f"{part}.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def _functions() -> Iterator[Problem]:
    """Neighbours differ in language and, most of them, in difficulty; the file is sorted by difficulty."""
    rows = _rows("functions")
    step = len(rows) // len(LANGUAGES_WITH_SIGNATURES)
    for start in range(len(rows)):
        for offset, language in enumerate(LANGUAGES_WITH_SIGNATURES):
            yield _function(rows[(start + offset * step) % len(rows)], language)


def _function(row: Mapping[str, Any], language: str) -> Problem:
    name, check = row["name"], _calls(row, language)
    assert check.signature is not None
    stub = stub_in(language, name, check.signature)
    asked = (
        f"Write the function in this {LANGUAGES[language].title} program. Answer with the whole code.\n"
        f"{fenced(stub.rstrip(), language)}\n{_described(row, language)}\n\n{_examples(check, language)}"
    )
    return Problem(
        suite=SUITE,
        id=f"function/{name}/{language}",
        scenario=Scenario.GENERATION,
        language=language,
        request=asked,
        check=check,
        reference=row["references"][language],
        stub=stub,
        difficulty=row["difficulty"],
    )


def _calls(row: Mapping[str, Any], language: str) -> Calls:
    return Calls(
        function=name_in(language, row["name"]),
        arguments=tuple(tuple(arguments) for arguments, _ in row["calls"]),
        expected=tuple(expected for _, expected in row["calls"]),
        signature=Signature(parameters=tuple((name, kind) for name, kind in row["parameters"]), result=row["result"]),
    )


def _described(row: Mapping[str, Any], language: str) -> str:
    """The description, with the parameters called as they are in this language."""
    text: str = row["description"]
    for parameter, _ in row["parameters"]:
        text = text.replace(f"`{parameter}`", f"`{name_in(language, parameter)}`")
    return text


def _examples(check: Calls, language: str) -> str:
    """The first calls with their results: assertions in Python, and in the other languages what reads like them."""
    start = "assert " if language == "python" else ""
    shown = zip(check.arguments[:EXAMPLES_SHOWN], check.expected, strict=False)
    return "\n".join(
        f"{start}{check.function}({', '.join(_literal(value, language) for value in arguments)})"
        f" == {_literal(expected, language)}"
        for arguments, expected in shown
    )


def _literal(value: Any, language: str) -> str:
    return repr(value) if language == "python" else json.dumps(value)


def _shell() -> Iterator[Problem]:
    for number, row in enumerate(_rows("shell"), start=1):
        yield Problem(
            suite=SUITE,
            id=f"shell/{number}",
            scenario=Scenario.SHELL,
            language="bash",
            request=row["request"],
            check=ShellCommand(references=tuple(row["references"])),
            reference=row["references"][0],
            difficulty=row["difficulty"],
        )


def _repairs() -> Iterator[Problem]:
    """The first call of each goes wrong."""
    for row in _rows("repairs"):
        check = _calls(row, "python")
        yield Problem(
            suite=SUITE,
            id=f"repair/{row['name']}",
            scenario=Scenario.REPAIR,
            language="python",
            request=(
                f"Repair this Python function. Answer with the whole code.\n{fenced(row['buggy'].strip(), 'python')}\n"
                f"{row['description']}\n\nThis fails:\n{_examples(check, 'python').partition(chr(10))[0]}"
            ),
            check=check,
            reference=row["reference"],
            stub=row["buggy"],
            difficulty=row["difficulty"],
        )


def _executions() -> Iterator[Problem]:
    for number, row in enumerate(_rows("executions"), start=1):
        yield Problem(
            suite=SUITE,
            id=f"execution/{number}",
            scenario=Scenario.EXECUTION,
            language="python",
            request=(
                "What does the call return? Complete the assertion with the value.\n"
                f"{fenced(row['code'] + 'assert ' + row['call'] + ' == ??', 'python')}"
            ),
            check=Prediction(code=row["code"], call=row["call"], expected=row["expected"]),
            reference=row["expected"],
            difficulty=row["difficulty"],
        )
