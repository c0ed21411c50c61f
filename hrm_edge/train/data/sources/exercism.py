"""Exercism's practice exercises: generation, edits, translation and test writing from tracks in six languages.

The 100 slugs of the Aider polyglot benchmark are refused in every language, since a solution in one language gives
away the others; a recipe that says `polyglot = true` gets them, and no polyglot score of that model means anything.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import ClassVar

from hrm_edge.edits import EditFormat, SearchReplace, WholeFile, render_edits
from hrm_edge.errors import DataError, EditError
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.exercises import Exercise, load_exercise
from hrm_edge.prompt import fenced
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.sources.tracks import Tracks, polyglot_slugs, read_tracks
from hrm_edge.train.data.sources.verification import Unverified, load_record

TIMEOUT_S = 30.0
LONGEST = 12_000
"""Characters of a request with its response; longer ones fit no context of ours."""


@dataclass(frozen=True, kw_only=True)
class Exercism:
    """Exercises from tracks or a polyglot checkout."""

    name: ClassVar[str] = "exercism"
    licence: ClassVar[str] = "MIT"
    by_default: ClassVar[bool] = False
    """It needs checkouts of one's own."""
    files: ClassVar[tuple[str, ...]] = ("*/exercises/practice/**/*", "exercises/practice/**/*")

    polyglot: bool = False
    """Accept the exercises of the Aider polyglot benchmark."""
    only_verified: bool = False
    """Leave out examples whose solution no record vouches for."""
    verified: tuple[str, ...] = ()
    """Records of verified solutions: tracks change, so the package has none."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples; `paths` are roots of tracks."""
        tracks, record = read_tracks(paths, report), load_record(self.verified)
        for slug, found in self._exercises(tracks, report):
            rng = random.Random(f"{seed} exercism {slug}")
            executed = {
                language: record.vouches_for(unverified(exercise)) or None for language, exercise in found.items()
            }
            for example in _of_slug(found, executed, tracks, rng):
                if self.only_verified and not example.executed:
                    report.leave_out(self.name, "no record that the solution passes")
                elif len(example.request) + len(example.response) > LONGEST:
                    report.leave_out(self.name, f"more than {LONGEST:,} characters")
                else:
                    yield example

    def unverified(self, paths: Sequence[Path], report: RowReport) -> Iterator[Unverified]:
        """Every exercise's own solution with its tests, for verification.verify."""
        for _, found in self._exercises(read_tracks(paths, report), report):
            yield from map(unverified, found.values())

    def _exercises(self, tracks: Tracks, report: RowReport) -> Iterator[tuple[str, Mapping[str, Exercise]]]:
        """(slug, language → exercise) of those that may be used and can be read."""
        for slug, directories in tracks.directories.items():
            if slug in polyglot_slugs() and not self.polyglot:
                report.leave_out(self.name, "an exercise of the Aider polyglot benchmark", len(directories))
                continue
            found = {}
            for language, directory in directories.items():
                report.read[str(directory.parent)] += 1
                try:
                    exercise = load_exercise(language, directory)
                except DataError as error:
                    report.skip(directory, 0, str(error))
                    continue
                shown = [exercise.files.get(path, "") for path in (*exercise.tests, *exercise.stub)]
                if any("```" in text for text in (*exercise.reference.values(), *shown)):
                    report.leave_out(self.name, "code that holds a fence")
                else:
                    found[language] = exercise
            yield slug, found


def unverified(exercise: Exercise) -> Unverified:
    """The exercise's own solution and its tests."""
    return Unverified(
        id=f"exercism/{exercise.slug} {exercise.language}",
        language=exercise.language,
        answer=exercise.reference,
        check=exercise.check(TIMEOUT_S),
    )


def _of_slug(
    found: Mapping[str, Exercise], executed: Mapping[str, bool | None], tracks: Tracks, rng: random.Random
) -> Iterator[TrainingExample]:
    for language, exercise in found.items():
        for task, request, response in _tasks(exercise, rng):
            yield _example(exercise, task, request, response, executed[language], tracks)
    for source, target in permutations(found.values(), 2):
        response = _answer(target)
        yield _example(
            target, Task.TRANSFER, _transfer(source, target, rng), response, executed[target.language], tracks
        )


def _tasks(exercise: Exercise, rng: random.Random) -> Iterator[tuple[Task, str, str]]:
    """(task, request, response) of one exercise in one language."""
    title = LANGUAGES[exercise.language].title
    ask = rng.choice(("Solve this exercise in {title}.", "Write this in {title}.", "Complete the {title} code."))
    shown = _shown(exercise.stub, exercise.language)
    yield Task.GENERATION, f"{ask.format(title=title)}\n\n{exercise.instructions}\n\n{shown}", _answer(exercise)
    whole = [WholeFile(path=path, text=_lines(text)) for path, text in exercise.reference.items()]
    yield from _edit(exercise, "whole", whole)
    blocks = [
        SearchReplace(path=path, search=exercise.stub.get(path, ""), replace=_lines(text))
        for path, text in exercise.reference.items()
        if exercise.stub.get(path) != _lines(text)
    ]
    yield from _edit(exercise, "diff", blocks)
    tests = {path: exercise.files[path] for path in exercise.tests if path in exercise.files}
    request = f"Write tests in {title} for a solution of this exercise.\n\n{exercise.instructions}\n\n{shown}"
    yield Task.TEST_WRITING, request, _shown(tests, exercise.language)


def _edit(
    exercise: Exercise, edit_format: EditFormat, edits: Sequence[WholeFile | SearchReplace]
) -> Iterator[tuple[Task, str, str]]:
    """The polyglot benchmark's own request and an answer in its form; nothing where the form cannot hold it."""
    try:
        yield Task.EDIT, exercise.request(edit_format), render_edits(edits)
    except EditError:
        return


def _transfer(source: Exercise, target: Exercise, rng: random.Random) -> str:
    here, there = LANGUAGES[source.language].title, LANGUAGES[target.language].title
    ask = rng.choice(
        (
            f"Translate this {here} solution to {there}. These are the {there} files to fill:",
            f"Here is a solution in {here}. Write it in {there}, in these files:",
            f"Port this {here} code to {there}. Begin with:",
        )
    )
    return f"{ask}\n\n{_shown(target.stub, target.language)}\n\n{here}:\n\n{_shown(source.reference, source.language)}"


def _answer(exercise: Exercise) -> str:
    """The solution: one fence, or each file under its name where there are several."""
    if len(exercise.reference) == 1:
        (text,) = exercise.reference.values()
        return fenced(text.rstrip("\n"), exercise.language)
    return _shown(exercise.reference, exercise.language)


def _shown(files: Mapping[str, str], language: str) -> str:
    return "\n\n".join(f"{path}\n{fenced(text.rstrip(chr(10)), language)}" for path, text in files.items())


def _lines(text: str) -> str:
    return text.rstrip("\n") + "\n"


def _example(
    exercise: Exercise, task: Task, request: str, response: str, executed: bool | None, tracks: Tracks
) -> TrainingExample:
    return TrainingExample(
        request=request,
        response=response,
        task=task,
        language=exercise.language,
        source=Exercism.name,
        licence=Exercism.licence,
        group=f"exercism/{exercise.slug}",
        difficulty=tracks.difficulty(exercise.language, exercise.slug),
        executed=executed,
    )
