"""The texts of evaluation sets: every text in every row, and every text file of every exercise."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hrm_edge
from hrm_edge.data_files import read_objects
from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.recipe import Decontamination, Recipe

BUILTIN = "builtin"
_BUILTIN_FOLDER = Path(hrm_edge.__file__).parent / "bench" / "suites" / "builtin_data"
_PATTERNS = ("*.jsonl", "*.jsonl.gz", "*.json")
_PROBLEM_FIELDS = ("question_id", "task_id", "id", "slug", "name")
"""A set may ask several times about one problem: rows with one of these equal are one problem."""
_EXERCISES = ("*/exercises/practice/*", "exercises/practice/*")
LARGEST_TEXT_BYTES = 2**20
"""Of one text: packed tests in base64 have more, and hold no prose."""
LARGEST_EXERCISE_FILE_BYTES = 2**20
_SKIPPED = frozenset({".git", "node_modules", "target", "build", ".gradle"})
"""Folders of an exercise that hold nothing its authors wrote."""


@dataclass(frozen=True)
class EvaluationProblem:
    """One problem of an evaluation set."""

    name: str
    """The set and the problem: `HumanEval.jsonl.gz HumanEval/17`."""
    texts: tuple[str, ...]


def evaluation_sets(settings: Decontamination, recipe: Recipe) -> Iterator[tuple[str, list[EvaluationProblem]]]:
    """(name, problems) of each file of rows, and of each language of exercises.

    Raises:
        DataError: a path is not there, holds no such files, or a file cannot be read.
    """
    for written in settings.evaluation:
        for file in _files(_BUILTIN_FOLDER if written == BUILTIN else recipe.path(written)):
            name = f"{written}/{file.name}" if file.name != Path(written).name else written
            yield name, list(_problems_of_rows(file, name))
    for written in settings.polyglot:
        yield from _exercises(recipe.path(written))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise DataError(f"{path} is not there: [decontamination] names files or directories of evaluation sets")
    found = sorted({file for pattern in _PATTERNS for file in path.rglob(pattern)})
    if not found:
        raise DataError(f"{path} holds none of {', '.join(_PATTERNS)}: name an evaluation set's file or directory")
    return found


def _problems_of_rows(file: Path, name: str) -> Iterator[EvaluationProblem]:
    by_problem: dict[str, list[str]] = {}
    for number, row in read_objects(file):
        texts = by_problem.setdefault(_problem_name(row, number), [])
        texts.extend(text for text in _texts(row) if len(text) <= LARGEST_TEXT_BYTES)
    for problem, found in by_problem.items():
        yield EvaluationProblem(f"{name} {problem}", tuple(dict.fromkeys(found)))


def _problem_name(row: dict[str, Any], number: int) -> str:
    for field in _PROBLEM_FIELDS:
        if isinstance(row.get(field), str | int) and row[field] != "":
            return str(row[field])
    return str(number)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON. What is nested too deeply was refused when it was read."""
    match value:
        case str():
            yield value
        case dict():
            for below in value.values():
                yield from _texts(below)
        case list():
            for below in value:
                yield from _texts(below)


def _exercises(root: Path) -> Iterator[tuple[str, list[EvaluationProblem]]]:
    """A checkout of a track or of several, a benchmark's directory of them, or one exercise."""
    folders = sorted({path for pattern in _EXERCISES for path in root.glob(pattern) if path.is_dir()})
    if not folders and (root / ".meta").is_dir():
        folders = [root]
    if not folders:
        raise DataError(f"{root} holds no exercises/practice: [decontamination] polyglot names checkouts of exercises")
    by_track: dict[str, list[EvaluationProblem]] = {}
    for folder in folders:
        track = folder.absolute().parents[2].name
        files = (file for file in sorted(folder.rglob("*")) if not _SKIPPED & set(file.relative_to(folder).parts))
        texts = [text for file in files if (text := _text_of(file)) is not None]
        by_track.setdefault(track, []).append(EvaluationProblem(f"polyglot/{track} {folder.name}", tuple(texts)))
    for track, problems in by_track.items():
        yield f"polyglot/{track}", problems


def _text_of(file: Path) -> str | None:
    """The text of a file; None for a folder, a link out, a binary or a large file."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST_EXERCISE_FILE_BYTES:
        return None
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
