"""Problems of the curriculum, run: every text of them in one language, against what the interpreter says.

A right solution must pass the problem's tests; a wrong one must return, for each test, just what the interpreter said
it returns (its tests are written with those values); a whole program must print the results for the inputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.problems.problem import StdinTests
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.verdict import Outcome
from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.voices import stdin_lines, stdout_line
from hrm_edge.train.data.ir.nodes import Program
from hrm_edge.train.data.renderers.renderer import Case, Renderer
from hrm_edge.train.data.verification.batch import Item
from hrm_edge.train.data.verification.running import BatchRunner


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A text that did not do what the interpreter says."""

    index: int
    language: str
    what: str
    """`solution 1`, `bug: wrong operator`, `whole program`."""
    text: str
    message: str


@dataclass(frozen=True)
class Verification:
    """What became of some problems in one language."""

    digests: dict[int, int]
    """By number; 0 where a text failed."""
    programs: int
    """Texts that were run."""
    failures: tuple[Failure, ...]


def verify(emissions: Sequence[Emission], runner: BatchRunner, judge: Judge) -> Verification:
    """Run everything that is written of some problems, all in one language.

    Raises:
        SandboxError: the language's toolchain is missing, or the isolation failed.
    """
    language = emissions[0].renderer.language
    labelled = [(emission, *labelled) for emission in emissions for labelled in _items(emission)]
    outcomes = runner.run(language, [item for _, _, item in labelled])
    failures = [
        Failure(
            index=emission.problem.index,
            language=language,
            what=what,
            text=f"{item.solution}\n\n{item.tests}",
            message=outcome.message,
        )
        for (emission, what, item), outcome in zip(labelled, outcomes, strict=True)
        if not outcome.passed
    ]
    failures.extend(failure for emission in emissions if (failure := _whole_program(emission, judge)) is not None)
    failed = {failure.index for failure in failures}
    return Verification(
        {e.problem.index: 0 if e.problem.index in failed else e.digest for e in emissions},
        len(labelled) + sum(emission.whole_program is not None for emission in emissions),
        tuple(failures),
    )


def _items(emission: Emission) -> list[tuple[str, Item]]:
    problem, renderer = emission.problem, emission.renderer
    items = [
        (f"solution {number}", Item(solution.text, emission.tests))
        for number, solution in enumerate(emission.solutions)
    ]
    for wrong in emission.wrong:
        tests = _tests(renderer, wrong.bug.program, problem.cases, wrong.bug.returned)
        items.append((f"bug: {wrong.bug.kind}", Item(wrong.text, tests)))
    if emission.renamed is not None:
        items.append(("renamed", Item(emission.renamed.solution.text, emission.tests)))
    if emission.before is not None:
        tests = _tests(renderer, emission.before.program, problem.cases, emission.before.returned)
        items.append(("first step", Item(emission.before.text, tests)))
    return items


def _tests(renderer: Renderer, program: Program, cases: Sequence[Case], results: Sequence[Any]) -> str:
    return renderer.tests(program, [Case(c.arguments, r) for c, r in zip(cases, results, strict=True)])


def _whole_program(emission: Emission, judge: Judge) -> Failure | None:
    if emission.whole_program is None:
        return None
    cases = emission.problem.cases
    tests = tuple(("\n".join([*stdin_lines(case), ""]), stdout_line(case.result)) for case in cases)
    verdict = judge.judge(StdinTests(tests=tests), emission.renderer.language, emission.whole_program)
    if verdict.outcome is Outcome.PASSED:
        return None
    return Failure(
        index=emission.problem.index,
        language=emission.renderer.language,
        what="whole program",
        text=emission.whole_program,
        message=f"{verdict.outcome}: {verdict.message}",
    )
