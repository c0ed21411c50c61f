"""An example as tokens, with all that is known about it."""

from dataclasses import dataclass

from hrm_edge.train.data.example import TrainingExample


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An example that has passed every filter."""

    example: TrainingExample
    """As the source gave it, without neighbours."""
    identity: int
    """pipeline/identity.py."""
    request: tuple[int, ...]
    """Token ids of the bidirectional block, markers and neighbours included."""
    answer: tuple[int, ...]
    """Token ids of the response and `<|end|>`."""
    neighbours: int = 0
    """How many retrieved examples stand before the request."""

    @property
    def length(self) -> int:
        """Tokens in all."""
        return len(self.request) + len(self.answer)
