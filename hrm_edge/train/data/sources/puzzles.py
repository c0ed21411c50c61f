"""Python Programming Puzzles (Schuster et al. 2021, arXiv:2106.05784): find what makes `sat` true.

A puzzle is a function `sat`; its answer a function `sol` for which `sat(sol()) is True`.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import ClassVar

from hrm_edge.problems.problem import PythonTests
from hrm_edge.prompt import fenced
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.sources.python_text import parsed
from hrm_edge.train.data.sources.rows import Fields, RowReport, convert_rows, find_files
from hrm_edge.train.data.sources.verification import Unverified, load_record

LONGEST_PUZZLE = 1500
"""Characters of `sat` with its values: some hold numbers of thousands of digits."""
_IMPORTS = "from typing import *\n"
_ASKS = (
    "Write `sol` so that `sat(sol())` is True.",
    "Solve this puzzle: write a function sol whose result makes sat return True.",
    "Find what satisfies this function. Answer with `sol`.",
)
_WEIGHTS = {10.0: 0.9, 5.0: 0.8, 0.2: 0.1}
"""The authors' weight of a puzzle → difficulty: the heavy ones are hard, the light ones made by machine."""


@dataclass(frozen=True, kw_only=True)
class Puzzle:
    """One row."""

    id: str
    sat: str
    head: str
    documentation: str
    solutions: tuple[str, ...]
    """Whole functions `sol`."""
    difficulty: float | None

    def unverified(self, solution: str) -> Unverified:
        """A solution and the puzzle."""
        check = PythonTests(
            entry_point="sol", tests=("assert sat(sol()) is True",), setup=_IMPORTS + self.sat, timeout_s=20.0
        )
        return Unverified(id=self.id, language="python", answer=_IMPORTS + solution, check=check)


@dataclass(frozen=True, kw_only=True)
class Puzzles:
    """Generation from puzzles."""

    name: ClassVar[str] = "python-puzzles"
    licence: ClassVar[str] = "MIT"
    by_default: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("python_puzzles.jsonl.gz", "python_puzzles.jsonl", "puzzles.json")

    only_verified: bool = True
    """Leave out solutions that no record vouches for."""
    verified: tuple[str, ...] = ()
    """Records of verified answers, beside the package's own."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples."""
        record = load_record(self.verified)
        for puzzle in self.read(paths, report):
            rng = random.Random(f"{seed} {puzzle.id}")
            for solution in puzzle.solutions:
                ran = record.vouches_for(puzzle.unverified(solution))
                if ran or not self.only_verified:
                    yield _example(puzzle, solution, rng, executed=ran or None)
                else:
                    report.leave_out(self.name, "a solution that was not seen to solve its puzzle")

    def read(self, paths: Sequence[Path], report: RowReport) -> Iterator[Puzzle]:
        """The puzzles that have a solution and are short enough.

        Raises:
            DataError: as SourceKind.examples.
        """
        for path in find_files(paths, self.files):
            for _, puzzle in convert_rows(path, report, _read_row):
                if not puzzle.solutions:
                    report.leave_out(self.name, "no solution")
                elif len(puzzle.sat) > LONGEST_PUZZLE:
                    report.leave_out(self.name, f"a puzzle of more than {LONGEST_PUZZLE:,} characters")
                else:
                    yield puzzle

    def unverified(self, paths: Sequence[Path], report: RowReport) -> Iterator[Unverified]:
        """Every solution with its puzzle, for verification.verify."""
        for puzzle in self.read(paths, report):
            yield from map(puzzle.unverified, puzzle.solutions)


def _read_row(fields: Fields) -> list[Puzzle]:
    sat, head = fields.text("sat"), fields.text("sol_header")
    documentation = " ".join(dedent(fields.text("sol_docstring", may_be_empty=True)).strip().strip('"').split())
    solutions = tuple(f"{head}\n{body.rstrip()}" for body in fields.texts("sol_bodies", may_be_empty=True))
    for code in (sat, *solutions):
        parsed(code, "sat" if code is sat else "sol_bodies")
    return [
        Puzzle(
            id=f"python-puzzles/{fields.text('name')}",
            sat=sat,
            head=head,
            documentation=documentation,
            solutions=solutions,
            difficulty=_WEIGHTS.get(fields.row.get("weight", 1.0)),
        )
    ]


def _example(puzzle: Puzzle, solution: str, rng: random.Random, *, executed: bool | None) -> TrainingExample:
    documentation = puzzle.documentation if rng.random() < 0.5 else ""
    request = f"{rng.choice(_ASKS)}\n{documentation}".strip() + f"\n{fenced(puzzle.sat, 'python')}"
    return TrainingExample(
        request=request,
        response=fenced(solution, "python"),
        task=Task.GENERATION,
        language="python",
        source=Puzzles.name,
        licence=Puzzles.licence,
        group=puzzle.id.partition(":")[0],
        difficulty=puzzle.difficulty,
        executed=executed,
    )
