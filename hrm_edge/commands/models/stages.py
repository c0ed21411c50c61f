"""One progress display for a command of several stages, on stderr: a row each, in bytes or in steps.

Where stderr is no terminal, each stage is one line as it begins, so that a log tells what a long command is at.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hrm_edge.commands.terminal import print_status

if TYPE_CHECKING:
    from rich.progress import Progress


class Stages:
    """The rows; made by `stages()`."""

    def __init__(self, bars: "Progress | None") -> None:
        self._bars = bars

    @contextmanager
    def in_bytes(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """A stage of `total` bytes: call what is yielded with bytes that were done."""
        with self._stage(label, total, size_text) as advance:
            yield advance

    @contextmanager
    def in_steps(self, label: str, total: int) -> Iterator[Callable[[str], None]]:
        """A stage of `total` steps: call what is yielded with the name of each that was done."""
        with self._stage(label, total, str) as advance:
            yield lambda _: advance(1)

    @contextmanager
    def _stage(self, label: str, total: int, shown: Callable[[int], str]) -> Iterator[Callable[[int], None]]:
        if self._bars is None:
            print_status(f"{label} ({shown(total)})" if shown is size_text else label)
            yield lambda _: None
            return
        bars, done = self._bars, 0
        task = bars.add_task(label, total=total, amount="")

        def advance(count: int) -> None:
            nonlocal done
            done += count
            bars.update(task, completed=done, amount=f"{shown(done)} of {shown(total)}")

        yield advance


@contextmanager
def stages() -> Iterator[Stages]:
    """The display, for as long as the command works."""
    if not sys.stderr.isatty():
        yield Stages(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(),
        TextColumn("{task.fields[amount]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Stages(bars)


def size_text(size: int) -> str:
    """Bytes as a person reads them: kB, MB and GB are 10^3, 10^6 and 10^9 bytes."""
    for unit, bytes_of_unit in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_of_unit:
            return f"{size / bytes_of_unit:.1f} {unit}"
    return f"{size} bytes"
