"""Run by torchrun in test_processes.py: a straight training, and one that a signal to the last process interrupts.

DDP first, then FSDP, in the same processes: starting them takes longer than what they do.
"""

import contextlib
import dataclasses
import os
import signal
import sys
from pathlib import Path
from typing import Any

import torch
from train_data import TINY

from hrm_edge.architecture import PRESETS
from hrm_edge.train import held_out, training_arguments
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.interruption import SaveOnInterrupt
from hrm_edge.train.trainer import train


def tiny_config(shards: Path, out: Path, *, rows: int, fsdp: bool) -> TrainingConfig:
    """Every loss is logged; fp32, so that only the order of sums differs."""
    PRESETS["tiny"] = TINY
    held_out.HELD_OUT_SHARE = 0.2
    training_arguments.LOG_EVERY = 1
    return TrainingConfig(
        preset="tiny", shards=shards, out=out, max_steps=4, rows=rows, accumulate=2, warmup_steps=1, save_every=2,
        threads=1, ema=0.9, bf16=False, fsdp=fsdp,
    )  # fmt: skip


def main() -> None:
    shards, out = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(1)
    for kind in ("ddp", "fsdp"):
        train_straight_and_interrupted(shards, out / kind, kind)


def train_straight_and_interrupted(shards: Path, out: Path, kind: str) -> None:
    config = tiny_config(shards, out / "straight", rows=1, fsdp=kind == "fsdp")
    train(config)
    interrupted = dataclasses.replace(config, out=out / "interrupted", save_every=3)

    def signal_in_step_two(_self: SaveOnInterrupt, _args: Any, state: Any, control: Any, **_: Any) -> Any:
        if state.global_step == 1 and os.environ["RANK"] == "1":
            signal.raise_signal(signal.SIGINT)
        return control

    SaveOnInterrupt.on_step_begin = signal_in_step_two  # type: ignore[method-assign]
    with contextlib.suppress(KeyboardInterrupt):
        train(interrupted)
    del SaveOnInterrupt.on_step_begin
    train(dataclasses.replace(interrupted, resume=True))


if __name__ == "__main__":
    main()
