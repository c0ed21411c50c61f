"""Choosing the next token: temperature, top-p and a seed, in numpy, once for all runtimes.

Probabilities are float64, so that a vocabulary of any size sums to one and the same seed gives the same answer
wherever the logits agree. Top-p (nucleus sampling) keeps the smallest set of most probable tokens whose mass reaches
p: Holtzman et al. 2020, https://arxiv.org/abs/1904.09751, equation 2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import CheckpointError

SORTED_PARTS = (2.0**-7, 2.0**-14, 2.0**-21, 0.0)
"""Of the most probable token's mass: tokens above the first are sorted at first, then those above the next."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A chosen token and how likely the model itself held it."""

    token_id: int
    log_probability: float
    """Natural logarithm under the model's own distribution: temperature 1, no top-p. Comparable between candidates."""


class Sampler:
    """Draws tokens one after another from one random generator: a seed fixes the whole answer."""

    def __init__(self, *, temperature: float = 0.0, top_p: float = 1.0, seed: int | None = None) -> None:
        """`temperature` 0 always takes the most probable token (greedy); `seed` None draws from the system's entropy.

        Raises:
            ValueError: temperature below 0 or not finite, or top_p outside (0, 1].
        """
        if not 0 <= temperature < np.inf:
            raise ValueError(f"temperature is {temperature}: it must be 0 (greedy) or a positive number")
        if not 0 < top_p <= 1:
            raise ValueError(f"top_p is {top_p}: it must be above 0 and at most 1")
        self.temperature = temperature
        self.top_p = top_p
        self._generator = np.random.default_rng(seed)

    def choose(self, logits_V: NDArray[np.floating]) -> Choice:
        """The next token for logits [V] of any float type.

        Raises:
            CheckpointError: a logit is NaN or +inf: the weights are damaged.
        """
        shifted_V = _below_largest(logits_V)
        token_id = int(np.argmax(logits_V)) if self.temperature == 0 else self._draw(shifted_V)
        return Choice(token_id=token_id, log_probability=float(shifted_V[token_id] - np.log(np.exp(shifted_V).sum())))

    def _draw(self, shifted_V: NDArray[np.float64]) -> int:
        with np.errstate(over="ignore"):  # a temperature near 0 sends all but the largest to −inf, as it should
            mass_V = np.exp(shifted_V / self.temperature)
        total = mass_V.sum()
        draw = self._generator.random()
        if self.top_p < 1:
            kept, cumulative = _prefix(mass_V, self.top_p * total)
            total = cumulative[-1]
        else:
            kept, cumulative = _prefix(mass_V, draw * total)
        # The draw is below the total mass, so a token of probability 0 is never reached.
        place = np.searchsorted(cumulative, draw * total, side="right")
        return int(kept[min(int(place), len(kept) - 1)])


def log_softmax(logits_V: NDArray[np.floating]) -> NDArray[np.float64]:
    """Natural log-probabilities [V] in float64; −inf logits are allowed and have probability 0.

    Raises:
        CheckpointError: a logit is NaN or +inf, or all are −inf.
    """
    shifted_V = _below_largest(logits_V)
    result: NDArray[np.float64] = shifted_V - np.log(np.exp(shifted_V).sum())
    return result


def most_probable(logits_V: NDArray[np.floating], count: int) -> tuple[tuple[int, float], ...]:
    """(token id, log-probability) of the `count` most probable tokens for logits [V], most probable first.

    Raises:
        CheckpointError: as log_softmax.
    """
    log_probabilities_V = log_softmax(logits_V)
    order = np.argsort(-log_probabilities_V, kind="stable")[:count]
    return tuple((int(token_id), float(log_probabilities_V[token_id])) for token_id in order)


def nucleus(probabilities_V: NDArray[np.float64], top_p: float) -> NDArray[np.intp]:
    """Ids of the smallest set of most probable tokens whose mass is at least `top_p`, most probable first."""
    if top_p >= 1:
        return np.argsort(-probabilities_V, kind="stable")
    return _prefix(probabilities_V, top_p)[0]


def _below_largest(logits_V: NDArray[np.floating]) -> NDArray[np.float64]:
    """Logits [V] less the largest of them; CheckpointError as log_softmax."""
    logits = np.asarray(logits_V, np.float64)
    largest = logits.max()
    if not np.isfinite(largest):  # max is NaN where any logit is
        raise CheckpointError(
            f"the model's logits reach {largest}: weights are damaged or overflow; check the file with hrm-edge verify"
        )
    shifted: NDArray[np.float64] = logits - largest
    return shifted


def _prefix(mass_V: NDArray[np.float64], wanted: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The fewest most probable tokens whose mass reaches `wanted` (all if rounding keeps them below it), and their
    cumulative mass; most probable first, equals by id.

    A trained model puts nearly all mass on a few tokens, and sorting a whole vocabulary takes longer than a small
    model's pass: only tokens above a part of the largest are sorted, and more only if their mass does not reach.
    """
    largest = mass_V.max()
    for part in SORTED_PARTS:
        kept = np.flatnonzero(mass_V >= part * largest)
        kept = kept[np.argsort(-mass_V[kept], kind="stable")]
        cumulative = np.cumsum(mass_V[kept])
        if cumulative[-1] >= wanted:
            break
    count = int(np.searchsorted(cumulative, wanted)) + 1
    return kept[:count], cumulative[:count]
