"""What the local index has for the problems of a suite, looked up as in training, and what of it is contamination.

Training puts answers that were looked up before its requests (hrm_edge.train.data.indexing.neighbours): the best
entries in the example's language, found by the request as it is, never one with the very answer. Here a model gets the
same, from an index that may hold the problems themselves. Entries that do are passed over and counted:

- the code is a solution of one of the suite's problems, or contains it;
- a line of the request is a line of one of the suite's requests, word for word;
- request or code share 13 words in a row with one of its requests or solutions, by the rule of the data build
  (hrm_edge.train.data.pipeline.decontamination).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrm_edge.bench.suites.shell import spoken
from hrm_edge.local_index import Entry, LocalIndex, shipped_index
from hrm_edge.problems.problem import Problem, Scenario, ShellCommand
from hrm_edge.prompt import fenced
from hrm_edge.train.data.pipeline.decontamination import GramIndex
from hrm_edge.train.data.pipeline.evaluation_texts import EvaluationProblem
from hrm_edge.train.data.pipeline.recipe import COMMON_IN

MOST_NEIGHBOURS = 3
"""As many as training ever puts before a request."""
LOOKED_UP_SCENARIOS = frozenset({Scenario.GENERATION, Scenario.REPAIR, Scenario.SHELL})
"""Requests for a program. Edits and predictions are asked as they are."""
SHIPPED = "shipped"
"""What the index that comes with hrm-edge is called in reports."""
_RANKED = 48
"""Entries of a problem that are looked at until enough are no contamination: what the index fetches of a query."""


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """What is looked up before requests."""

    counts: tuple[int, ...] = (0,)
    """Neighbours before a request; models answer once with each."""
    index: Path | None = None
    """None: the one that comes with hrm-edge."""

    @property
    def path(self) -> Path:
        """The file that is searched."""
        return self.index or shipped_index()

    def to_json(self) -> dict[str, str]:
        """Under the names of the command's options."""
        return {
            "neighbours": ",".join(map(str, self.counts)),
            "index": SHIPPED if self.index is None else str(self.index),
        }


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What an index has for one suite: found before anyone is asked, so that every answerer gets the same."""

    suite: str
    index_sha256: str
    """Of the file."""
    entries: Mapping[str, Sequence[Entry]]
    """Problem → what is nearest to it, best first; of every problem that is looked up."""
    passed_over: int
    """Different entries that hold a problem of the suite, or 13 words of one."""
    problems_with_passed_over: int
    """Problems near which there were any."""

    def pairs(self, count: int) -> dict[str, list[tuple[str, str]]]:
        """Problem → (request, response) of its neighbours, at most `count`, as prompt.with_neighbours takes them."""
        return {
            problem: [(entry.request, fenced(entry.code, entry.language)) for entry in found[:count]]
            for problem, found in self.entries.items()
        }

    @property
    def notice(self) -> str:
        """In one line."""
        return (
            f"neighbours: {len(self.entries)} problems looked up, {sum(map(bool, self.entries.values()))} with an "
            f"entry in their language; passed over as contamination: {self.passed_over} entries with a request or "
            f"solution of this suite or 13 words of one, at {self.problems_with_passed_over} problems"
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "suite": self.suite,
            "index_sha256": self.index_sha256,
            "n_problems": len(self.entries),
            "n_problems_with_entries": sum(map(bool, self.entries.values())),
            "n_entries_passed_over": self.passed_over,
            "n_problems_with_entries_passed_over": self.problems_with_passed_over,
        }


def look_up(path: Path, problems: Sequence[Problem], *, count: int) -> Lookup:
    """The `count` nearest entries of every problem that asks for a program.

    Args:
        path: an index.
        problems: all of one suite that are asked: no entry that holds one of them is given to any.

    Raises:
        DataError: the file is not there, no index or damaged.
    """
    holds = _Contamination(problems)
    found: dict[str, list[Entry]] = {}
    passed_over: set[tuple[str, str]] = set()
    near: set[str] = set()
    with LocalIndex(path) as index:
        for problem in problems:
            if problem.scenario not in LOOKED_UP_SCENARIOS or not problem.request:
                continue
            kept = found.setdefault(problem.id, [])
            for entry in index.find(problem.request, language=problem.language, count=_RANKED):
                if len(kept) >= count:
                    break
                if holds.a_problem(entry):
                    passed_over.add((entry.request, entry.language))
                    near.add(problem.id)
                else:
                    kept.append(entry)
    return Lookup(
        suite=problems[0].suite,
        index_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        entries=found,
        passed_over=len(passed_over),
        problems_with_passed_over=len(near),
    )


class _Contamination:
    """Whether an entry holds a request or a solution of one suite."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._solutions: dict[str, set[str]] = {}
        self._lines = {line for problem in problems for line in _spoken_lines(problem.request)}
        texts = []
        for problem in problems:
            solutions = list(_solutions(problem))
            self._solutions.setdefault(problem.language, set()).update(filter(None, map(_squeezed, solutions)))
            texts.append(EvaluationProblem(problem.id, (problem.request, *solutions)))
        self._grams = GramIndex([(problems[0].suite, texts)], common_in=COMMON_IN)
        self._known: dict[tuple[str, str], bool] = {}

    def a_problem(self, entry: Entry) -> bool:
        key = entry.language, f"{entry.request}\0{entry.code}"
        if key not in self._known:
            self._known[key] = self._holds(entry)
        return self._known[key]

    def _holds(self, entry: Entry) -> bool:
        if not self._lines.isdisjoint(_spoken_lines(entry.request)):
            return True
        code, solutions = _squeezed(entry.code), self._solutions.get(entry.language, ())
        if code in solutions or any("\n" in solution and solution in code for solution in solutions):
            return True
        return bool(self._grams.find(entry.request) or self._grams.find(entry.code))


def _solutions(problem: Problem) -> Iterator[str]:
    if isinstance(problem.reference, str):
        yield problem.reference
    elif problem.reference is not None:
        yield from problem.reference.values()
    if isinstance(problem.check, ShellCommand):
        yield from problem.check.references


def _squeezed(code: str) -> str:
    """Code without empty lines and spaces at the ends of lines, which say nothing."""
    return "\n".join(line.rstrip() for line in code.split("\n") if line.strip())


def _spoken_lines(text: str) -> set[str]:
    """The lines of a request as words."""
    return {words for line in text.split("\n") if (words := spoken(line))}
