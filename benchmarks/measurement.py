"""What the scripts of this folder share: turns, spreads, a neighbour that burns a core, and the report they write."""

import json
import multiprocessing
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from hrm_edge.bench.latency import Spread
from hrm_edge.machine import describe_machine


def alternated(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each side returns, a round at a time; one round before them warms up and does not count."""
    figures: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, turn in sides.items():
            figure = turn()
            if number:
                figures[name].append(figure)
    return dict(figures)


def spread(values: Sequence[float]) -> dict[str, float | int]:
    """Median, 95th percentile, extremes and number."""
    return Spread(tuple(values)).to_json()


def ratio(first: Sequence[float], second: Sequence[float]) -> float:
    """Median of the rounds' ratios, so that what slowed a whole round down slowed both sides."""
    return median(one / other for one, other in zip(first, second, strict=True))


@contextmanager
def burning_core() -> Iterator[None]:
    """A process of ours that computes until the end of the block."""
    process = multiprocessing.get_context("spawn").Process(target=_burn, daemon=True)
    process.start()
    try:
        time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.join()


def _burn() -> None:
    number = 1
    while True:
        number = number * 1103515245 % 2147483648


def write_report(out: Path | None, kind: str, settings: Mapping[str, Any], figures: Mapping[str, Any]) -> None:
    """The figures with the machine, the versions, the settings (seed and rounds among them) and the load, as JSON.

    To `out`, or to standard output without one. `kind` is what benchmarks/performance_tables.py knows the report by.
    """
    report = {
        "kind": kind,
        "date": datetime.now(UTC).date().isoformat(),
        "load_average": os.getloadavg()[0],
        "settings": {name: _named(value) if isinstance(value, Path) else value for name, value in settings.items()},
        "machine": describe_machine().to_json(),
        **figures,
    }
    text = json.dumps(report, indent=2)
    if out is None:
        print(text)
    else:
        out.write_text(f"{text}\n", encoding="utf-8")


def _named(path: Path) -> str:
    """A file by its name and its folder's: a report is no place for where somebody keeps them."""
    return "/".join(path.absolute().parts[-2:])
