"""`hrm-edge train`: a model of a preset from a recipe, packed shards or files of one's own."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hrm_edge.commands.options import Threads
from hrm_edge.commands.requirements import require_libraries
from hrm_edge.commands.train import options
from hrm_edge.errors import RuntimeUnavailableError

if TYPE_CHECKING:
    from hrm_edge.train.config import DistillationSettings, QatSettings, TrainingConfig

RUNS = Path("runs")


def train(
    preset: options.Preset,
    recipe: options.Recipe = "small",
    data: options.Data = None,
    out: options.Out = None,
    init: options.Init = None,
    resume: options.Resume = False,
    bits: options.Bits = None,
    grid_start: options.GridStart = None,
    recompute_scales: options.RecomputeScales = False,
    quantize_activations: options.QuantizeActivations = False,
    distill_from: options.DistillFrom = None,
    distill_weight: options.DistillWeight = 1.0,
    distill_states: options.DistillStates = 0.0,
    max_steps: options.MaxSteps = None,
    rows: options.Rows = None,
    accumulate: options.Accumulate = None,
    learning_rate: options.LearningRate = None,
    schedule: options.Schedule = None,
    ema: options.Ema = None,
    mixed: options.Mixed = False,
    fixed_cycles: options.FixedCycles = False,
    gradient_checkpointing: options.GradientCheckpointing = False,
    fsdp: options.Fsdp = False,
    compile_layers: options.Compile = False,
    precision: options.Precision = "bf16",
    save_every: options.SaveEvery = None,
    wandb: options.Wandb = False,
    seed: options.Seed = None,
    threads: Threads = None,
) -> None:
    """Train a preset: the request bidirectional, the loss on the answer only, at a random depth each step.

    Two in a hundred groups of the data are held out, and the loss on them is shown by scenario and depth. A line of
    your own data is {"request": "…", "code": "…", "language": "bash"}. Ctrl-C saves a checkpoint; the same command with
    --resume goes on from it. Several processes: torchrun --nproc-per-node N -m hrm_edge train … The run's directory
    gets a model card; tensorboard --logdir DIR shows the curves.

    Examples:

      hrm-edge train --preset nano --recipe small --max-steps 200

      hrm-edge train --preset nano --data my-requests.jsonl --out runs/mine

      hrm-edge train --preset nano --init runs/mine --bits 4 --distill-from runs/mine --distill-states 10 --out runs/qat

      hrm-edge train --preset 27m --data runs/data/embedded --out runs/27m --schedule wsd --max-steps 40000
    """
    require_libraries("training", "torch", "transformers", "accelerate", "pyarrow")
    if wandb:
        _require_wandb()
    from hrm_edge.train.config import TrainingConfig, usual_rows
    from hrm_edge.train.shards_of_run import tokens_of_rows

    directory = out or RUNS / f"{preset}-{Path(recipe).stem}"
    given = {
        "max_steps": max_steps, "accumulate": accumulate, "learning_rate": learning_rate,
        "schedule": schedule, "ema": ema, "save_every": save_every, "seed": seed, "threads": threads,
    }  # fmt: skip
    qat = _qat(bits, grid_start, recompute_scales, quantize_activations)
    longest = tokens_of_rows(recipe, data or ())
    config = TrainingConfig(
        preset=preset,
        shards=directory,
        out=directory,
        rows=rows or usual_rows(longest),
        init=init,
        resume=resume,
        mixed=mixed,
        random_cycles=not fixed_cycles,
        gradient_checkpointing=gradient_checkpointing,
        fsdp=fsdp,
        qat=qat,
        distillation=_distillation(distill_from, distill_weight, distill_states),
        compile=compile_layers,
        bf16=precision == "bf16",
        wandb=wandb,
        **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
    )
    _build_and_train(config, recipe, tuple(data or ()), longest=longest)


def _build_and_train(config: "TrainingConfig", recipe: str, data: tuple[Path, ...], *, longest: int) -> None:
    """What cannot be trained, on rows of at most `longest` tokens, shows before the data is built."""
    from hrm_edge.commands.data.report import build_progress
    from hrm_edge.train.memory import refuse_what_cannot_fit
    from hrm_edge.train.processes import done_by_the_first, is_first_process
    from hrm_edge.train.shards_of_run import shards_of_run
    from hrm_edge.train.starting_weights import architecture_to_train
    from hrm_edge.train.trainer import train as run_training

    sizes = architecture_to_train(config.preset, config.init)
    refuse_what_cannot_fit(sizes, config, tokens=longest, says=False)

    def built() -> Path:
        with build_progress() as on_state:
            return shards_of_run(recipe, data, config.out, tokenizer=config.init, on_state=on_state)

    finished = run_training(replace(config, shards=done_by_the_first(built)))
    if is_first_process():
        print(finished)


def _qat(
    bits: options.Bits, start: options.GridStart, recompute_scales: bool, activations: bool
) -> "QatSettings | None":
    from hrm_edge.train.config import QatSettings

    if recompute_scales and start is not None:
        raise typer.BadParameter("--recompute-scales would replace those of --grid-start: leave out one of them")
    if bits is not None:
        return QatSettings(
            bits=4 if bits == "4" else 8, start=start, learned_scales=not recompute_scales, activations=activations
        )
    for name, given in (
        ("--grid-start", start), ("--recompute-scales", recompute_scales), ("--quantize-activations", activations)
    ):  # fmt: skip
        if given:
            raise typer.BadParameter(f"{name} is of quantization-aware training: add --bits")
    return None


def _distillation(teacher: str | None, weight: float, states: float) -> "DistillationSettings | None":
    from hrm_edge.train.config import DistillationSettings

    if teacher is not None:
        return DistillationSettings(teacher=teacher, weight=weight, states_weight=states)
    if states:
        raise typer.BadParameter("--distill-states are those of a teacher: add --distill-from")
    return None


def _require_wandb() -> None:
    if importlib.util.find_spec("wandb") is None:
        raise RuntimeUnavailableError("--wandb needs wandb, which is not installed: pip install wandb")
