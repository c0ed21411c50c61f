"""What one thread uses at a time: a second one is refused while the first is inside, instead of a crash or mixed
answers."""

from threading import Lock
from types import TracebackType

from hrm_edge.errors import RuntimeUnavailableError


class OneThread:
    """`with` it around every use of what threads may not share."""

    def __init__(self, what: str) -> None:
        """`what` names the thing in the error."""
        self._what = what
        self._lock = Lock()

    def __enter__(self) -> None:
        """Raises:
        RuntimeUnavailableError: another use is not over.
        """
        if not self._lock.acquire(blocking=False):
            raise RuntimeUnavailableError(
                f"{self._what} is in use by another thread: let the threads take turns, or give each its own"
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
