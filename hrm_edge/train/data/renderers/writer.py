"""Lines of source at a depth of indentation."""

from collections.abc import Iterator
from contextlib import contextmanager


class Writer:
    """Collects lines; `indented` puts those written inside it one step deeper."""

    def __init__(self, step: str) -> None:
        self._step = step
        self._depth = 0
        self._lines: list[str] = []

    def line(self, text: str = "") -> None:
        """One line; an empty one has no blanks."""
        self._lines.append(self._step * self._depth + text if text else "")

    @contextmanager
    def indented(self) -> Iterator[None]:
        """One step deeper until the end of the `with` block."""
        self._depth += 1
        yield
        self._depth -= 1

    def text(self) -> str:
        """All lines, without a newline at the end."""
        return "\n".join(self._lines)
