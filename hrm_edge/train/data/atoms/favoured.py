"""Whole numbers of which some are drawn more often: questions about rare numbers see both answers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.train.data.atoms.domains import Whole


@dataclass(frozen=True)
class Favoured(Whole):
    """Both ends included, as in Whole; nine draws in ten are among the favoured."""

    among: Sequence[int]

    def draw(self, rng: random.Random) -> int:
        """One of the favoured, or any."""
        return rng.choice(self.among) if rng.random() < 0.9 else rng.randint(self.least, self.most)

    def edges(self) -> list[Any]:
        """Both ends, and the first of the favoured."""
        return list(dict.fromkeys([self.least, self.among[0], self.most]))
