"""The shell recipes of the package (train/data/shell): a few ways to ask, one command, slots with fresh values."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from hrm_edge.prompt import fenced
from hrm_edge.shell_recipes.recipes import load_recipes
from hrm_edge.train.data.data_sets import Example
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.shell.filling import fill
from hrm_edge.train.data.sources.rows import RowReport


@dataclass(frozen=True, kw_only=True)
class Recipes:
    """Shell commands from recipes; none whose filled request is in the share held out for evaluation."""

    name: ClassVar[str] = "recipes"
    licence: ClassVar[str] = "Apache-2.0"
    by_default: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ()

    fillings: int = 20
    """Of each recipe."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples; `paths` are not read."""
        del paths
        for number, recipe in enumerate(load_recipes()):
            rng = random.Random(f"{seed} recipes {number}")
            seen: set[str] = set()
            for _ in range(self.fillings):
                request, command = fill(recipe, rng)
                if Example(request=request, code=command, language="bash", source=self.name).held_out:
                    report.leave_out(self.name, "held out for evaluation")
                elif request not in seen:
                    seen.add(request)
                    yield TrainingExample(
                        request=request,
                        response=fenced(command, "bash"),
                        task=Task.SHELL,
                        language="bash",
                        source=self.name,
                        licence=self.licence,
                        group=f"recipes/{number}",
                    )
