"""Retrieved examples before a request: the model learns to adapt what fits and to ignore what does not.

`Neighbours` is what the pipeline needs of an index. A recipe's [neighbours] says how many examples get some (`share`)
and how many at most (`most`); `prompt.with_neighbours` writes them, in training and when answering alike.
"""

import random
from collections.abc import Sequence
from typing import Protocol

from hrm_edge.train.data.example import TrainingExample


class Neighbours(Protocol):
    """What finds examples like a request. It can be pickled."""

    @property
    def sha256(self) -> str:
        """Of what is retrieved from: two builds of one directory must agree on it."""
        ...

    def find(self, example: TrainingExample, *, count: int, rng: random.Random) -> Sequence[tuple[str, str]]:
        """At most `count` pairs (request, response) like the example's request, the most alike first. None has its very
        response. The same for the same arguments and the same state of `rng`."""
        ...
