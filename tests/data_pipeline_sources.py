"""Small sources for the tests of the data pipeline, importable by its worker processes too."""
# ruff: noqa: ARG002 - the signatures are those of SourceKind

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.pipeline.recipe import Recipe, parse_recipe
from hrm_edge.train.data.sources.rows import RowReport

LANGUAGES = ("python", "go", "rust")
TASKS = (Task.GENERATION, Task.REPAIR, Task.EXECUTION)
_WORDS = ("tree", "river", "stone", "cloud", "lamp", "door", "field", "glass", "horn", "iron", "jar", "kite")


def example(number: int, **changes: Any) -> TrainingExample:
    """An example whose texts depend on the number alone."""
    rng = random.Random(number)
    words = " ".join(rng.choices(_WORDS, k=rng.randint(3, 40)))
    made = TrainingExample(
        request=f"Write number {number}: {words}",
        response=f"```python\nreturn {number}  # {words[:20]}\n```",
        task=TASKS[number % 3],
        language=LANGUAGES[number // 3 % 3],
        source="finite",
        licence="MIT",
        group=f"finite/{number}",
        difficulty=number % 97 / 97,
        executed=True,
    )
    return replace(made, **changes)


@dataclass(frozen=True)
class Finite:
    """`count` different examples, every `repeat`-th of them given twice."""

    count: int = 200
    repeat: int = 10
    dated: bool = False

    name = "finite"
    licence = "MIT"
    by_default = True
    files = ()

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        for number in range(self.count):
            day = date(2023, 4, 1 + number % 30) if self.dated else None
            yield example(number, contest_date=day)
            if self.repeat and number % self.repeat == 0:
                yield example(number, request=example(number).request.upper() + "  ", contest_date=day)
        report.leave_out("finite", "a rule of the source", 3)


@dataclass(frozen=True)
class Endless:
    """Problem n says what its key says: of 1,000 keys, so that most come again and again."""

    first: int = 0
    last: int | None = None
    keys: int = 1_000
    tasks: int = 3

    name = "endless"
    licence = "Apache-2.0"
    by_default = True
    files = ()

    def key(self, index: int, *, seed: int) -> str:
        return str(random.Random(f"{seed}/{index}").randrange(self.keys))

    def problem(self, index: int, *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        number = 1_000_000 + 10 * int(self.key(index, seed=seed))
        for part in range(9):
            if part % 3 < self.tasks:
                made = example(number + part, source="endless", group=f"endless/{index}")
                yield replace(made, task=TASKS[part % 3], language=LANGUAGES[part // 3])

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        assert self.last is not None
        for index in range(self.first, self.last + 1):
            yield from self.problem(index, seed=seed, report=report)


@dataclass(frozen=True)
class Broken(Endless):
    """A source with a bug."""

    def problem(self, index: int, *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        raise ZeroDivisionError("a bug")


@dataclass(frozen=True)
class Fixed:
    """The examples it is given."""

    given: tuple[TrainingExample, ...] = ()

    name = "fixed"
    licence = "MIT"
    by_default = True
    files = ()

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        yield from self.given


KINDS = {"finite": Finite, "endless": Endless}


def find(name: str, options: Mapping[str, Any]) -> Any:
    """The table of these sources."""
    return KINDS[name](**options)


def recipe(**written: Any) -> Recipe:
    """A recipe of these sources; what is not given has small values."""
    values: dict[str, Any] = {"name": "test", "seed": 5, "longest": 256, "shards": 3, **written}
    values.setdefault("sources", {"finite": {}})
    return parse_recipe(values, "test.toml", Path.cwd(), None)
