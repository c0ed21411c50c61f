"""Shards of hrm-edge's own shell recipes, a few thousand tokens."""

import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from hrm_edge.train.data.pipeline.build import build
from hrm_edge.train.data.pipeline.recipe import parse_recipe


@pytest.fixture(scope="session")
def shards_directory(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("shards")
    recipe = {"name": "tiny", "longest": 128, "shards": 2, "tokens": 12_000, "sources": {"recipes": {"weight": 1}}}
    build(parse_recipe(recipe, "tiny.toml", out, None), out)
    return out


@pytest.fixture
def interrupted_in_step(monkeypatch) -> Callable[[int], AbstractContextManager[None]]:
    """A context in which a training gets Ctrl-C during the step of that number."""
    from hrm_edge.train.interruption import SaveOnInterrupt

    @contextmanager
    def context(step: int):
        def signal_in_step(_self, _args, state, control, **_):
            if state.global_step == step - 1:
                signal.raise_signal(signal.SIGINT)
            return control

        with monkeypatch.context() as patch:
            patch.setattr(SaveOnInterrupt, "on_step_begin", signal_in_step, raising=False)
            yield

    return context
