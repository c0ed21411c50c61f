"""Paired differences, against the plain definition and where they cannot be had."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest

from hrm_edge.bench.pairing import PairedLoss, paired_loss
from hrm_edge.errors import DataError


def test_standard_error_is_that_of_the_mean_difference():
    rng = np.random.default_rng(0)
    names = [f"HumanEval/{index}" for index in range(40)]
    reference = dict(zip(names, rng.integers(0, 6, 40) / 5, strict=True))
    candidate = dict(zip(names, rng.integers(0, 6, 40) / 5, strict=True))
    loss = paired_loss("humaneval", reference=("16 bits", reference), candidate=("4 bits", candidate))
    differences = np.array([candidate[name] - reference[name] for name in names])
    assert loss.difference == pytest.approx(differences.mean())
    assert loss.standard_error == pytest.approx(differences.std(ddof=1) / np.sqrt(40))
    assert loss.relative_loss == pytest.approx(
        1 - np.mean(list(candidate.values())) / np.mean(list(reference.values()))
    )
    assert (loss.problems, loss.reference, loss.candidate) == (40, "16 bits", "4 bits")


def test_equal_answers_lose_nothing_for_certain():
    scores = {"a": 1.0, "b": 0.0}
    loss = paired_loss("s", reference=("r", scores), candidate=("c", scores))
    assert (loss.difference, loss.standard_error, loss.relative_loss) == (0.0, 0.0, 0.0)


def test_nothing_is_said_of_one_problem_or_of_a_reference_that_solves_none():
    loss = paired_loss("s", reference=("r", {"a": 0.0}), candidate=("c", {"a": 1.0}))
    assert (loss.standard_error, loss.relative_loss) == (None, None)


@pytest.mark.parametrize("candidate", [{"a": 1.0}, {"a": 1.0, "c": 0.0}])
def test_different_problems_are_not_compared(candidate):
    with pytest.raises(DataError, match="of which 1 are the same: run both on the same problems"):
        paired_loss("s", reference=("r", {"a": 1.0, "b": 0.0}), candidate=("c", candidate))
    with pytest.raises(DataError):
        paired_loss("s", reference=("r", {}), candidate=("c", {}))


def solved(pattern: str) -> dict[str, float]:
    return {str(index): float(letter == "1") for index, letter in enumerate(pattern)}


def test_a_paired_error_worked_out_by_hand():
    """Differences 0 0 −1 −1 +1 0 0 0 0 0: mean −0.1, squares around it 2.9, so that the error is √(2.9/9/10)."""
    loss = paired_loss("s", reference=("r", solved("1111011000")), candidate=("c", solved("1100111000")))
    assert loss.difference == pytest.approx(-0.1)
    assert loss.standard_error == pytest.approx(0.17950549357115014)
    assert (loss.better, loss.worse) == (1, 2)
    assert (loss.reference_score, loss.candidate_score) == pytest.approx((0.6, 0.5))
    assert loss.relative_loss == pytest.approx(1 / 6)
    assert loss.relative_standard_error == pytest.approx(0.17950549357115014 / 0.6)


def binomial_two_sided(better: int, worse: int) -> Fraction:
    """Of all 2^n outcomes of n fair coins, the share that is at least as uneven."""
    n = better + worse
    choose = [factorial(n) // factorial(k) // factorial(n - k) for k in range(n + 1)]
    return Fraction(sum(ways for k, ways in enumerate(choose) if abs(2 * k - n) >= abs(better - worse)), 2**n)


@pytest.mark.parametrize(("better", "worse"), [(0, 0), (1, 0), (0, 5), (5, 0), (3, 3), (4, 11), (2, 7), (40, 60)])
def test_sign_test_is_the_exact_binomial_one(better, worse):
    same = "1010"
    reference, candidate = same + "0" * better + "1" * worse, same + "1" * better + "0" * worse
    loss = paired_loss("s", reference=("r", solved(reference)), candidate=("c", solved(candidate)))
    assert (loss.better, loss.worse) == (better, worse)
    assert loss.p_value == pytest.approx(float(binomial_two_sided(better, worse)))


def loss_of(n: int, reference: float, lost: float, error: float) -> PairedLoss:
    return PairedLoss(
        suite="s", reference="r", candidate="c", problems=n, reference_score=reference,
        candidate_score=reference - lost, standard_error=error, better=0, worse=round(n * lost),
    )  # fmt: skip


def test_the_range_of_a_loss_is_one_sided_95_percent_each_way():
    """1.6449 standard errors: of a normal figure 5 % lie above, and 5 % below."""
    above, below = loss_of(10_000, 0.5, 0.02, 0.005).relative_loss_range
    assert (above, below) == pytest.approx((0.04 - 1.6449 * 0.01, 0.04 + 1.6449 * 0.01))
    draws = np.random.default_rng(0).normal(size=400_000)
    assert np.mean(draws > 1.6449) == pytest.approx(0.05, abs=0.002)


def test_no_loss_on_few_problems_leaves_a_loss_possible():
    """If one problem in twenty were lost, 164 would show none once in 4,500 runs, and 20 every third time."""
    for n, most in ((20, 0.1391), (164, 0.01810), (1000, 0.002991)):
        _, below = loss_of(n, 0.5, 0.0, 0.0).relative_loss_range
        assert below == pytest.approx(most / 0.5, rel=1e-3)
        assert (1 - most) ** n == pytest.approx(0.05, rel=1e-3)
    assert paired_loss("s", reference=("r", {"a": 1.0}), candidate=("c", {"a": 1.0})).relative_loss_range is None
