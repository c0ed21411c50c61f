"""Exercism's canonical data (github.com/exercism/problem-specifications): tests in six languages from one list.

Each function of an exercise gives tests to write, from the description and the function's head, and calls whose result
is asked for. The 100 slugs of the Aider polyglot benchmark are refused, as in exercism.py.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.prompt import fenced
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.renderers.renderer import Renderer
from hrm_edge.train.data.sources import wordings
from hrm_edge.train.data.sources.canonical_cases import Calls, typed_calls
from hrm_edge.train.data.sources.rows import BadRow, Fields, RowReport, convert_rows, find_files
from hrm_edge.train.data.sources.tracks import polyglot_slugs

LONGEST_DESCRIPTION = 3000
"""Characters of a description that goes into a request; a longer one is cut at a paragraph."""
_MOST_PREDICTED = 6
"""Calls of one function whose result is asked for."""
_LARGEST_BYTES = 2**22


@dataclass(frozen=True, kw_only=True)
class Canonical:
    """One exercise."""

    slug: str
    description: str
    functions: tuple[Calls, ...]
    left_out: Counter[str]
    """Rule → cases."""


@dataclass(frozen=True, kw_only=True)
class CanonicalData:
    """Test writing in six languages and test outputs from canonical data."""

    name: ClassVar[str] = "exercism-canonical"
    licence: ClassVar[str] = "MIT"
    by_default: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("exercism-canonical.jsonl.gz", "exercises/*/canonical-data.json")

    polyglot: bool = False
    """Accept the exercises of the Aider polyglot benchmark."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples."""
        for exercise in self.read(paths, report):
            rng = random.Random(f"{seed} {self.name} {exercise.slug}")
            for calls in exercise.functions:
                for renderer in RENDERERS.values():
                    yield _test_writing(exercise, calls, renderer, rng)
                yield from _test_outputs(exercise, calls, rng)

    def read(self, paths: Sequence[Path], report: RowReport) -> Iterator[Canonical]:
        """The exercises that may be used; cases without a type are counted by rule.

        Raises:
            DataError: as SourceKind.examples.
        """
        for path in find_files(paths, self.files):
            for exercise in _exercises(path, report):
                if exercise.slug in polyglot_slugs() and not self.polyglot:
                    report.leave_out(self.name, "an exercise of the Aider polyglot benchmark")
                    continue
                for rule, count in sorted(exercise.left_out.items()):
                    report.leave_out(self.name, f"case: {rule}", count)
                if exercise.functions:
                    yield exercise
                else:
                    report.leave_out(self.name, "an exercise without a case that has a type")


def _exercises(path: Path, report: RowReport) -> Iterator[Canonical]:
    """Of a file of rows, or of one exercise's canonical-data.json."""
    if path.suffix != ".json":
        for _, exercise in convert_rows(path, report, _read_row):
            yield exercise
        return
    report.read[str(path)] += 1
    try:
        with path.open("rb") as file:
            data = parse_json(file.read(_LARGEST_BYTES), "the file")
        description = _sibling(path, "description.md") or _sibling(path, "instructions.md")
        yield from _read_row(Fields({"slug": path.parent.name, "description_md": description, "canonical_data": data}))
    except DataError as error:
        report.skip(path, 0, str(error))


def _sibling(path: Path, name: str) -> str:
    """The text beside the file; empty where there is none. A link is not followed."""
    beside = path.with_name(name)
    if beside.is_symlink() or not beside.is_file():
        return ""
    with beside.open("rb") as file:
        return file.read(_LARGEST_BYTES).decode("utf-8", "replace")


def _read_row(fields: Fields) -> list[Canonical]:
    data, left_out = fields.row.get("canonical_data"), Counter[str]()
    if data is not None and not isinstance(data, dict):
        raise BadRow(f"'canonical_data' is {data!r:.80}; an object or null is needed there")
    functions = typed_calls(data, left_out) if data is not None else []
    return [
        Canonical(
            slug=fields.text("slug"),
            description=_shortened(fields.text("description_md", may_be_empty=True)),
            functions=tuple(functions),
            left_out=+left_out,
        )
    ]


def _shortened(description: str) -> str:
    text = description.replace("\r\n", "\n").strip()
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[: text.rfind("\n\n", 0, LONGEST_DESCRIPTION)].strip()


def _test_writing(exercise: Canonical, calls: Calls, renderer: Renderer, rng: random.Random) -> TrainingExample:
    request = wordings.write_tests(exercise.description, renderer.head(calls.program), renderer.language, rng)
    response = fenced(renderer.tests(calls.program, calls.cases), renderer.language)
    return _example(exercise, Task.TEST_WRITING, request, response, renderer.language)


def _test_outputs(exercise: Canonical, calls: Calls, rng: random.Random) -> Iterator[TrainingExample]:
    python = RENDERERS["python"]
    for case in calls.cases[:_MOST_PREDICTED]:
        call = python.call(calls.program, case.arguments)
        value = python.literal(case.result, calls.program.entry.result)
        request = wordings.complete_assertion(exercise.description, python.head(calls.program), call, rng)
        yield _example(exercise, Task.TEST_OUTPUT, request, fenced(f"assert {call} == {value}", "python"), "python")


def _example(exercise: Canonical, task: Task, request: str, response: str, language: str) -> TrainingExample:
    return TrainingExample(
        request=request,
        response=response,
        task=task,
        language=language,
        source=CanonicalData.name,
        licence=CanonicalData.licence,
        group=f"{CanonicalData.name}/{exercise.slug}",
    )
