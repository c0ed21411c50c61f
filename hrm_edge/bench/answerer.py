"""Who answers problems in the bench: a model in a runtime, or a baseline. The bench treats them alike."""

from dataclasses import dataclass
from typing import Protocol

from hrm_edge.problems.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Response:
    """One answer, as it came."""

    text: str
    """The whole response, fences and all."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    finish_reason: str = "stop"
    seconds: float = 0.0
    log_probability: float | None = None
    """Natural logarithm of the model's own probability of all that it wrote; None of what no model wrote."""
    neighbours: int | None = None
    """How many answers that were looked up stood before the request; None where none were to."""


class Answerer(Protocol):
    """Answers one request at a time."""

    @property
    def name(self) -> str:
        """What stands in reports and samples: the model's file name and runtime, or the baseline's name."""
        ...

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:
        """The response to `request`, which is `problem.request` or, in a second try, what follows its failure.

        The same seed gives the same response.
        """
        ...
