"""`hrm-edge train`: a model of a preset from data at hand."""

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from hrm_edge.commands.options import Seed, Threads
from hrm_edge.errors import RuntimeUnavailableError


def train(
    preset: Annotated[str, typer.Option("--preset", metavar="NAME", help="nano, 27m, 110m, 350m or 1b.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The run's directory, as in runs/nano.")],
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data",
            metavar="PATH",
            help="A .jsonl or .jsonl.gz data set; give it again for more. hrm-edge's own shell recipes are always "
            "mixed in; without --data they are all there is.",
        ),
    ] = None,
    init: Annotated[
        Path | None, typer.Option("--init", metavar="CHECKPOINT", help="Start from its weights and tokenizer.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest checkpoint in DIR.")] = False,
    steps: Annotated[int | None, typer.Option("--steps", metavar="N", min=1, help="Optimizer steps in all.")] = None,
    batch_tokens: Annotated[
        int | None, typer.Option("--batch-tokens", metavar="N", min=1, help="Tokens in a batch, padding included.")
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option("--learning-rate", metavar="F", min=0, help="Peak learning rate.")
    ] = None,
    seed: Seed = None,
    threads: Threads = None,
) -> None:
    """Train a preset, the request bidirectional and the loss on the answer only.

    A line of your own data is {"request": "…", "code": "…", "language": "bash"}; tldr, nl2bash, cheat sheets and MBPP
    are recognised by their fields. Five requests in a hundred are held out and never trained on. Ctrl-C saves a
    checkpoint; the same command with --resume goes on from it. The run's directory gets a model card.

    Examples:

      hrm-edge train --preset nano --out runs/nano --steps 300

      hrm-edge train --preset nano --data nl2bash.jsonl.gz --data tldr.jsonl.gz --out runs/nano
    """
    _require_training_libraries()
    from hrm_edge.train.config import TrainingConfig
    from hrm_edge.train.trainer import train as run_training

    given = {
        "steps": steps, "batch_tokens": batch_tokens, "learning_rate": learning_rate, "seed": seed, "threads": threads,
    }  # fmt: skip
    chosen = {name: value for name, value in given.items() if value is not None}
    print(
        run_training(
            TrainingConfig(preset=preset, data=tuple(data or ()), out=out, init=init, resume=resume, **chosen)  # type: ignore[arg-type]
        )
    )


def _require_training_libraries() -> None:
    for name in ("torch", "transformers", "accelerate"):
        if importlib.util.find_spec(name) is None:
            raise RuntimeUnavailableError(
                f'training needs {name}, which is not installed: pip install "hrm-edge[train]"'
            )
