"""The curriculum as a source of training examples: problems by number.

Only what was run is given: a problem counts in a language if the ledger has the digest of everything that is written
of it there. `hrm-edge data verify` runs more problems and extends the ledger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from hrm_edge.train.data.curriculum.drawing import base_of
from hrm_edge.train.data.curriculum.emission import emit
from hrm_edge.train.data.curriculum.problem import LICENCE, SOURCE
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.scenarios.examples import examples
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.verification.ledger import SHIPPED, Ledger


@dataclass(frozen=True, kw_only=True)
class Curriculum:
    """Problems `first` to `last`, both included; without `last`, to the last one of the ledger."""

    first: int = 0
    last: int | None = None
    languages: tuple[str, ...] = tuple(RENDERERS)
    rounds: int = 1
    """How often each problem is told, in other words each time."""
    ledger: str | None = None
    """A directory of digests instead of the one that comes with hrm-edge."""

    name = SOURCE
    licence = LICENCE
    by_default = True
    files: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        if self.last is None:
            object.__setattr__(self, "last", _ledger(self.ledger).last)

    def key(self, index: int, *, seed: int) -> str:  # noqa: ARG002 - the base does not hang on the seed
        """The atom a problem is drawn around: problems of different ones are different."""
        return base_of(index).name

    def problem(self, index: int, *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """Every example of a problem, in the languages in which it was run."""
        ledger = _ledger(self.ledger)
        made = {}
        for language in self.languages:
            emission = emit(index, RENDERERS[language])
            if ledger.verified(language, index, emission.digest):
                made[language] = emission
            else:
                report.leave_out(self.name, f"problems not run in {language}")
        yield from examples(made, seed, self.rounds)

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:  # noqa: ARG002
        """Those of every problem in turn."""
        assert self.last is not None
        for index in range(self.first, self.last + 1):
            yield from self.problem(index, seed=seed, report=report)


@cache
def _ledger(directory: str | None) -> Ledger:
    return Ledger(Path(directory) if directory else SHIPPED)
