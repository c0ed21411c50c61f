"""What goes into an index: our own recipes, shell data sets, and programs of the curriculum that were run."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from hrm_edge.local_index import Entry
from hrm_edge.prompt import parse_answer
from hrm_edge.train.data.curriculum.emission import emit
from hrm_edge.train.data.curriculum.parts import Part
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.sources.registry import SOURCES
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.verification.ledger import Ledger

SHELL_SOURCES = ("nl2bash", "cheatsheets", "tldr")
"""In the order in which they enter a file that may not hold all."""


def shell_entries(paths: Sequence[Path], report: RowReport) -> Iterator[Entry]:
    """The training parts of the shell data sets, as they were written: held-out requests are not in them.

    Raises:
        DataError: a path is not there, or holds none of a set's files.
    """
    for name in SHELL_SOURCES:
        yield from _entries(name, paths, report)


def recipe_entries(report: RowReport) -> Iterator[Entry]:
    """Our own shell recipes, each with one filling."""
    yield from _entries("recipes", (), report)


def _entries(name: str, paths: Sequence[Path], report: RowReport) -> Iterator[Entry]:
    seen: set[str] = set()
    for example in SOURCES[name].examples(paths, seed=0, report=report):
        if example.group in seen:  # the same command with other values
            continue
        seen.add(example.group)
        yield Entry(
            request=example.request,
            code=parse_answer(example.response).text,
            language=example.language,
            source=example.source,
            licence=example.licence,
            group=example.group,
        )


def curriculum_entries(indices: Sequence[int], ledger: Ledger, languages: Sequence[str]) -> Iterator[Entry]:
    """Problems in words with their plainest solutions, in the languages in which they were run; each problem once,
    whatever number draws it again."""
    seen: set[str] = set()
    for index in indices:
        made = {language: emit(index, RENDERERS[language]) for language in languages}
        run = {name: e for name, e in made.items() if ledger.verified(name, index, e.digest)}
        if not run:
            continue
        first = next(iter(run.values()))
        if first.problem.group in seen:
            continue
        seen.add(first.problem.group)
        sentence = Telling(first.problem, first.renderer, random.Random(index)).sentence().replace("`", "")
        request = _titled(sentence, first.problem.part)
        for language, emission in run.items():
            yield Entry(
                request=request,
                code=emission.solutions[0].text,
                language=language,
                source="curriculum",
                licence="Apache-2.0",
                group=first.problem.group,
            )


def _titled(sentence: str, part: Part) -> str:
    """A lone atom with its name before the sentence: people ask for "the second largest" and for "run-length encoding",
    which is often in the name alone."""
    return f"{part.atom.name.replace('_', ' ').capitalize()}: {sentence}" if part.is_alone else sentence
