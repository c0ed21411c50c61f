"""What a server allows: the bounds of a request, the same everywhere, and the places, times and sizes of one server."""

from dataclasses import dataclass

MOST_CHOICES = 16
"""Of `n`, and of `candidates`."""
MOST_ANSWERS = 64
"""Prompts × n of one request. A queue is at least as long, or such a request would never be taken."""
MOST_STOPS = 16
"""OpenAI allows 4 stop strings; evaluation harnesses send more."""
LONGEST_STOP = 256
"""Characters of a stop string."""
MOST_ALTERNATIVES = 20
"""Most probable tokens that are named per place."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds that keep one client from starving the others."""

    places: int = 16
    """Answers that are written at the same time."""
    queue: int = 128
    """Answers that may wait for a place; beyond them requests get 429."""
    request_s: float = 120.0
    """From a read request to the end of its answers, the wait included."""
    header_s: float = 10.0
    """For a client to send the head of a request."""
    body_s: float = 30.0
    """For a client to send the body of a request."""
    body_bytes: int = 1 << 20
    checks: int = 64
    """Answers that are run or wait for it; beyond them answers are given without."""
    call_s: float = 2.0
    """For one call of an answer that is run."""
    check_s: float = 20.0
    """From the end of an answer until it has been run, the wait included; then it is given without."""
    """At most a sixth of `request_s`."""
    grace_s: float = 10.0
    """After SIGTERM or Ctrl-C, for the answers at hand to end."""
    connections: int = 400

    @property
    def drawing_s(self) -> float:
        """From the beginning of a request's answers: of several candidates those that have not ended then are left,
        where another has. What is left is for their runs, so that the end of a request's time takes no answer that is
        there already."""
        return self.request_s * 2 / 3

    @property
    def repair_s(self) -> float:
        """From the beginning of a request's answers: repairs are begun and written until then."""
        return self.request_s / 2

    @property
    def longest_check_s(self) -> float:
        """As `check_s`, within the request's time."""
        return min(self.check_s, self.request_s / 6)


@dataclass(frozen=True, kw_only=True)
class Binding:
    """Where the server listens and who may ask."""

    host: str = "127.0.0.1"
    api_key: str | None = None
    """None: whoever reaches the address may ask, which is why the address is then of this machine alone."""
