"""Accuracy of every model of a run on every suite: who answers, where it is written, what stands beside it.

    RUN/<suite>/<answerer>/{manifest.json,samples.jsonl,verdicts.jsonl}
    RUN/<suite>/<answerer>/{_eval_all.json,_eval.json}      of LiveCodeBench's suites

A model is loaded once per suite and freed before the next, so that two never share the memory.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from hrm_edge.bench.answerer import Answerer
from hrm_edge.bench.baselines import IndexBaseline, baselines_for
from hrm_edge.bench.comparisons import ModelRun, comparisons
from hrm_edge.bench.completions import ModelAnswerer, model_sha256
from hrm_edge.bench.eval_all import eval_all, eval_summary
from hrm_edge.bench.evaluation import Evaluation, evaluate, score
from hrm_edge.bench.foreign_samples import read_sample_file
from hrm_edge.bench.judging import Sessions
from hrm_edge.bench.latency import Subject
from hrm_edge.bench.models import BenchModel, load_model
from hrm_edge.bench.neighbours import Lookup, Retrieval, look_up
from hrm_edge.bench.pairing import PairedLoss
from hrm_edge.bench.references import reference_samples
from hrm_edge.bench.run_loop import OnProgress
from hrm_edge.bench.scores import SuiteScores
from hrm_edge.bench.scoring import suite_scores
from hrm_edge.bench.subjects import SubjectSizes
from hrm_edge.bench.suites import notices
from hrm_edge.files import whole_file
from hrm_edge.problems.problem import Problem
from hrm_edge.runtimes.base import Cycles
from hrm_edge.sandbox.compile_cache import CompileCache
from hrm_edge.sandbox.toolchain import Toolchain

REFERENCES = "reference solutions"
"""Who answers where a suite's own solutions are scored."""

Watch = Callable[[str, str], AbstractContextManager[OnProgress]]
"""(suite, answerer) → what shows the progress of that run while it lasts."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """How answers are drawn."""

    samples: int
    """Per problem."""
    ks: tuple[int, ...]
    temperature: float
    top_p: float
    max_tokens: int
    seed: int
    starts_fence: bool = True
    """Begin answers in code with the fence of the problem's language."""
    cycles: Cycles | None = None
    threads: int | None = None

    def to_json(self) -> dict[str, int | float | str | None]:
        """Under the names of the command's options."""
        return {
            "samples": self.samples,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
            "starts_fence": self.starts_fence,
            "cycles": self.cycles,
            "threads": self.threads,
        }


@dataclass(frozen=True, kw_only=True)
class Judging:
    """Where answers are judged, and where all of it is written."""

    sandbox: Sessions
    toolchains: Mapping[str, Toolchain]
    workers: int
    compile_cache: CompileCache | None
    directory: Path
    resume: bool
    watch: Watch
    notice: Callable[[str], None]
    """Told what a user should know at once."""


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """What came of one suite."""

    scores: Sequence[SuiteScores]
    """One per answerer; the baselines stand beside each."""
    losses: Sequence[PairedLoss] = ()
    lookup: Lookup | None = None
    """What was looked up; None where nothing was."""
    evaluations: Sequence[Evaluation] = ()

    @property
    def sandbox_errors(self) -> int:
        """Samples that the isolation failed on."""
        return sum(evaluation.sandbox_errors for evaluation in self.evaluations)


def measure_accuracy(
    problems: Sequence[Problem],
    subjects: Mapping[Subject, SubjectSizes],
    *,
    data: Path | None,
    drawing: Drawing,
    retrieval: Retrieval | None = None,
    judging: Judging,
) -> Accuracy:
    """Have every subject answer the problems of one suite, and the baselines too.

    Args:
        subjects: model in a runtime → what it is; the first one is what the others are compared with.
        data: where the suite's rows came from, for the baselines' neighbours.
        retrieval: how many neighbours stand before requests, and of which index; None: nothing is looked up.

    Raises:
        HrmEdgeError: a model cannot be loaded, the index cannot be read, or the run cannot be written or judged.
    """
    lookup = None if retrieval is None else look_up(retrieval.path, problems, count=max(1, *retrieval.counts))
    counts = (0,) if retrieval is None else retrieval.counts
    runs: list[ModelRun] = []
    for subject, sizes in subjects.items():
        runs += _run_model(problems, subject, sizes, counts, lookup, drawing, judging)
    beside = _run_baselines(problems, data, lookup, judging)
    baselines = tuple(suite_scores(evaluation, (1,)) for evaluation in beside)
    alone = next((evaluation for evaluation in beside if evaluation.answerer == IndexBaseline.name), None)
    return Accuracy(
        scores=[suite_scores(_noticed(run.evaluation), drawing.ks, baselines) for run in runs],
        losses=comparisons(runs, alone),
        lookup=lookup,
        evaluations=[*(run.evaluation for run in runs), *beside],
    )


