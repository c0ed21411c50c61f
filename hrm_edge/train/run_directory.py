"""The directory of a run: one training at a time, checkpoints that are whole, and a model that is there or not.

A checkpoint is written part by part and trainer_state.json last. So a directory without it was interrupted (a full
disk, a kill, a power cut); the other parts are looked at too, because a disk can lose the end of a file that was
written. What is damaged is never resumed from: the newest whole checkpoint is.
"""

import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors import SafetensorError

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.safetensors_file import read_header
from hrm_edge.errors import HrmEdgeError, TrainingError
from hrm_edge.train.processes import is_first_process

AVERAGE_NAME = "average.safetensors"
STATE_NAME = "trainer_state.json"
KEPT_CHECKPOINTS = 2
"""The newest; the best is kept beside them."""
BEST_NAME = "best"
_PREFIX = "checkpoint-"
_LOCK_NAME = ".lock"


@contextmanager
def the_only_training_in(out: Path) -> Iterator[None]:
    """Hold the run's directory; the system lets go of it when the process ends, however it ends.

    Raises:
        TrainingError: another process trains there.
    """
    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / _LOCK_NAME)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise TrainingError(
            f"{out} is being trained in by another process: wait for it, or choose another --out"
        ) from None
    try:
        yield
    finally:
        lock.release()


def checkpoints_in(out: Path) -> list[Path]:
    """`checkpoint-N` directories, whole or not, the oldest first."""
    found = [path for path in out.glob(f"{_PREFIX}*") if path.name.removeprefix(_PREFIX).isdecimal()]
    return sorted(found, key=step_of)


def step_of(checkpoint: Path) -> int:
    """N of `checkpoint-N`."""
    return int(checkpoint.name.removeprefix(_PREFIX))


def newest_whole_checkpoint(out: Path) -> Path | None:
    """What to resume from; each damaged one that is newer is named on stderr."""
    for checkpoint in reversed(checkpoints_in(out)):
        reason = damage_of(checkpoint)
        if reason is None:
            return checkpoint
        if is_first_process():
            print(f"{checkpoint} is damaged and skipped: {reason}", file=sys.stderr)
    return None


def damage_of(checkpoint: Path) -> str | None:
    """What keeps a checkpoint from being resumed, in a few words; None if it is whole."""
    try:
        state = json.loads((checkpoint / STATE_NAME).read_text(encoding="utf-8"))
        if state["global_step"] != step_of(checkpoint):
            return f"{STATE_NAME} is of step {state['global_step']}"
        open_checkpoint(checkpoint).close()
        if (checkpoint / AVERAGE_NAME).exists():
            read_header(checkpoint / AVERAGE_NAME)
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except (ValueError, KeyError, TypeError):
        return f"{STATE_NAME} cannot be read"
    except HrmEdgeError as error:
        return str(error)
    archives = sorted([*checkpoint.glob("*.pt"), *checkpoint.glob("*.pth")])
    for kind in ("optimizer", "scheduler", "rng_state"):
        if not any(path.name.startswith(kind) for path in archives):
            return f"its {kind} is missing"
    cut = next((path.name for path in archives if not zipfile.is_zipfile(path)), None)
    return f"{cut} is cut short" if cut else None


def keep_newest(out: Path, best: Path | None) -> None:
    """Remove checkpoints but the newest two and `best`."""
    for checkpoint in checkpoints_in(out)[:-KEPT_CHECKPOINTS]:
        if best is None or checkpoint.name != best.name:
            shutil.rmtree(checkpoint, ignore_errors=True)


@contextmanager
def model_files(directory: Path) -> Iterator[Path]:
    """A directory to save a model into; its files take their place in `directory` when all of them are written.

    Raises:
        TrainingError: the disk is full or cannot be written.
    """
    part = directory / ".model.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        with disk_errors(directory, out=directory):
            part.mkdir(parents=True)
            yield part
            for path in sorted(part.iterdir(), key=lambda path: path.suffix == ".json"):  # weights before their index
                path.replace(directory / path.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def disk_errors(place: Path, *, out: Path) -> Iterator[None]:
    """What the libraries raise where a file cannot be written, as one error that names what can be resumed in `out`.

    Raises:
        TrainingError: `place` cannot be written.
    """
    try:
        yield
    except (OSError, SafetensorError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "inline_container" not in str(error):  # of torch.save
            raise
        if isinstance(error, RuntimeError):
            reason: str = "its end is missing: the disk is full"
        else:
            reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        newest = next((path for path in reversed(checkpoints_in(out)) if damage_of(path) is None), None)
        mend = f"go on from {newest.name} with --resume" if newest else "start again"
        raise TrainingError(f"{place} cannot be written ({reason}): free some space, then {mend}") from error
