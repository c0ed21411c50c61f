"""One server of a random model through llama.cpp for all tests, and the same model in this process beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from running_server import RunningServer, loader

from hrm_edge.runtimes.base import HrmRuntime
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.load import load_runtime, load_tokenizer
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.tokenizer import Tokenizer


@dataclass(frozen=True)
class Reference:
    """The model without a server."""

    runtime: HrmRuntime
    batch: Batch
    tokenizer: Tokenizer


@pytest.fixture(scope="module")
def server(random_model: Callable[[str], Path]) -> Iterator[RunningServer]:
    pytest.importorskip("llama_cpp")
    with RunningServer(loader(random_model("plain"))) as running:
        yield running.ready()


@pytest.fixture(scope="module")
def reference(random_model: Callable[[str], Path]) -> Iterator[Reference]:
    path = random_model("plain")
    with (
        load_runtime(path, RuntimeOptions(runtime="llama-cpp", threads=1)) as runtime,
        runtime.batch(capacity=4) as batch,
    ):
        assert isinstance(runtime, HrmRuntime)
        yield Reference(runtime, batch, load_tokenizer(path)[0])
