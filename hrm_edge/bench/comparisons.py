"""Which answerers of one suite are held against which, problem by problem.

- Every model against the first one, in the same runtime where that ran there, with as many neighbours.
- Every model with neighbours against itself without.
- Every model against retrieval alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hrm_edge.bench.evaluation import Evaluation
from hrm_edge.bench.latency import Subject
from hrm_edge.bench.pairing import PairedLoss, paired_loss, problem_scores
from hrm_edge.bench.pass_at_k import cluster_of
from hrm_edge.bench.subjects import SubjectSizes
from hrm_edge.problems.problem import Problem

Scores = Mapping[str, float]
"""Problem → share of its samples that passed."""


@dataclass(frozen=True, kw_only=True)
class ModelRun:
    """One model's answers to one suite."""

    subject: Subject
    sizes: SubjectSizes
    neighbours: int
    """Looked up before each request, at most."""
    evaluation: Evaluation


def comparisons(runs: Sequence[ModelRun], retrieval: Evaluation | None) -> list[PairedLoss]:
    """Every comparison, over the whole suite and per language and scenario where it has several.

    Problems that one of two has no score for, which only a fault of this machine leaves, are left out of both.
    """
    found: list[PairedLoss] = []
    for run in runs:
        other = _reference(run, runs)
        if other is not None:
            found += _compare(other.evaluation, run.evaluation, is_quantization=_is_quantization(other, run))
        plain = next((one for one in runs if one.subject == run.subject), run)
        if plain.neighbours < run.neighbours:
            found += _compare(plain.evaluation, run.evaluation)
        if retrieval is not None:
            found += _compare(retrieval, run.evaluation)
    return found


def _reference(run: ModelRun, runs: Sequence[ModelRun]) -> ModelRun | None:
    """The first model with as many neighbours: in this runtime on this device, else in its own first one."""
    first = [one for one in runs if one.subject.model == runs[0].subject.model and one.neighbours == run.neighbours]
    alike = (one for one in first if _engine(one) == _engine(run))
    reference = next(alike, first[0] if first else None)
    if reference is run:
        reference = first[0]
    return None if reference is run else reference


def _engine(run: ModelRun) -> tuple[str, str]:
    return run.subject.runtime, run.subject.device


def _is_quantization(reference: ModelRun, run: ModelRun) -> bool:
    """Whether a model is the other one in fewer bits, as far as headers say."""
    before, after = reference.sizes, run.sizes
    shape = (before.architecture, before.preset, before.parameters, before.cycles)
    return shape == (after.architecture, after.preset, after.parameters, after.cycles) and after.bits < before.bits


def _compare(reference: Evaluation, candidate: Evaluation, *, is_quantization: bool = False) -> Iterator[PairedLoss]:
    before, after = problem_scores(reference), problem_scores(candidate)
    for group, problems in _groups(candidate.problems):
        shared = [problem for problem in problems if problem in before and problem in after]
        if shared:
            yield paired_loss(
                candidate.problems[0].suite,
                reference=(reference.answerer, {problem: before[problem] for problem in shared}),
                candidate=(candidate.answerer, {problem: after[problem] for problem in shared}),
                group=group,
                is_quantization=is_quantization,
            )


def _groups(problems: Sequence[Problem]) -> Iterator[tuple[tuple[str, str] | None, list[str]]]:
    """The whole suite, then every language and every scenario of which it has several."""
    yield None, list(dict.fromkeys(map(cluster_of, problems)))
    kinds = {
        "language": {cluster_of(problem): problem.language for problem in problems},
        "scenario": {cluster_of(problem): problem.scenario.value for problem in problems},
    }
    for kind, names in kinds.items():
        every = sorted(set(names.values()))
        for name in every if len(every) > 1 else ():
            yield (kind, name), [problem for problem, its in names.items() if its == name]
