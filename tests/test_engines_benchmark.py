"""benchmarks/engines.py, large_shape_run.py and soak.py: what they compute, and one side in a process of its own."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from conversions import exported
from random_models import random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import CheckpointError

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def scripts():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_random_model(tmp_path_factory.mktemp("model"))


def load(name):
    return importlib.import_module(name)


def test_side_in_its_own_process_has_the_logits_of_transformers(model, tmp_path):
    sides = load("engine_sides")
    gguf = exported(model, tmp_path / "model.gguf", "f32")
    prompt, answer = random_ids(9), random_ids(3, seed=2)
    with sides.SideProcess(sides.Side(name="ours", engine="llama-cpp", model=gguf, context_length=64)) as side:
        logits_TV = side.logits(prompt, answer)
        assert side.loaded["load_s"] > 0
        assert len(side.tokens(prompt, 4)) == 4
        assert min(side.answer(prompt, 4)) > 0
        assert side.peak_rss_bytes() > 10**7
    assert relative_error(logits_TV, reference_logits(model, prompt, answer[:-1])) < 1e-4


def test_side_that_cannot_be_opened_says_why(tmp_path):
    sides = load("engine_sides")
    with pytest.raises(CheckpointError, match="does not exist"):
        sides.SideProcess(sides.Side(name="ours", engine="onnx", model=tmp_path / "none.onnx"))


def test_deviation_of_equal_logits_is_nothing_and_of_others_their_divergence():
    deviation = load("engines").deviation
    exact = np.log(np.array([[0.5, 0.25, 0.25], [0.2, 0.4, 0.4]], np.float32))
    other = np.log(np.array([[0.25, 0.5, 0.25], [0.2, 0.4, 0.4]], np.float32))
    assert deviation(exact, exact) == {"relative_error": 0.0, "kl": pytest.approx(0, abs=1e-7), "top1": 1.0}
    found = deviation(exact, other)
    assert found["kl"] == pytest.approx((0.5 * np.log(2) - 0.25 * np.log(2)) / 2, rel=1e-5)
    assert found["top1"] == 0.5
    assert found["relative_error"] == pytest.approx(np.log(2) / -np.log(0.2), rel=1e-5)


def test_operations_of_a_token_are_two_for_each_weight_as_often_as_it_is_used(model):
    with open_checkpoint(model) as checkpoint:
        architecture: Architecture = checkpoint.architecture
    reads = {".L_module.": architecture.h_cycles * architecture.l_cycles, ".H_module.": architecture.h_cycles}
    expected = 2 * sum(
        int(np.prod(shape)) * next((count for part, count in reads.items() if part in name), 1)
        for name, shape in architecture.tensor_shapes().items()
        if len(shape) == 2
    )
    assert load("engines").operations_per_token(architecture) == pytest.approx(expected, rel=0.01)


def readings(rss, descriptors):
    return [{"rss_bytes": size, "descriptors": count} for size, count in zip(rss, descriptors, strict=True)]


@pytest.mark.parametrize(
    ("rss", "descriptors", "flat"),
    [
        ([50, 90, 90, 90, 90, 90, 90, 91], [9] * 8, True),
        ([50, 90, 92, 94, 96, 98, 100, 102], [9] * 8, False),
        ([90] * 8, [9, 9, 9, 9, 9, 9, 9, 10], False),
        ([90] * 3, [9] * 3, None),
    ],
    ids=["warm-up", "grows", "a file left open", "too few"],
)
def test_memory_is_judged_by_the_rule_that_is_stated(rss, descriptors, flat):
    judged = load("soak").judged(readings([value * 2**20 for value in rss], descriptors))
    assert judged["flat"] is flat


def test_soak_of_every_way_of_generating_reads_memory_and_files(model, monkeypatch):
    soak = load("soak")
    monkeypatch.setattr(soak, "STEP", 4)
    monkeypatch.setattr(soak, "FRESH_BATCH", 7)
    monkeypatch.setattr(soak, "LONGEST_PROMPT", 20)
    monkeypatch.setattr(soak, "LONGEST_ANSWER", 6)
    found = soak.soak(model, "onnx", 8, 0)
    assert [reading["generations"] for reading in found["readings"]] == [4, 8]
    assert all(reading["rss_bytes"] > 10**7 and reading["descriptors"] > 0 for reading in found["readings"])
    assert found["tokens"] >= 8
