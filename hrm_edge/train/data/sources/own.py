"""Lines of your own: {"request": "…", "code": "…", "language": "python"}, or a data set that is known by its fields."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from hrm_edge.train.data.data_sets import read_examples
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.sources.rows import RowReport


@dataclass(frozen=True, kw_only=True)
class Own:
    """Files that `hrm-edge train --data FILE` names; `hrm-edge data distill` writes such files too."""

    name: ClassVar[str] = "own"
    licence: ClassVar[str] = "LicenseRef-own"
    by_default: ClassVar[bool] = False
    files: ClassVar[tuple[str, ...]] = ()

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples. A malformed line is an error, since the file is the user's to mend."""
        del seed, report
        for path in paths:
            for example in read_examples(path):
                words = hashlib.sha256(" ".join(example.request.lower().split()).encode()).hexdigest()
                yield TrainingExample(
                    request=example.request,
                    response=example.response,
                    task=Task.SHELL if example.language == "bash" else Task.GENERATION,
                    language=example.language,
                    source=self.name,
                    licence=self.licence,
                    group=f"own/{words[:16]}",
                )
