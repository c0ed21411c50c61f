"""Two answerers on the same problems, compared problem by problem: what quantization costs, what neighbours bring.

Two models solve mostly the same problems, so that their difference varies far less than either score. Reported are

- its standard error, that of the mean of the differences (Miller 2024, "Adding error bars to evals",
  https://arxiv.org/abs/2411.00640, section 4.2); the relative loss and its error are the same two figures in units of
  the reference's score;
- an exact two-sided sign test on the problems that differ, which with one answer per problem is McNemar's exact test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb, sqrt
from statistics import fmean, stdev
from typing import Any

from hrm_edge.bench.evaluation import Evaluation
from hrm_edge.bench.pass_at_k import cluster_of
from hrm_edge.errors import DataError
from hrm_edge.sandbox.verdict import Outcome

CONFIDENCE = 0.95
"""Of a bound that the true loss is below, one-sided."""
_NORMAL_QUANTILE = 1.6449
"""Of CONFIDENCE."""


@dataclass(frozen=True, kw_only=True)
class PairedLoss:
    """pass@1 of a candidate against its reference."""

    suite: str
    reference: str
    candidate: str
    problems: int
    reference_score: float
    candidate_score: float
    standard_error: float | None
    """Of the difference; None with a single problem."""
    better: int
    """Problems that the candidate solves more often than the reference."""
    worse: int
    """Problems that it solves less often."""
    group: tuple[str, str] | None = None
    """(kind, name), as ("language", "go"), of the problems that are compared; None for the whole suite."""
    is_quantization: bool = False
    """The candidate is the reference in fewer bits: what the targets of the design are about."""

    @property
    def difference(self) -> float:
        """Candidate less reference: negative is a loss."""
        return self.candidate_score - self.reference_score

    @property
    def relative_loss(self) -> float | None:
        """Share of the reference's score that is lost; None where the reference solves nothing."""
        return -self.difference / self.reference_score if self.reference_score else None

    @property
    def relative_standard_error(self) -> float | None:
        """Of the relative loss; None with a single problem, or where the reference solves nothing."""
        if self.standard_error is None or not self.reference_score:
            return None
        return self.standard_error / self.reference_score

    @property
    def p_value(self) -> float:
        """Chance of so uneven a count of better and worse problems if both were equally likely."""
        differing = self.better + self.worse
        as_uneven: int = sum(comb(differing, count) for count in range(min(self.better, self.worse) + 1))
        return min(1.0, float(2 * as_uneven / 2**differing))

    @property
    def relative_loss_range(self) -> tuple[float, float] | None:
        """(lower, upper): the relative loss is above, or below, each of them with 95 % confidence.

        None where it cannot be told. The upper one is never less than what n problems without any loss leave open
        (1 − 0.05^(1/n) of all problems: the rule of three), so that equal answers to few problems show little.
        """
        loss, error = self.relative_loss, self.relative_standard_error
        if loss is None or error is None:
            return None
        unseen = (1 - (1 - CONFIDENCE) ** (1 / self.problems)) / self.reference_score
        return loss - _NORMAL_QUANTILE * error, max(loss + _NORMAL_QUANTILE * error, unseen)

    def to_json(self) -> dict[str, Any]:
        found = self.relative_loss_range
        return {
            "suite": self.suite,
            "group": None if self.group is None else {self.group[0]: self.group[1]},
            "reference": self.reference,
            "candidate": self.candidate,
            "is_quantization": self.is_quantization,
            "n_problems": self.problems,
            "reference_pass@1": self.reference_score,
            "candidate_pass@1": self.candidate_score,
            "difference": self.difference,
            "standard_error": self.standard_error,
            "n_better": self.better,
            "n_worse": self.worse,
            "p_value": self.p_value,
            "relative_loss": self.relative_loss,
            "relative_standard_error": self.relative_standard_error,
            "relative_loss_95_above": None if found is None else found[0],
            "relative_loss_95_below": None if found is None else found[1],
        }


def problem_scores(evaluation: Evaluation) -> dict[str, float]:
    """Problem → share of its scored samples that passed, by the last try of each.

    What is one problem is what pass@k's errors are clustered by.
    """
    clusters = {problem.id: cluster_of(problem) for problem in evaluation.problems}
    last = {(judged.sample.task_id, judged.sample.sample): judged.verdict for judged in evaluation.judged}
    passed: dict[str, list[bool]] = {}
    for (problem, _), verdict in last.items():
        if verdict.scored:
            passed.setdefault(clusters[problem], []).append(verdict.outcome is Outcome.PASSED)
    return {problem: fmean(outcomes) for problem, outcomes in passed.items()}


def paired_loss(
    suite: str,
    *,
    reference: tuple[str, Mapping[str, float]],
    candidate: tuple[str, Mapping[str, float]],
    group: tuple[str, str] | None = None,
    is_quantization: bool = False,
) -> PairedLoss:
    """Compare two answerers, each given by its name and its share of passed samples per problem.

    Raises:
        DataError: they did not answer the same problems, or none.
    """
    (reference_name, expected), (candidate_name, given) = reference, candidate
    if expected.keys() != given.keys() or not expected:
        raise DataError(
            f"suite {suite}: {reference_name} has scores for {len(expected)} problems and {candidate_name} for "
            f"{len(given)}, of which {len(expected.keys() & given.keys())} are the same: run both on the same problems"
        )
    pairs = [(expected[problem], given[problem]) for problem in expected]
    reference_score, candidate_score = (fmean(scores) for scores in zip(*pairs, strict=True))
    differences = [after - before for before, after in pairs]
    return PairedLoss(
        suite=suite,
        reference=reference_name,
        candidate=candidate_name,
        problems=len(pairs),
        reference_score=reference_score,
        candidate_score=candidate_score,
        standard_error=stdev(differences) / sqrt(len(differences)) if len(differences) > 1 else None,
        better=sum(difference > 0 for difference in differences),
        worse=sum(difference < 0 for difference in differences),
        group=group,
        is_quantization=is_quantization,
    )
