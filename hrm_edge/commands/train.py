"""`hrm-edge train`: a model of a preset from a recipe, packed shards or files of one's own."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from hrm_edge.commands.options import BitsName, Threads
from hrm_edge.errors import RuntimeUnavailableError

RUNS = Path("runs")


def train(
    preset: Annotated[str, typer.Option("--preset", metavar="NAME", help="nano, 27m, 110m, 350m or 1b.")],
    recipe: Annotated[
        str, typer.Option("--recipe", metavar="FILE", help="A data recipe: a TOML file, or small, nano or embedded.")
    ] = "small",
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data",
            metavar="PATH",
            help="Packed shards of `hrm-edge data build`, used as they are; or the directory of data sets that the "
            "recipe's paths start from; or files of your own (.jsonl, .jsonl.gz), mixed in. Give it again for more.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The run's directory; default: runs/PRESET-RECIPE.")
    ] = None,
    init: Annotated[
        Path | None, typer.Option("--init", metavar="CHECKPOINT", help="Start from its weights instead of random ones.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest checkpoint in DIR.")] = False,
    bits: Annotated[
        BitsName | None,
        typer.Option("--bits", help="Quantization-aware: the forward runs on the grid; leaves DIR/quantized too."),
    ] = None,
    grid_start: Annotated[
        Path | None,
        typer.Option(
            "--grid-start", metavar="QUANTIZED", help="With --bits: begin with the codes and scales of this, as GPTQ's."
        ),
    ] = None,
    distill_from: Annotated[
        str | None,
        typer.Option(
            "--distill-from",
            metavar="CHECKPOINT",
            help="Learn a teacher's distribution of each answer token: a directory or a name on the hub, with the same "
            "tokenizer. With --bits usually the checkpoint of --init.",
        ),
    ] = None,
    distill_weight: Annotated[
        float,
        typer.Option("--distill-weight", metavar="F", min=0, max=1, help="Of the teacher; the rest is the data's."),
    ] = 1.0,
    max_steps: Annotated[
        int | None, typer.Option("--max-steps", metavar="N", min=1, help="Optimizer steps in all.")
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option("--rows", metavar="N", min=1, help="Packed rows at once, in each process; default: 2048 tokens."),
    ] = None,
    accumulate: Annotated[
        int | None, typer.Option("--accumulate", metavar="N", min=1, help="Such batches of one optimizer step.")
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option("--learning-rate", metavar="F", min=0, help="Peak learning rate.")
    ] = None,
    schedule: Annotated[
        Literal["cosine", "wsd"] | None,
        typer.Option(
            "--schedule", help="cosine falls from the start; wsd stays, and falls over the last quarter of the steps."
        ),
    ] = None,
    ema: Annotated[
        float | None,
        typer.Option("--ema", metavar="F", min=0, max=1, help="Decay of a moving average of the weights, as in 0.999."),
    ] = None,
    fixed_cycles: Annotated[
        bool, typer.Option("--fixed-cycles", help="Train at the full depth only; other --cycles will not serve it.")
    ] = False,
    gradient_checkpointing: Annotated[
        bool, typer.Option("--gradient-checkpointing", help="A third slower, in far less memory.")
    ] = False,
    fsdp: Annotated[
        bool,
        typer.Option("--fsdp", help="Under torchrun: divide the model among the processes, for what does not fit."),
    ] = False,
    compile_layers: Annotated[bool, typer.Option("--compile", help="Layers through torch.compile.")] = False,
    precision: Annotated[Literal["bf16", "fp32"], typer.Option("--precision", help="Of products.")] = "bf16",
    save_every: Annotated[
        int | None,
        typer.Option("--save-every", metavar="N", min=1, help="Steps between checkpoints and held-out measurements."),
    ] = None,
    wandb: Annotated[bool, typer.Option("--wandb", help="Log to Weights & Biases beside tensorboard.")] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", min=0, help="Of weights, order of rows and depths; default: 0.")
    ] = None,
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

      hrm-edge train --preset nano --init runs/mine --bits 4 --distill-from runs/mine --out runs/mine-qat

      hrm-edge train --preset 27m --data runs/data/embedded --out runs/27m --schedule wsd --max-steps 40000
    """
    _require_training_libraries(wandb=wandb)
    from hrm_edge.commands.data_report import build_progress
    from hrm_edge.train.config import DistillationSettings, QatSettings, TrainingConfig, usual_rows
    from hrm_edge.train.memory import refuse_what_cannot_fit
    from hrm_edge.train.processes import done_by_the_first, is_first_process
    from hrm_edge.train.shards_of_run import shards_of_run, tokens_of_rows
    from hrm_edge.train.starting_weights import architecture_to_train
    from hrm_edge.train.trainer import train as run_training

    directory = out or RUNS / f"{preset}-{Path(recipe).stem}"
    given = {
        "max_steps": max_steps, "accumulate": accumulate, "learning_rate": learning_rate,
        "schedule": schedule, "ema": ema, "save_every": save_every, "seed": seed, "threads": threads,
    }  # fmt: skip
    if grid_start is not None and bits is None:
        raise typer.BadParameter("--grid-start is of quantization-aware training: add --bits")
    distillation = None
    if distill_from is not None:
        distillation = DistillationSettings(teacher=distill_from, weight=distill_weight)
    longest = tokens_of_rows(recipe, data or ())
    config = TrainingConfig(
        preset=preset,
        shards=directory,
        out=directory,
        rows=rows or usual_rows(longest),
        init=init,
        resume=resume,
        random_cycles=not fixed_cycles,
        gradient_checkpointing=gradient_checkpointing,
        fsdp=fsdp,
        qat=None if bits is None else QatSettings(bits=4 if bits == "4" else 8, start=grid_start),
        distillation=distillation,
        compile=compile_layers,
        bf16=precision == "bf16",
        wandb=wandb,
        **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
    )
    # what cannot be trained shows before the data is built
    sizes = architecture_to_train(preset, init)
    refuse_what_cannot_fit(sizes, config, tokens=longest, says=False)

    def built() -> Path:
        with build_progress() as on_state:
            return shards_of_run(recipe, tuple(data or ()), directory, tokenizer=init, on_state=on_state)

    finished = run_training(replace(config, shards=done_by_the_first(built)))
    if is_first_process():
        print(finished)


def _require_training_libraries(*, wandb: bool) -> None:
    for name in ("torch", "transformers", "accelerate", "pyarrow"):
        if importlib.util.find_spec(name) is None:
            raise RuntimeUnavailableError(
                f'training needs {name}, which is not installed: pip install "hrm-edge[train]"'
            )
    if wandb and importlib.util.find_spec("wandb") is None:
        raise RuntimeUnavailableError("--wandb needs wandb, which is not installed: pip install wandb")
