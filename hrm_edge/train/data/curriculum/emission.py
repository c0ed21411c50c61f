"""Everything that is ever written of a problem in one language: the one door through which code leaves.

Verification runs what comes out of here, scenarios teach what comes out of here, and a digest over all of it says that
the two were the same (verification/ledger.py).
"""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from hrm_edge.train.data.curriculum.changes import first_step, one_renamed
from hrm_edge.train.data.curriculum.drawing import draw
from hrm_edge.train.data.curriculum.faults import Bug, bugs
from hrm_edge.train.data.curriculum.problem import CurriculumProblem
from hrm_edge.train.data.ir.nodes import Program
from hrm_edge.train.data.ir.renaming import rename
from hrm_edge.train.data.ir.rewrites import variants
from hrm_edge.train.data.ir.synonyms import synonyms
from hrm_edge.train.data.renderers.names import camel
from hrm_edge.train.data.renderers.renderer import Case, Renderer, reads_lines

BUGS = 3
VARIANTS = 2
"""Rewritten solutions beside those of the atoms."""
STDIN_SHARE = 4
"""One problem of so many is also written as a whole program, where its values fit lines."""


@dataclass(frozen=True)
class Checked:
    """A text with what its function returns for each of the problem's tests."""

    program: Program
    text: str
    returned: tuple[Any, ...]


@dataclass(frozen=True)
class BuggyText:
    """A wrong solution: it compiles, runs every test, and returns what the interpreter says."""

    bug: Bug
    text: str


@dataclass(frozen=True)
class Renamed:
    """The first solution with one variable called otherwise."""

    old: str
    new: str
    """Both as the language writes them."""
    solution: Checked


@dataclass(frozen=True, kw_only=True)
class Emission:
    """The texts of one problem in one language."""

    problem: CurriculumProblem
    renderer: Renderer
    solutions: tuple[Checked, ...]
    """Distinct texts; the first is the plainest."""
    wrong: tuple[BuggyText, ...]
    """One bug each, in the first solution."""
    renamed: Renamed | None
    before: Checked | None
    """A solution of the first step of a chain alone, under the same name: what the problem is a change of."""
    whole_program: str | None
    """The first solution with a main that reads lines."""

    @property
    def tests(self) -> str:
        """The problem's tests in this language."""
        return self.renderer.tests(self.problem.program, self.problem.cases)

    @cached_property
    def digest(self) -> int:
        """64 bits over every text and every expected value."""
        said = [
            self.renderer.language,
            [solution.text for solution in self.solutions],
            [[wrong.text, repr(wrong.bug.returned)] for wrong in self.wrong],
            self.renamed.solution.text if self.renamed else None,
            [self.before.text, repr(self.before.returned)] if self.before else None,
            self.whole_program,
            self.tests,
            repr([(case.arguments, case.result) for case in self.problem.cases]),
        ]
        return int.from_bytes(hashlib.sha256(json.dumps(said).encode()).digest()[:8], "little")


@dataclass(frozen=True)
class Plan:
    """What of a problem is written, before it is written in any language."""

    problem: CurriculumProblem
    programs: tuple[Program, ...]
    bugs: tuple[Bug, ...]
    renamed: tuple[str, str, Program] | None
    before: tuple[Program, tuple[Any, ...]] | None
    whole_program: bool


@lru_cache(maxsize=4)
def plan(index: int) -> Plan:
    """The same for all languages: the problem, its solutions, its bugs."""
    problem = draw(index)
    rng = random.Random(f"plan {index}")
    keep = tuple(parameter.name for parameter in problem.program.entry.parameters)
    rewritten = variants(problem.programs[rng.randrange(len(problem.programs))], rng, VARIANTS)
    called_otherwise = (rename(program, synonyms(program, rng, keep=keep)) for program in rewritten)
    programs = list(dict.fromkeys((*problem.programs, *called_otherwise)))
    found = bugs(problem.program, problem.cases, rng, BUGS)
    whole = index % STDIN_SHARE == 0 and reads_lines(problem.program) and _plain_lines(problem.cases)
    return Plan(
        problem, tuple(programs), tuple(found), one_renamed(problem.program, rng), first_step(problem, rng), whole
    )


def emit(index: int, renderer: Renderer) -> Emission:
    """Everything of a problem in a language."""
    planned = plan(index)
    problem = planned.problem
    results = tuple(case.result for case in problem.cases)
    texts: dict[str, Program] = {}
    for program in planned.programs:
        texts.setdefault(renderer.solution(program), program)
    wrong = (BuggyText(bug, renderer.solution(bug.program)) for bug in planned.bugs)
    renamed = None
    if planned.renamed is not None:
        old, new, program = planned.renamed
        checked = Checked(program, renderer.solution(program), results)
        renamed = Renamed(_written(old, renderer.language), _written(new, renderer.language), checked)
    before = None
    if planned.before is not None:
        program, returned = planned.before
        before = Checked(program, renderer.solution(program), returned)
    return Emission(
        problem=problem,
        renderer=renderer,
        solutions=tuple(Checked(program, text, results) for text, program in texts.items()),
        wrong=tuple(text for text in wrong if text.text not in texts),
        renamed=renamed,
        before=before,
        whole_program=renderer.stdin_program(problem.program) if planned.whole_program else None,
    )


def _written(name: str, language: str) -> str:
    return camel(name) if language in ("javascript", "go", "java") else name


def _plain_lines(cases: Sequence[Case]) -> bool:
    """Whether no text begins or ends with a blank: what a line of input keeps of those differs."""
    values = [value for case in cases for value in (*case.arguments, case.result)]
    return all(value == value.strip() and "\n" not in value for value in values if isinstance(value, str))
