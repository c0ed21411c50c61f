"""Shell commands: tldr pages, NL2Bash (Lin et al. 2018, arXiv:1802.08979) and cheat sheets, with new values.

The share that evaluations are measured on never gets in: neither its rows, nor a request that new values would turn
into one of that share.
"""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from hrm_edge.train.data.data_sets import Example, read_example
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.shell.augmentation import ValuePool, with_new_values
from hrm_edge.train.data.sources import wordings
from hrm_edge.train.data.sources.rows import Fields, RowReport, convert_rows, find_files

NEW_VALUES_SHARE = 0.6
"""How often an example's values are replaced by others of their kind."""
NAMED_SHARE = 0.3
"""How often the program of a common command is named in the request; that of a rare one always is."""
COMMON_EXAMPLES = 6
"""A program with so many examples in a data set is common."""
_NAMINGS = ("{command}: {request}", "{request} with {command}", "{request} using {command}")


@dataclass(frozen=True)
class _Row:
    """An example, its line, and whose it is."""

    example: Example
    line: int
    licence: str

    @property
    def subject(self) -> str:
        """The same for rows that ask the same, whatever the spelling."""
        words = " ".join(re.findall(r"[a-z0-9]+", self.example.request.lower()))
        return hashlib.sha256(words.encode()).hexdigest()[:12]


@dataclass(frozen=True, kw_only=True)
class _Shell:
    """What the three data sets share."""

    name: ClassVar[str]
    licence: ClassVar[str]
    files: ClassVar[tuple[str, ...]]
    by_default: ClassVar[bool] = True

    rounds: int = 2
    """How often each command is drawn, with other values and wordings; draws that are the same count once."""
    explain: bool = True
    """Also from the command to what it does."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples."""
        rows = self._read(paths, report)
        pool = ValuePool(row.example for row in rows)
        used = Counter(row.example.code.split(" ")[0] for row in rows)
        for row in rows:
            rng = random.Random(f"{seed} {self.name} {row.line}")
            drawn: set[tuple[str, str]] = set()
            for _ in range(self.rounds):
                new = self._drawn(row.example, pool, used, rng)
                if (new.request, new.code) not in drawn:
                    drawn.add((new.request, new.code))
                    yield self._example(row, new.request, new.response, Task.SHELL, "bash")
            if self.explain:
                asked = wordings.describe(row.example.code, "bash", rng)
                yield self._example(row, asked, row.example.request, Task.REVERSE, "text")

    def _read(self, paths: Sequence[Path], report: RowReport) -> list[_Row]:
        """The rows that may be used."""
        rows: list[_Row] = []
        for path in find_files(paths, self.files):
            for line, (example, licence) in convert_rows(path, report, self._read_row):
                if example is None:
                    report.leave_out(self.name, "another platform's, or a page that only names another")
                elif example.held_out:
                    report.leave_out(self.name, "held out for evaluation")
                elif not example.code.strip():
                    report.leave_out(self.name, "no command")
                else:
                    rows.append(_Row(example, line, licence))
        return rows

    def _read_row(self, fields: Fields) -> list[tuple[Example | None, str]]:
        return [(read_example(dict(fields.row), self.name, "the row"), self._licence_of(fields))]

    def _licence_of(self, _fields: Fields) -> str:
        return self.licence

    def _drawn(self, example: Example, pool: ValuePool, used: Counter[str], rng: random.Random) -> Example:
        """The example with new values and its program named, as often as the shares say."""
        new = with_new_values(example, pool, rng) if rng.random() < NEW_VALUES_SHARE else example
        new = example if new.held_out else new
        named = _named(new, used, rng)
        return new if named.held_out else named

    def _example(self, row: _Row, request: str, response: str, task: Task, language: str) -> TrainingExample:
        return TrainingExample(
            request=request,
            response=response,
            task=task,
            language=language,
            source=self.name,
            licence=row.licence,
            group=f"{self.name}/{row.subject}",
        )


@dataclass(frozen=True, kw_only=True)
class Tldr(_Shell):
    """Commands of tldr pages for Unix."""

    name: ClassVar[str] = "tldr"
    licence: ClassVar[str] = "CC-BY-4.0"
    files: ClassVar[tuple[str, ...]] = ("tldr.jsonl.gz", "tldr.jsonl")


@dataclass(frozen=True, kw_only=True)
class Nl2Bash(_Shell):
    """Commands that people asked for in words."""

    name: ClassVar[str] = "nl2bash"
    licence: ClassVar[str] = "MIT"
    files: ClassVar[tuple[str, ...]] = ("nl2bash.jsonl.gz", "nl2bash.jsonl")


@dataclass(frozen=True, kw_only=True)
class CheatSheets(_Shell):
    """Commands of two collections of cheat sheets."""

    name: ClassVar[str] = "cheatsheets"
    licence: ClassVar[str] = "CC0-1.0 AND MIT"
    files: ClassVar[tuple[str, ...]] = ("cheatsheets.jsonl.gz", "cheatsheets.jsonl")

    def _licence_of(self, fields: Fields) -> str:
        return "CC0-1.0" if fields.text("source") == "cheat/cheatsheets" else "MIT"


def _named(example: Example, used: Counter[str], rng: random.Random) -> Example:
    """The example; its request names the program where that is rare and the words do not name it already."""
    program = example.command
    is_common = used[program.split(" ")[0]] >= COMMON_EXAMPLES
    if not program or program.lower() in example.request.lower() or (is_common and rng.random() > NAMED_SHARE):
        return example
    request = example.request[:1].lower() + example.request[1:]
    return replace(example, request=rng.choice(_NAMINGS).format(command=program, request=request))
