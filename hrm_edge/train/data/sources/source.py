"""What a source of training examples is: a name, a licence, and a stream that is the same for the same seed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.sources.rows import RowReport


class SourceKind(Protocol):
    """One source. Implementations are frozen dataclasses whose fields are the options a recipe may set."""

    @property
    def name(self) -> str:
        """As recipes, statistics and model cards call it; every example's `source` starts with it."""
        ...

    @property
    def licence(self) -> str:
        """SPDX expression of everything it can yield; an example carries its own part of it."""
        ...

    @property
    def by_default(self) -> bool:
        """Whether a recipe that names no sources uses it."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """Glob patterns of its files under a directory of data sets; empty where it reads none."""
        ...

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """Every example, streamed; equal for equal paths, options and seed.

        Args:
            paths: files, or directories under which `files` are looked for.
            seed: of wordings and values that are drawn.
            report: told of each row that is malformed or left out.

        Raises:
            DataError: a path is not there, or a directory holds none of the files.
        """
        ...
