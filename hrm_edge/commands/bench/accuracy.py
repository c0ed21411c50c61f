"""The part of `hrm-edge bench` that judges answers: problems, sandbox, toolchains, and the directory of the run."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.commands.terminal import print_status, print_table, sample_progress
from hrm_edge.errors import DataError

if TYPE_CHECKING:
    from hrm_edge.bench.accuracy import Accuracy, Drawing, Judging
    from hrm_edge.bench.latency import Subject
    from hrm_edge.bench.neighbours import Retrieval
    from hrm_edge.bench.subjects import SubjectSizes
    from hrm_edge.bench.suites import Filters
    from hrm_edge.problems.problem import Problem
    from hrm_edge.sandbox.toolchain import Toolchain

RUNS = Path("runs/bench")
NO_SUITE, EVERY_SUITE = "none", "all"

Suites = Mapping[str, "Sequence[Problem]"]
Settings = Mapping[str, str | int | float | None]


@dataclass(frozen=True, kw_only=True)
class Isolation:
    """How generated programs are run."""

    backend: str | None
    unsafe: bool
    workers: int | None
    """None: what the model leaves of the cores."""


def print_suites() -> None:
    """Every suite: name, what it asks, its licence and where its data is published."""
    from hrm_edge.bench.suites import SUITES

    rows = [
        [suite.name, suite.title, suite.licence, suite.published or "comes with hrm-edge"] for suite in SUITES.values()
    ]
    print_table([["suite", "asks", "licence", "data"], *rows])


def load_problems(names: str, data: str | None, filters: "Filters") -> "dict[str, list[Problem]]":
    """Suite → its problems, for the names of --suite.

    Raises:
        DataError: a suite is not known, or its data is missing, damaged or filtered away.
    """
    from hrm_edge.bench.suites import load_suite, suites_with_data
    from hrm_edge.bench.suites.filters import NothingLeftError

    if names == NO_SUITE:
        return {}
    if names != EVERY_SUITE:
        return {name: load_suite(name, data, filters) for name in filter(None, map(str.strip, names.split(",")))}
    found = {}
    for name in suites_with_data(Path(data)) if data is not None else ("builtin",):
        try:
            found[name] = load_suite(name, data, filters)
        except NothingLeftError as error:
            print_status(f"left out: {error}")
    if not found:
        raise DataError("no suite has problems left: loosen the filters")
    return found


def run_directory(out: Path | None, *, resume: bool) -> Path:
    """Where this run is written: --out, the newest run of all with --resume, else a new directory named by the time.

    Raises:
        DataError: there is no run to go on with.
    """
    if out is not None:
        return out
    if not resume:
        return RUNS / datetime.now(UTC).strftime("%Y-%m-%d_%H%M%S_%f")
    runs = sorted(path for path in RUNS.glob("*") if path.is_dir())
    if not runs:
        raise DataError(f"{RUNS} holds no run to go on with: name its directory with --out")
    return runs[-1]


@dataclass(frozen=True, kw_only=True)
class Judge:
    """An open sandbox with what is to be judged in it; without suites nothing is opened and nothing found."""

    suites: Suites
    data: Path | None
    drawing: "Drawing"
    retrieval: "Retrieval | None"
    judging: "Judging | None"

    @property
    def settings(self) -> Settings:
        """How answers were drawn and judged, for the report."""
        if self.judging is None:
            return {}
        looked_up: Settings = {} if self.retrieval is None else self.retrieval.to_json()
        judged: Settings = {"sandbox": self.judging.sandbox.backend, "workers": self.judging.workers}
        return {**self.drawing.to_json(), **looked_up, **judged}

    def measure(self, subjects: "Mapping[Subject, SubjectSizes]", copy_to: Path | None) -> "list[Accuracy]":
        """Every subject, and the baselines, on every suite. Errors as measure_accuracy."""
        from hrm_edge.bench.accuracy import measure_accuracy, samples_path

        runs = len(subjects) * (1 if self.retrieval is None else len(self.retrieval.counts))
        if copy_to is not None and (len(self.suites), runs) != (1, 1):
            raise DataError(
                f"--samples-file takes the samples of one run of a model on one suite, and these are {runs} on "
                f"{len(self.suites)}: take them from the run's directory (--out)"
            )
        if self.judging is None:
            return []
        found = [
            measure_accuracy(
                problems,
                subjects,
                data=self.data,
                drawing=self.drawing,
                retrieval=self.retrieval,
                judging=self.judging,
            )
            for problems in self.suites.values()
        ]
        if copy_to is not None:
            (suite,), (scores,) = self.suites, found[0].scores
            shutil.copyfile(samples_path(self.judging.directory, suite, scores.answerer), copy_to)
        print_status(f"samples and verdicts: {self.judging.directory}")
        return found

    def score(self, file: Path | None) -> "list[Accuracy]":
        """A file of samples, or the suites' own solutions, without a model. Errors as score_samples."""
        from hrm_edge.bench.accuracy import score_samples

        if self.judging is None:
            raise DataError("--score-only judges answers to a suite: name one with --suite")
        return [
            score_samples(
                problems,
                file,
                ks=self.drawing.ks,
                data=self.data,
                retrieval=self.retrieval,
                judging=self.judging,
            )
            for problems in self.suites.values()
        ]


@contextmanager
def judge(
    suites: Suites,
    isolation: Isolation,
    directory: Path,
    *,
    data: str | None,
    drawing: "Drawing",
    retrieval: "Retrieval | None",
    resume: bool,
    generates: bool,
) -> Iterator[Judge]:
    """A sandbox that passed its probe, the toolchains of the languages asked for, a cache of compiled programs.

    Raises:
        SandboxError: no isolation on this machine.
    """
    from hrm_edge.bench.accuracy import Judging
    from hrm_edge.bench.judging import default_workers
    from hrm_edge.files import cache_directory
    from hrm_edge.runtimes.processors import physical_cores
    from hrm_edge.sandbox.compile_cache import CompileCache
    from hrm_edge.sandbox.open import open_sandbox

    local = None if data is None or data.startswith("hf:") else Path(data).expanduser()
    if not suites:
        yield Judge(suites=suites, data=local, drawing=drawing, retrieval=retrieval, judging=None)
        return
    if isolation.unsafe:
        print_status("--unsafe: generated programs run without isolation, as this user")
    open_sandbox(isolation.backend, unsafe=isolation.unsafe).close()  # fails before toolchains take their time
    toolchains = _toolchains(suites)
    with open_sandbox(isolation.backend, toolchains=toolchains.values(), unsafe=isolation.unsafe) as sandbox:
        judging = Judging(
            sandbox=sandbox,
            toolchains=toolchains,
            workers=isolation.workers
            or default_workers(physical_cores(), model_threads=drawing.threads, generates=generates),
            compile_cache=CompileCache(cache_directory() / "programs"),
            directory=directory,
            resume=resume,
            watch=lambda suite, answerer: sample_progress(f"{suite}: {answerer}"),
            notice=print_status,
        )
        yield Judge(suites=suites, data=local, drawing=drawing, retrieval=retrieval, judging=judging)


def _toolchains(suites: Suites) -> "dict[str, Toolchain]":
    """Of the languages that are asked for; what is missing is reported as unscored by the judges."""
    from hrm_edge.sandbox.toolchains import find_toolchain

    names = dict.fromkeys(problem.language for problems in suites.values() for problem in problems)
    return {name: found for name in names if (found := find_toolchain(name, notice=print_status)) is not None}