def score_samples(
    problems: Sequence[Problem],
    file: Path | None,
    *,
    ks: Sequence[int],
    data: Path | None,
    retrieval: Retrieval | None = None,
    judging: Judging,
) -> Accuracy:
    """Judge what is there already: a file of samples, or without one the suite's own reference solutions.

    Args:
        retrieval: the index whose nearest entries answer beside them; None: nothing is looked up.

    Raises:
        DataError: the file is of no known format, the suite has no solutions, or the index cannot be read.
    """
    suite = problems[0].suite
    if file is None:
        name, given = REFERENCES, reference_samples(problems)
    else:
        name, given = file.name, read_sample_file(file, problems)
    samples = given.samples
    answered = {key[0] for key in samples}
    chosen = [problem for problem in problems if problem.id in answered]
    with judging.watch(suite, name) as on_progress:
        evaluation = score(
            chosen,
            samples,
            answerer=name,
            sandbox=judging.sandbox,
            toolchains=judging.toolchains,
            workers=judging.workers,
            directory=run_folder(judging.directory, suite, name),
            resume=judging.resume,
            compile_cache=judging.compile_cache,
            on_progress=on_progress,
        )
    _write_official(evaluation, judging.directory)
    lookup = None if retrieval is None else look_up(retrieval.path, chosen, count=1)
    beside = _run_baselines(chosen, data, lookup, judging)
    scores = suite_scores(
        _noticed(evaluation, given.notices), tuple(ks), tuple(suite_scores(baseline, (1,)) for baseline in beside)
    )
    return Accuracy(scores=[scores], lookup=lookup, evaluations=[evaluation, *beside])


def run_folder(directory: Path, suite: str, answerer: str) -> Path:
    """Where one answerer's run on one suite is written."""
    return directory / suite / (re.sub(r"[^A-Za-z0-9.]+", "-", answerer).strip("-.") or "model")


def samples_path(directory: Path, suite: str, answerer: str) -> Path:
    """The samples of one answerer on one suite."""
    return run_folder(directory, suite, answerer) / "samples.jsonl"


def _run_model(
    problems: Sequence[Problem],
    subject: Subject,
    sizes: SubjectSizes,
    counts: Sequence[int],
    lookup: Lookup | None,
    drawing: Drawing,
    judging: Judging,
) -> list[ModelRun]:
    """One run for each count of neighbours."""
    runs = []
    options = subject.options(cycles=drawing.cycles, threads=drawing.threads)
    with load_model(subject.model, options) as model:
        settings = {"model_sha256": model_sha256(subject.model), **drawing.to_json()}
        for count in counts:
            looked_up = lookup if count else None
            if looked_up is not None:
                settings |= {"neighbours": count, "index_sha256": looked_up.index_sha256}
            answerer = _answerer(model, subject.label, count, looked_up, drawing)
            evaluation = _run(problems, answerer, drawing.samples, drawing.seed, settings, judging)
            _write_official(evaluation, judging.directory)
            runs.append(ModelRun(subject=subject, sizes=sizes, neighbours=count, evaluation=evaluation))
    return runs


def _answerer(model: BenchModel, label: str, count: int, lookup: Lookup | None, drawing: Drawing) -> ModelAnswerer:
    return ModelAnswerer(
        model=model,
        name=label if lookup is None else f"{label} + {count} neighbour{'s' if count > 1 else ''}",
        max_tokens=drawing.max_tokens,
        temperature=drawing.temperature,
        top_p=drawing.top_p,
        starts_fence=drawing.starts_fence,
        neighbours={} if lookup is None else lookup.pairs(count),
    )


def _run_baselines(
    problems: Sequence[Problem], data: Path | None, lookup: Lookup | None, judging: Judging
) -> list[Evaluation]:
    """One sample each is enough: they answer the same each time."""
    baselines = baselines_for(problems[0].suite, problems, data, lookup=lookup, notice=judging.notice)
    searched = {} if lookup is None else {IndexBaseline.name: {"index_sha256": lookup.index_sha256}}
    return [_run(problems, baseline, 1, 0, searched.get(baseline.name, {}), judging) for baseline in baselines]


def _run(
    problems: Sequence[Problem],
    answerer: Answerer,
    samples: int,
    seed: int,
    settings: Mapping[str, object],
    judging: Judging,
) -> Evaluation:
    suite = problems[0].suite
    with judging.watch(suite, answerer.name) as on_progress:
        return evaluate(
            problems,
            answerer,
            samples=samples,
            sandbox=judging.sandbox,
            toolchains=judging.toolchains,
            workers=judging.workers,
            seed=seed,
            directory=run_folder(judging.directory, suite, answerer.name),
            resume=judging.resume,
            settings=settings,
            compile_cache=judging.compile_cache,
            on_progress=on_progress,
        )


def _noticed(evaluation: Evaluation, said: Sequence[str] = ()) -> Evaluation:
    """The run with what a reader of its scores should know about the problems and the samples."""
    return replace(evaluation, notices=(*evaluation.notices, *said, *notices(evaluation.problems)))


def _write_official(evaluation: Evaluation, directory: Path) -> None:
    """LiveCodeBench's own results files, beside ours."""
    suite = evaluation.problems[0].suite
    if not suite.startswith("livecodebench"):
        return
    folder = run_folder(directory, suite, evaluation.answerer)
    for name, content in (("_eval_all.json", eval_all(evaluation)), ("_eval.json", eval_summary(evaluation))):
        with whole_file(folder / name) as part:
            part.write_text(json.dumps(content, indent=4, ensure_ascii=False) + "\n", encoding="utf-8")
