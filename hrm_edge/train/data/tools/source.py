"""Tool use as a source: every scenario is run with drawn values, and what happened becomes examples.

Runs are kept in memory for the life of the process, so a source that is read twice runs nothing twice.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from hrm_edge.errors import DataError
from hrm_edge.train.data.data_sets import Example
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.tools.catalogue import SCENARIOS
from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.making import LICENCE, Session, examples
from hrm_edge.train.data.tools.runner import Runner
from hrm_edge.train.data.tools.scenario import Scenario

_RUNS: dict[tuple[str, int, int], Session | str] = {}
"""(scenario, seed, variant) → its run, or why it cannot be used here."""


@dataclass(frozen=True, kw_only=True)
class ToolUse:
    """Git, files, build systems, Python's tools and debuggers, each command run before it is taught."""

    name: ClassVar[str] = "tool-use"
    licence: ClassVar[str] = LICENCE
    by_default: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ()

    variants: int = 12
    """Of each scenario."""
    areas: tuple[str, ...] = ()
    """`git`, `files`, `text`, `build`, `python`, `debug`; empty for all."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples; `paths` are not read.

        Raises:
            DataError: an area is not known, or neither the sandbox nor plain processes start.
        """
        del paths
        with ExitStack() as stack:
            workshop = _Workshop(stack)
            for scenario in self._scenarios():
                yield from self._of(scenario, seed, workshop, report)

    def _scenarios(self) -> list[Scenario]:
        known = {scenario.area for scenario in SCENARIOS}
        for area in self.areas:
            if area not in known:
                raise DataError(f"tool-use has no area {area!r}: choose of {', '.join(sorted(known))}")
        return [scenario for scenario in SCENARIOS if not self.areas or scenario.area in self.areas]

    def _of(self, scenario: Scenario, seed: int, workshop: "_Workshop", report: RowReport) -> Iterator[TrainingExample]:
        """The examples of a scenario's variants; what two variants share comes once."""
        if lacking := workshop.lacking(scenario):
            report.leave_out(
                self.name, f"{' and '.join(lacking)} cannot be used on this machine", _count(scenario, self.variants)
            )
            return
        seen: set[tuple[str, str]] = set()
        for variant in range(_count(scenario, self.variants)):
            session = workshop.session(scenario, seed, variant)
            if isinstance(session, str):
                report.leave_out(self.name, f"{scenario.name}: {session}")
                continue
            rng = random.Random(f"{seed} tool-use words {scenario.name} {variant}")
            for example in examples(session, self.name, rng):
                if Example(request=example.request, code=example.response, language="bash", source=self.name).held_out:
                    report.leave_out(self.name, "held out for evaluation")
                elif (example.request, example.response) not in seen:
                    seen.add((example.request, example.response))
                    yield example


def _count(scenario: Scenario, asked: int) -> int:
    return asked if scenario.most is None else min(asked, scenario.most)


class _Workshop:
    """Runs what is not known yet; starts the sandbox only for that."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._runner: Runner | None = None

    def lacking(self, scenario: Scenario) -> list[str]:
        """Programs that the scenario needs and this machine lacks."""
        for program in scenario.needs:
            if program not in _USABLE:
                every = {name for one in SCENARIOS for name in one.needs}
                missing = set(self._open().missing(every))
                _USABLE.update({name: name not in missing for name in sorted(every)})
        return [program for program in scenario.needs if not _USABLE[program]]

    def session(self, scenario: Scenario, seed: int, variant: int) -> Session | str:
        """The run of a variant, or in words why there is none."""
        key = (scenario.name, seed, variant)
        if key not in _RUNS:
            try:
                _RUNS[key] = run(self._open(), scenario, seed, variant)
            except DataError as error:
                _RUNS[key] = f"a run went otherwise here ({str(error).splitlines()[0]:.160})"
        return _RUNS[key]

    def _open(self) -> Runner:
        if self._runner is None:
            self._runner = self._stack.enter_context(Runner())
        return self._runner


_USABLE: dict[str, bool] = {}
"""Program → whether plans can use it on this machine."""


def run(runner: Runner, scenario: Scenario, seed: int, variant: int) -> Session:
    """Run a variant: everything, and where an attempt can be spared also without it.

    Raises:
        DataError: a command did not do what the scenario says, or the proof does not hold.
    """
    plan = scenario.plan(Draw(random.Random(f"{seed} tool-use {scenario.name} {variant}")))
    whole = runner.record(plan, plan.steps)
    needed = [step for step in plan.steps if step.needed]
    direct = whole if len(needed) == len(plan.steps) else runner.record(plan, needed)
    return Session(plan=plan, whole=whole, direct=direct, group=f"tool-use/{scenario.name}/{variant}")
