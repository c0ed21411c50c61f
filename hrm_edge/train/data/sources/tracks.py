"""Exercism's exercises across languages: which slug is in which track, and how hard its track says it is.

A root is a directory of language tracks, or a checkout of the Aider polyglot benchmark: both hold
`<language>/exercises/practice/<slug>/`. A single track (`python/`) is a root too.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.problems.exercises import HARNESSES, practice_directories
from hrm_edge.train.data.sources.rows import RowReport

EASIEST, HARDEST = 1, 10
"""Of a track's own scale."""
_LARGEST_CONFIG_BYTES = 16 * 2**20


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """What one or several roots hold."""

    directories: Mapping[str, Mapping[str, Path]]
    """Slug → language → directory of the exercise, both in alphabetical order."""
    levels: Mapping[tuple[str, str], int]
    """(language, slug) → the track's own difficulty, EASIEST to HARDEST, where it gives one."""

    def languages(self) -> Mapping[str, tuple[str, ...]]:
        """Slug → the languages that have it."""
        return {slug: tuple(found) for slug, found in self.directories.items()}

    def difficulty(self, language: str, slug: str) -> float | None:
        """0 to 1; that of the other tracks' mean where this one is silent; None where all are."""
        level = self.levels.get((language, slug))
        found = [level] if level is not None else [self.levels[key] for key in self.levels if key[1] == slug]
        return (sum(found) / len(found) - EASIEST) / (HARDEST - EASIEST) if found else None

    def difficulties(self) -> Mapping[str, Counter[int]]:
        """Language → how many exercises its track puts on each level."""
        counts: dict[str, Counter[int]] = defaultdict(Counter)
        for (language, slug), level in self.levels.items():
            if language in self.directories.get(slug, {}):
                counts[language][level] += 1
        return counts


@lru_cache(maxsize=1)
def polyglot_slugs() -> frozenset[str]:
    """The exercises that the Aider polyglot benchmark has in any language (at 7e0611e)."""
    text = resources.files("hrm_edge.train.data.sources").joinpath("polyglot_slugs.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def read_tracks(roots: Sequence[Path], report: RowReport) -> Tracks:
    """The tracks of all roots; of an exercise that several hold, the first.

    Raises:
        DataError: a root is not there or holds no track, or a step of a path is a link.
    """
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    levels: dict[tuple[str, str], int] = {}
    for root in map(_root_of, roots):
        before = len(found)
        for language in sorted(HARNESSES):
            for directory in practice_directories(root, language):
                found[directory.name].setdefault(language, directory)
            for slug, level in _levels(root / language / "config.json", report).items():
                levels.setdefault((language, slug), level)
        if len(found) == before == 0:
            raise DataError(
                f"{root} holds no <language>/exercises/practice/: give a directory of Exercism's tracks, such as "
                "clones of github.com/exercism/python and others side by side"
            )
    directories = {slug: dict(sorted(found[slug].items())) for slug in sorted(found)}
    return Tracks(directories=directories, levels=levels)


def _root_of(path: Path) -> Path:
    """The directory whose children are languages."""
    return path.parent if path.name in HARNESSES and (path / "exercises" / "practice").is_dir() else path


def _levels(config: Path, report: RowReport) -> dict[str, int]:
    """Slug → difficulty as a track's config.json has it; an entry without one is reported."""
    if config.is_symlink() or not config.is_file():
        return {}
    try:
        with config.open("rb") as file:
            content: Any = parse_json(file.read(_LARGEST_CONFIG_BYTES), str(config))
        entries = content["exercises"]["practice"]
        if not isinstance(entries, list):
            raise TypeError
    except (DataError, KeyError, TypeError):
        report.skip(config, 0, "no list at exercises.practice: difficulties are unknown")
        return {}
    levels = {}
    for number, entry in enumerate(entries, 1):
        match entry:
            case {"slug": str(slug), "difficulty": int(level)} if EASIEST <= level <= HARDEST:
                levels[slug] = level
            case _:
                report.skip(config, number, f"exercise {number} has no slug with a difficulty from 1 to 10")
    return levels
