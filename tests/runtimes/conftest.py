"""Fixtures of the runtimes' tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hrm_edge.runtimes.base import RUNTIME_NAMES, HrmRuntime
from hrm_edge.runtimes.load import load_runtime
from hrm_edge.runtimes.options import RuntimeOptions


@pytest.fixture(params=RUNTIME_NAMES)
def runtime_of(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], HrmRuntime]]:
    """`runtime_of(model_dir)`: each runtime in turn, closed in the end."""
    opened: list[HrmRuntime] = []

    def load(path: Path) -> HrmRuntime:
        opened.append(load_runtime(path, RuntimeOptions(runtime=str(request.param), threads=1)))
        return opened[-1]

    yield load
    for runtime in opened:
        runtime.close()
