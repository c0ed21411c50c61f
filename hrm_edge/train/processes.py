"""The processes of one training, as torchrun starts them: which is the first, and one doing what all need."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import torch

_LONGEST_WAIT = timedelta(days=2)
"""For data that the first process builds while the others wait."""

Result = TypeVar("Result")


def process_count() -> int:
    """Of the whole training; 1 without torchrun."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def processes_here() -> int:
    """On this machine."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1"))


def is_first_process() -> bool:
    """Whether this one writes files and speaks."""
    return int(os.environ.get("RANK", "0")) == 0


def done_by_the_first(work: Callable[[], Result]) -> Result:
    """What `work` returns in the first process, in all of them; the others wait. An error in it ends the first process,
    and torchrun the others."""
    if process_count() == 1:
        return work()
    if not torch.distributed.is_initialized():
        torch.distributed.init_process_group()  # gloo on CPUs, NCCL on GPUs; the trainer takes it over
    group = torch.distributed.new_group(backend="gloo", timeout=_LONGEST_WAIT)
    outcome = [work() if is_first_process() else None]
    torch.distributed.broadcast_object_list(outcome, src=0, group=group)
    found = outcome[0]
    assert found is not None
    return found
