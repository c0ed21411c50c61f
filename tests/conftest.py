"""Fixtures that every folder of tests shares."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import settings
from random_models import SHAPES, save_random_model

from hrm_edge.files import cache_directory

torch.set_num_threads(1)  # tiny models: a second thread that has to wait for its core makes them 20 times slower
settings.register_profile("without-clock", deadline=None)  # on a busy machine an example takes as long as it takes
settings.load_profile("without-clock")


@pytest.fixture(scope="session")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`random_model("untied")`: the directory of that shape, made once per run. Read it, never write to it."""
    made: dict[str, Path] = {}

    def make(shape: str = "plain") -> Path:
        if shape not in made:
            made[shape] = save_random_model(tmp_path_factory.mktemp(shape) / "model", **SHAPES[shape])
        return made[shape]

    return make


@pytest.fixture(params=SHAPES, ids=str)
def shape(request: pytest.FixtureRequest) -> str:
    """The name of each parity shape in turn."""
    return str(request.param)


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the cache of the person who runs them; subprocesses inherit this one.

    What compilers need once per machine is shared: it takes a minute to make, and no test can change it.
    """
    toolchains, cache = cache_directory() / "toolchains", tmp_path_factory.mktemp("cache")
    toolchains.mkdir(parents=True, exist_ok=True)
    (cache / "toolchains").symlink_to(toolchains)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HRM_EDGE_CACHE", str(cache))
        yield


@pytest.fixture(scope="session")
def data_directory() -> Path:
    """The real data sets: HRM_EDGE_DATA, or `shared/data` beside the repository; without either the test is skipped."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    directory = Path(os.environ.get("HRM_EDGE_DATA", beside))
    if not directory.is_dir():
        pytest.skip("needs the data sets: set HRM_EDGE_DATA to their directory")
    return directory
