"""Whether a model knows when it is right: the area under the ROC curve of its own probability of an answer.

That is the chance that of a right answer and a wrong one the right one was the more probable to the model: 1 where its
probability separates them, 0.5 where it says nothing. The area, with ties as halves, and its standard error are those
of Hanley and McNeil, Radiology 143 (1982), 29-36, https://doi.org/10.1148/radiology.143.1.7063747.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Discrimination:
    """Of a set of answers."""

    area: float
    """From 0 to 1."""
    standard_error: float
    """As if answers were independent: several samples of one problem are not, and it is then too small."""
    right: int
    wrong: int

    def to_json(self) -> dict[str, Any]:
        return {
            "auroc": self.area,
            "standard_error": self.standard_error,
            "n_right": self.right,
            "n_wrong": self.wrong,
        }


def discrimination(right: Sequence[float], wrong: Sequence[float]) -> Discrimination | None:
    """From the model's (log-)probabilities of right and of wrong answers; None where one of them is empty."""
    if not right or not wrong:
        return None
    ordered = sorted(wrong)
    beaten = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in right) / 2
    area = beaten / (len(right) * len(wrong))
    two_right, two_wrong = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area)
    variance += (len(right) - 1) * (two_right - area**2) + (len(wrong) - 1) * (two_wrong - area**2)
    return Discrimination(
        area=area,
        standard_error=math.sqrt(max(0.0, variance) / (len(right) * len(wrong))),
        right=len(right),
        wrong=len(wrong),
    )
