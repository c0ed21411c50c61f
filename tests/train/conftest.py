"""Shards of hrm-edge's own shell recipes, a few thousand tokens."""

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
