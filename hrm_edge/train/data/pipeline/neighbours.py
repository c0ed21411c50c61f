"""Retrieved examples before a request: the model learns to adapt what fits and to ignore what does not.

`Neighbours` is what the pipeline needs of an index. Its contract: `find` gives at most `count` examples, never one of
the group asked for (so never the example itself), the same ones for the same arguments and the same state of `rng`. A
recipe's [neighbours] says how many examples get some (`share`) and how many at most (`most`).

The prompt, which `with_neighbours` writes and whoever retrieves at answering time must write too:

    Possibly related:

    <request of the first>
    <response of the first>

    <request of the second>
    <response of the second>

    Task:
    <the request>
"""

import random
from collections.abc import Sequence
from typing import Protocol

from hrm_edge.train.data.example import TrainingExample

_HEAD, _TASK = "Possibly related:", "Task:"


class Neighbours(Protocol):
    """What finds examples like a request. Worker processes get it pickled: open files where they are first needed."""

    def find(self, request: str, *, group: str, count: int, rng: random.Random) -> Sequence[TrainingExample]:
        """At most `count` examples like the request, the most alike first, none of them of `group`."""
        ...


def with_neighbours(request: str, neighbours: Sequence[TrainingExample]) -> str:
    """A request with neighbours before it; without any, the request as it is."""
    if not neighbours:
        return request
    shown = [f"{neighbour.request}\n{neighbour.response}" for neighbour in neighbours]
    return "\n\n".join([_HEAD, *shown, f"{_TASK}\n{request}"])
