"""Two processes under torchrun, with gloo on this machine's CPU, do what one does with the same rows in a step."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import HrmTextForCausalLM

from hrm_edge.train.trainer import train

HERE = Path(__file__).parent
METRICS = ("loss", "grad_norm", "eval_loss", "eval_loss_shell", "eval_loss_cycles_1")


def history(out: Path, step: int = 4) -> list[dict[str, float]]:
    entries = json.loads((out / f"checkpoint-{step}" / "trainer_state.json").read_text())["log_history"]
    return [{name: entry[name] for name in METRICS if name in entry} for entry in entries]


@pytest.fixture(scope="module")
def one_process(tmp_path_factory, shards_directory):
    sys.path.insert(0, str(HERE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hrm_edge.train.held_out.HELD_OUT_SHARE", 0.2)
        patch.setattr("hrm_edge.train.training_arguments.LOG_EVERY", 1)
        patch.setattr("hrm_edge.architecture.PRESETS", dict(__import__("hrm_edge.architecture").architecture.PRESETS))
        from run_two_processes import tiny_config

        return train(tiny_config(shards_directory, tmp_path_factory.mktemp("one") / "run", rows=2, fsdp=False))


@pytest.fixture(scope="module")
def two_processes(tmp_path_factory, shards_directory):
    """The directory of what both kinds left."""
    out = tmp_path_factory.mktemp("two")
    command = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", "0", "--standalone",
               str(HERE / "run_two_processes.py"), str(shards_directory), str(out)]  # fmt: skip
    path = os.pathsep.join([str(HERE.parent), str(HERE.parents[1])])
    ran = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout == ""
    # of each kind, the straight and the interrupted run, told by the first process alone
    assert ran.stderr.count("step 1/4  ") == 2 * 2
    assert ran.stderr.count("stopped at step 2; continue with --resume") == 2
    return out


# Muon's products are in bfloat16, and FSDP adds them up in another order: its tolerances are wider.
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ddp", "fsdp"])
def test_two_processes_train_as_one_and_resume_exactly(kind, one_process, two_processes):
    straight, interrupted = two_processes / kind / "straight", two_processes / kind / "interrupted"
    for found, expected in zip(history(straight), history(one_process), strict=True):
        assert found == pytest.approx(expected, rel=1e-5 if kind == "ddp" else 2e-4)
    parts = list((straight / "checkpoint-4").glob("optimizer*"))
    assert len(parts) == (2 if kind == "fsdp" else 1)

    weights = load_file(straight / "model.safetensors")
    for name, weight in load_file(one_process / "model.safetensors").items():
        # Sums in another order, through Muon's products in bfloat16: one weight of thousands moved by 2e-5 once.
        torch.testing.assert_close(weights[name], weight, rtol=1e-4, atol=1e-4 if kind == "ddp" else 1e-3)
    for name, weight in load_file(interrupted / "model.safetensors").items():
        torch.testing.assert_close(weights[name], weight, rtol=0, atol=0)
    losses = [entry["loss"] for entry in history(straight) if "loss" in entry]
    assert [entry["loss"] for entry in history(interrupted) if "loss" in entry] == losses
    _, loading = HrmTextForCausalLM.from_pretrained(straight, output_loading_info=True)
    assert not loading["missing_keys"] and not loading["unexpected_keys"]
