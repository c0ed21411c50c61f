"""The loop: a model answers, the answers are judged meanwhile, and all of it is on the disk as it happens.

    with open_sandbox(toolchains=toolchains.values()) as sandbox:
        found = evaluate(problems, answerer, samples=5, sandbox=sandbox, toolchains=toolchains, workers=2,
                         directory=Path("runs/bench"), seed=0, resume=False)
    print(suite_scores(found, ks=(1, 5)).overall[1].value)

The model runs in the calling thread, one request at a time, and the judges in threads of their own. Equal answers to a
problem are judged once. A problem with several tries goes back to the model with what its tests printed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrm_edge import __version__
from hrm_edge.bench.answerer import Answerer
from hrm_edge.bench.completions import sample_seed
from hrm_edge.bench.judging import JudgingPool, Sessions
from hrm_edge.bench.run_directory import RunDirectory, problems_sha256
from hrm_edge.bench.run_loop import Chain, Judged, OnProgress, RunLoop
from hrm_edge.bench.samples import Key, Sample
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem
from hrm_edge.sandbox.compile_cache import CompileCache
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.verdict import Outcome


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A complete run over one suite."""

    problems: tuple[Problem, ...]
    answerer: str
    judged: tuple[Judged, ...]
    """In the order of problems, samples and tries."""
    notices: tuple[str, ...] = ()

    @property
    def sandbox_errors(self) -> int:
        """Samples that the isolation failed on: a run with any should not end well."""
        return sum(judged.verdict.outcome is Outcome.SANDBOX_ERROR for judged in self.judged)


def evaluate(
    problems: Sequence[Problem],
    answerer: Answerer,
    *,
    samples: int,
    sandbox: Sessions,
    toolchains: Mapping[str, Toolchain],
    workers: int,
    seed: int,
    directory: Path | None = None,
    resume: bool = False,
    settings: Mapping[str, Any] | None = None,
    compile_cache: CompileCache | None = None,
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """Have every problem of one suite answered `samples` times, and judge the answers.

    Args:
        directory: where the run is written, and with `resume` gone on with; None keeps it in memory.
        settings: what else the answers depend on, as JSON: the model's hash, temperature, … A resumed run must have
            the same. `temperature` is written to every sample.

    Raises:
        DataError: the directory holds another run, or one and `resume` is False, or a damaged file.
        ExportError: the directory cannot be written.
        SandboxError: a worker has no isolation.
        HrmEdgeError: whatever the answerer raises.
    """
    settings = settings or {}
    chains = [Chain(problem, index) for problem in problems for index in range(samples)]

    def generate(problem: Problem, request: str, index: int, attempt: int) -> Sample:
        if not problem.request:
            return _kept(problem, index)
        drawn = sample_seed(seed, problem.id, index, attempt)
        response = answerer.answer(problem, request, seed=drawn)
        return Sample(
            task_id=problem.id,
            sample=index,
            attempt=attempt,
            text=response.text,
            language=problem.language,
            model=answerer.name,
            seed=drawn,
            temperature=settings.get("temperature"),
            prompt_tokens=response.prompt_tokens,
            completion_tokens=response.completion_tokens,
            seconds=response.seconds,
            finish_reason=response.finish_reason,
            log_probability=response.log_probability,
            neighbours=response.neighbours,
        )

    manifest = _manifest(problems, answerer.name, sandbox, {"samples": samples, "seed": seed, **settings})
    with (
        _opened(directory, manifest, resume) as opened,
        JudgingPool[Chain](sandbox, toolchains, workers=workers, compile_cache=compile_cache) as pool,
    ):
        judged = RunLoop(chains, pool, {}, generate, on_progress).to_end(opened)
    return Evaluation(
        problems=tuple(problems), answerer=answerer.name, judged=judged, notices=opened.notices if opened else ()
    )


def score(
    problems: Sequence[Problem],
    samples: Mapping[Key, Sample],
    *,
    answerer: str,
    sandbox: Sessions,
    toolchains: Mapping[str, Toolchain],
    workers: int,
    directory: Path | None = None,
    resume: bool = False,
    compile_cache: CompileCache | None = None,
    on_progress: OnProgress | None = None,
) -> Evaluation:
    """Judge samples that are there already, without a model: `read_sample_file(path, problems).samples`.

    A problem's second try is judged where the samples hold one and the first did not pass.

    Raises:
        DataError, ExportError, SandboxError: as evaluate.
    """
    indexes: dict[str, set[int]] = {}
    for task_id, index, _ in samples:
        indexes.setdefault(task_id, set()).add(index)
    chains = [Chain(problem, index) for problem in problems for index in sorted(indexes.get(problem.id, ()))]
    texts = [(*key, samples[key].form, samples[key].text) for key in sorted(samples)]
    digest = hashlib.sha256(json.dumps(texts).encode("ascii")).hexdigest()
    manifest = _manifest(problems, answerer, sandbox, {"samples_sha256": digest})
    with (
        _opened(directory, manifest, resume) as opened,
        JudgingPool[Chain](sandbox, toolchains, workers=workers, compile_cache=compile_cache) as pool,
    ):
        judged = RunLoop(chains, pool, samples, None, on_progress).to_end(opened)
    return Evaluation(
        problems=tuple(problems), answerer=answerer, judged=judged, notices=opened.notices if opened else ()
    )


def _kept(problem: Problem, index: int) -> Sample:
    """The answer to a problem that asks nothing: self-repair keeps programs that passed."""
    assert isinstance(problem.reference, str), "a problem without a request has its answer"
    return Sample(
        task_id=problem.id,
        sample=index,
        text=problem.reference,
        form="solution",
        language=problem.language,
        finish_reason="kept",
    )


def _opened(
    path: Path | None, manifest: Mapping[str, Any], resume: bool
) -> AbstractContextManager[RunDirectory | None]:
    return nullcontext() if path is None else RunDirectory(path, manifest, resume=resume)


def _manifest(
    problems: Sequence[Problem], answerer: str, sandbox: Sessions, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """What a resumed run must have in common with the one it goes on with."""
    suites = sorted({problem.suite for problem in problems})
    if len(suites) != 1:
        raise DataError(f"a run has the problems of one suite and these are of {len(suites)}: {', '.join(suites)}")
    repeated = len(problems) - len({problem.id for problem in problems})
    if repeated:
        raise DataError(
            f"{repeated} problems of {suites[0]} have the id of another one: choose one scenario or language"
        )
    return {
        "hrm_edge": __version__,
        "suite": suites[0],
        "problems": len(problems),
        "problems_sha256": problems_sha256(problems),
        "answerer": answerer,
        "sandbox": sandbox.backend,
        **json.loads(json.dumps(settings)),
    }
