"""What was tried on the way to an answer, and the answer with what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hrm_edge.assistant.drawing import Candidate
from hrm_edge.assistant.neighbours import Source
from hrm_edge.assistant.verification import Verification


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One candidate and what became of it."""

    number: int
    origin: Literal["index", "sample", "repair"]
    parent: int | None = None
    """The trial that a repair mends."""
    depth: int
    """H cycles that it was drawn with."""
    candidate: Candidate
    language: str | None
    """Of its fence, or else the one that was asked for."""
    verification: Verification
    at_s: float
    """When it was done, from the start of the request."""

    @property
    def rank(self) -> tuple[float, float]:
        """How good it is: examples that hold, then the model's own probability."""
        return self.verification.share, self.candidate.mean_log_probability

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "origin": self.origin,
            "parent": self.parent,
            "cycles": self.depth,
            "language": self.language,
            "answer": self.verification.code,
            "log_probability": None if self.origin == "index" else self.candidate.mean_log_probability,
            "passed": self.verification.passed,
            "examples": self.verification.total,
            "failure": self.verification.failure or self.verification.unverified,
            "at_s": self.at_s,
        }


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answer to a request."""

    answer: str
    """Code without its fence, exactly what was run."""
    language: str | None
    verified: bool | None
    """None where nothing could be checked."""
    reason: str
    """Why it is verified or not: `3 of 3 examples`, or what stood in the way."""
    source: Source | None
    """What the answer leans on."""
    chosen: Trial
    trials: Sequence[Trial]
    neighbours: int
    """Entries of the index that the model was shown."""

    @property
    def label(self) -> str:
        """`verified (3 of 3 examples)` or `not verified: …`."""
        return f"verified ({self.reason})" if self.verified else f"not verified: {self.reason}"

    def to_json(self) -> dict[str, Any]:
        """What is known of the answer, for `--json`: its sizes and times are its completion's."""
        return {
            "answer": self.answer,
            "language": self.language,
            "verified": self.verified,
            "reason": self.reason,
            "probability": self.chosen.candidate.probability,
            "source": None if self.source is None else {"name": self.source.name, "licence": self.source.licence},
            "trials": [trial.to_json() for trial in self.trials],
        }
