"""benchmarks/depth.py on a tiny model: its figures are those of transformers, and every runtime and depth is there."""

import importlib.util
import json
from pathlib import Path

import halting_model as taught
import pytest
import torch
from transformers import HrmTextForCausalLM

from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.held_out import is_held_out

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "depth.py"
ROUNDS = 2


@pytest.fixture(scope="module")
def depth():
    spec = importlib.util.spec_from_file_location("depth", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def measured(depth, tmp_path_factory):
    """The checkpoint, its shards, and where the report lies."""
    from hrm_edge.commands.halting import halting

    place = tmp_path_factory.mktemp("depth")
    shards = place / "shards"
    checkpoint = taught.taught_checkpoint(place / "model", shards)
    halting(checkpoint, data=shards, examples=300, threads=1)
    depth.main(
        [checkpoint], data=shards, out=place / "report", runtimes="onnx,torch", rounds=ROUNDS, per_task=48, requests=2,
        answer_tokens=4, beyond=1, threads=1,
    )  # fmt: skip
    return checkpoint, shards, place / "report"


@pytest.fixture(scope="module")
def depths(measured):
    (model,) = json.loads(measured[2].with_suffix(".json").read_text())["models"]
    assert model["trained_cycles"] == 2
    return {row["cycles"]: row for row in model["depths"]}


def test_quality_is_transformers_on_each_held_out_example(measured, depths):
    checkpoint, shards_directory, _ = measured
    shards = open_shards(shards_directory)
    examples = [example for shard, row in shards.training_order(seed=0) for example in shards.examples(shard, row)]
    held_out = [(one.request.tolist(), one.answer.tolist()) for one in examples if is_held_out(one.group)]
    for cycles in (1, 2, 3):
        model = HrmTextForCausalLM.from_pretrained(checkpoint, H_cycles=cycles, L_bp_cycles=[1] * cycles).eval()
        nats, hits, right, tokens = 0.0, 0, 0, 0
        for request, answer in held_out:
            types = torch.tensor([[1] * len(request) + [0] * len(answer)])
            with torch.inference_mode():
                ids = torch.tensor([request + answer])
                logits = model(ids, token_type_ids=types, use_cache=False).logits[0, len(request) - 1 : -1]
            correct = (logits.argmax(-1) == torch.tensor(answer)).sum().item()
            nats += torch.nn.functional.cross_entropy(logits, torch.tensor(answer), reduction="sum").item()
            hits, right, tokens = hits + correct, right + (correct == len(answer)), tokens + len(answer)
        found = depths[cycles]
        assert found["loss"]["mean"] == pytest.approx(nats / tokens, rel=1e-4)
        assert (found["top1"]["mean"], found["exact"]["mean"]) == pytest.approx((hits / tokens, right / len(held_out)))
        assert (found["mean_cycles"], found["halting_shares"]) == (cycles, None)


def test_auto_stands_between_the_depths_that_it_chooses(depths):
    auto = depths["auto"]
    assert auto["exact"]["mean"] == depths[2]["exact"]["mean"] > depths[1]["exact"]["mean"]
    first, second = auto["halting_shares"]
    assert first + 2 * second == pytest.approx(auto["mean_cycles"])
    assert 1 < auto["mean_cycles"] < 2


def test_every_runtime_is_timed_at_every_depth_and_auto_in_torch_alone(depths):
    assert list(depths) == [1, 2, 3, "auto"]
    for cycles, row in depths.items():
        assert set(row["latency"]) == ({"torch"} if cycles == "auto" else {"onnx", "torch"})
        for latency in row["latency"].values():
            for spread in (latency["ttft_ms"], latency["token_ms"]):
                assert 0 < spread["least"] <= spread["median"] <= spread["most"]
                assert spread["n"] == ROUNDS
    assert depths["auto"]["latency"]["torch"]["mean_cycles"] <= 2


def test_table_and_plot_are_written(measured, depths):
    out = measured[2]
    table = [line.split("|") for line in out.with_suffix(".md").read_text().splitlines() if line.startswith("|")]
    assert [cells[1].split(":")[0].strip() for cells in table[2:]] == ["1", "2", "3", "auto"]
    assert {len(cells) for cells in table} == {len(table[0])}
    assert f"{depths[2]['loss']['mean']:.3f} ±" in table[3][2]
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_shards_without_held_out_examples_are_refused(depth, measured, monkeypatch, tmp_path):
    monkeypatch.setattr(depth, "held_out_batches", lambda shards, per_task: [])  # noqa: ARG005
    with pytest.raises(DataError, match="holds no held-out example"):
        depth.main([measured[0]], data=measured[1], out=tmp_path / "report")
