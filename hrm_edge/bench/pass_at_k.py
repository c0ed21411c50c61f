"""Unbiased pass@k (Chen et al. 2021, https://arxiv.org/abs/2107.03374, equation 1) and its standard error.

Per problem with n samples of which c passed, pass@k = 1 − C(n−c, k) / C(n, k), computed as the product
1 − Π (1 − k/i) for i from n−c+1 to n, which overflows for no n. Over problems: the mean, and the standard error of
that mean with each problem as one cluster (Miller 2024, https://arxiv.org/abs/2411.00640, section 2.2): samples of one
problem are no independent evidence about a suite, so that ten samples of two problems are two observations.
"""

import math
from collections.abc import Iterable, Sequence

from hrm_edge.bench.scores import Score
from hrm_edge.problems.problem import Problem, Scenario

Counts = tuple[int, int]
"""(samples, passed) of one problem."""


def pass_at_k(samples: int, passed: int, k: int) -> float:
    """The unbiased estimate for one problem.

    Raises:
        ValueError: fewer samples than k, or more passed than there are samples.
    """
    if not 0 <= passed <= samples:
        raise ValueError(f"{passed} of {samples} samples passed: it must be between 0 and all")
    if not 1 <= k <= samples:
        raise ValueError(f"pass@{k} needs at least {k} samples, and k at least 1: there are {samples}")
    if samples - passed < k:
        return 1.0
    return 1.0 - math.prod(1.0 - k / i for i in range(samples - passed + 1, samples + 1))


def scores_at_k(counts: Sequence[Counts], ks: Iterable[int]) -> dict[int, Score]:
    """pass@k over problems for each k, in order; a k that some problem has too few samples for is left out."""
    fewest = min((samples for samples, _ in counts), default=0)
    total = sum(samples for samples, _ in counts)
    return {
        k: mean_score([pass_at_k(samples, passed, k) for samples, passed in counts], samples=total)
        for k in sorted(set(ks))
        if 1 <= k <= fewest
    }


def mean_score(values: Sequence[float], *, samples: int) -> Score:
    """The mean of one value per problem, with its standard error.

    Args:
        values: at least one.
        samples: how many samples the values were computed from, all problems together.
    """
    n = len(values)
    mean = math.fsum(values) / n
    squares = math.fsum((value - mean) ** 2 for value in values)
    error = math.sqrt(squares / (n - 1) / n) if n > 1 else None
    return Score(value=mean, standard_error=error, problems=n, samples=samples)


def cluster_of(problem: Problem) -> str:
    """What counts as one problem: itself, but the programs of one question that self-repair mends are its samples."""
    is_repair_of_many = problem.scenario is Scenario.REPAIR and "code_index" in problem.source
    return str(problem.source["question_id"]) if is_repair_of_many else problem.id
