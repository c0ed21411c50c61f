"""The Aider polyglot benchmark: 225 Exercism exercises in six languages, two tries each, answered by editing files.

Read from a checkout of github.com/Aider-AI/polyglot-benchmark. As in Aider, the model sees the instructions and the
solution files, never the tests; its second try sees what the failing tests printed. Aider talks in one conversation;
our requests stand alone, so the second one repeats the instructions and shows the files as the first try left them.

    hrm-edge bench --suite polyglot --data polyglot-benchmark --language python
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hrm_edge.edits import EditFormat
from hrm_edge.errors import DataError
from hrm_edge.problems.exercise_files import subdirectory
from hrm_edge.problems.exercises import HARNESSES, edit_request, load_exercise, practice_directories
from hrm_edge.problems.problem import Problem, Scenario

CHECKOUT = "polyglot-benchmark"
"""What `git clone` calls its directory."""
SUITE_NAMES: Mapping[EditFormat, str] = {"whole": "polyglot", "diff": "polyglot-diff"}
PASS_UNTOUCHED = frozenset({"go/ledger", "go/markdown", "java/ledger", "java/tree-building", "javascript/ledger"})
"""Refactoring exercises, whose given files pass their tests (run with this project's harnesses at 7e0611e)."""
TRIES = 2
SHOWN_OUTPUT_LINES = 50
"""Of what the tests print, in the second request; Aider's own bound."""
TIMEOUT_S = 30.0

_ASK_AGAIN = """\
{output}

Above is what the tests printed. The tests are right.
Change the code in {files} so that they pass."""


def load_polyglot(checkout: Path, *, edit_format: EditFormat = "whole") -> list[Problem]:
    """Every exercise of a checkout, by name and then language, so that the first few are of several languages.

    Args:
        checkout: the checkout, or a directory of data sets that holds it as `polyglot-benchmark`.

    Raises:
        DataError: it is no such checkout, an exercise's files are not what its config.json says, or one is unsafe to
            read (a link, a huge file).
    """
    checkout = subdirectory(checkout, CHECKOUT) or checkout
    problems = []
    for language in HARNESSES:
        for directory in practice_directories(checkout, language):
            problems.append(_problem(language, directory, edit_format))
    if not problems:
        raise DataError(
            f"{checkout} is no checkout of the Aider polyglot benchmark: <language>/exercises/practice/ is missing; "
            "git clone https://github.com/Aider-AI/polyglot-benchmark"
        )
    return sorted(problems, key=lambda problem: (problem.id.partition("/")[2], problem.language))


def load_polyglot_diff(checkout: Path) -> list[Problem]:
    """The exercises to be answered by search/replace blocks. Errors as load_polyglot."""
    return load_polyglot(checkout, edit_format="diff")


def second_request(problem: Problem, files: Mapping[str, str], output: str) -> str:
    """What the model is asked after its first try failed.

    Args:
        problem: a problem of `load_polyglot`.
        files: path → text of the solution files as the first try left them.
        output: what the failing tests printed.
    """
    shown = "\n".join(output.split("\n")[:SHOWN_OUTPUT_LINES]).strip()
    paths: Sequence[str] = problem.source["shown"]
    ask = _ASK_AGAIN.format(output=shown, files=" ".join(paths))
    return edit_request(
        problem.source["instructions"],
        ask,
        {path: files.get(path, "") for path in paths},
        problem.source["edit_format"],
    )


def _problem(language: str, directory: Path, edit_format: EditFormat) -> Problem:
    exercise = load_exercise(language, directory)
    return Problem(
        suite=SUITE_NAMES[edit_format],
        id=f"{language}/{exercise.slug}",
        scenario=Scenario.EDIT,
        language=language,
        request=exercise.request(edit_format),
        check=exercise.check(TIMEOUT_S),
        reference=exercise.reference,
        stub=exercise.stub,
        tries=TRIES,
        source={
            "instructions": exercise.instructions,
            "edit_format": edit_format,
            "shown": tuple(exercise.stub),
        },
    )
