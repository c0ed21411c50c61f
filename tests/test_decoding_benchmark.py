"""benchmarks/decoding.py on a tiny model: every figure is there, and the answers it compares are the same."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from random_models import save_random_model

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def decoding():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        spec = importlib.util.spec_from_file_location("decoding", BENCHMARKS / "decoding.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def test_benchmark_compares_equal_answers_and_ends_with_its_figures_as_json(decoding, tmp_path, monkeypatch, capsys):
    model = save_random_model(tmp_path / "model", max_position_embeddings=2048)
    options = ["--runtime", "onnx", "--rounds", "1", "--max-tokens", "12", "--samples", "3", "--threads", "1"]
    monkeypatch.setattr(sys, "argv", ["decoding.py", str(model), *options])
    decoding.main()
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])["results"]["onnx"]
    assert figures["samples"]["same_answers"] == figures["samples"]["samples"] == 3
    looked_up = {key: found for key, found in figures.items() if key.startswith("lookup")}
    assert set(looked_up) == {
        f"lookup {kind} {written}" for kind in ("repair", "function") for written in ("replayed", "own")
    }
    assert all(found["identical"] for found in looked_up.values())
    assert looked_up["lookup repair replayed"]["guesses_right"] > 0.3
    assert 0 <= figures["cycles"]["agreement"] <= 1
    assert figures["cycles"]["cycles"] == 2
    assert set(figures["pass"]["tokens"]) == {str(count) for count in decoding.PASSES}


@pytest.mark.parametrize(("share", "length"), [(0.2, 1), (0.8, 4), (1.0, 3)])
def test_gain_is_what_drafting_by_chance_gives(decoding, share, length):
    """Tokens per pass, simulated: drafted ones up to the first that is wrong, and one of the model's own."""
    rng = np.random.default_rng(0)
    right = rng.random((20_000, length)) < share
    tokens = 1 + np.cumprod(right, axis=1).sum(axis=1).mean()
    time = 1 + length * (0.5 + 0.25)
    assert decoding.gain(share, length, 0.5, 0.25) == pytest.approx(tokens / time, rel=0.01)
