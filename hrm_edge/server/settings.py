"""What a server allows: places, queue, times and sizes. Every limit is here and nowhere else."""

from dataclasses import dataclass


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
    grace_s: float = 10.0
    """After SIGTERM or Ctrl-C, for the answers at hand to end."""
    connections: int = 400
    choices: int = 16
    """The most `n` may be."""
    answers: int = 64
    """The most prompts × n of one request."""
    stops: int = 16
    """OpenAI allows 4 stop strings; evaluation harnesses send more."""
    stop_characters: int = 256
    alternatives: int = 20
    """Most probable tokens per place."""

    def __post_init__(self) -> None:
        if not 1 <= self.answers <= self.queue:
            raise ValueError(f"answers is {self.answers} and queue {self.queue}: one request must fit the empty queue")


@dataclass(frozen=True, kw_only=True)
class Binding:
    """Where the server listens and who may ask."""

    host: str = "127.0.0.1"
    port: int = 8000
    api_key: str | None = None
    """None: whoever reaches the address may ask, which is why the address is then of this machine alone."""
