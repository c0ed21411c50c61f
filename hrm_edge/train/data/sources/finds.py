"""File searches of our own (train/data/shell/finds): conditions and actions in every combination, fresh values."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from hrm_edge.prompt import fenced
from hrm_edge.train.data.data_sets import Example
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.shell.finds import draw_find
from hrm_edge.train.data.sources.rows import RowReport


@dataclass(frozen=True, kw_only=True)
class Finds:
    """Find commands from a grammar; none whose request is in the share held out for evaluation."""

    name: ClassVar[str] = "finds"
    licence: ClassVar[str] = "Apache-2.0"
    by_default: ClassVar[bool] = False
    files: ClassVar[tuple[str, ...]] = ()

    count: int = 20_000
    """Searches to draw; those held out or drawn before are not replaced by others."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples; `paths` are not read. A group is a shape: its values and words differ alone."""
        del paths
        rng = random.Random(f"{seed} finds")
        seen: set[str] = set()
        for _ in range(self.count):
            find = draw_find(rng)
            if Example(request=find.request, code=find.command, language="bash", source=self.name).held_out:
                report.leave_out(self.name, "held out for evaluation")
            elif find.request not in seen:
                seen.add(find.request)
                yield TrainingExample(
                    request=find.request,
                    response=fenced(find.command, "bash"),
                    task=Task.SHELL,
                    language="bash",
                    source=self.name,
                    licence=self.licence,
                    group=f"finds/{hashlib.sha256(find.shape.encode()).hexdigest()[:12]}",
                )
