"""`hrm-edge halting`: a head that chooses the depth of each request, for `--cycles auto`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrm_edge.commands.options import Checkpoint, Device, Json, Seed, Threads
from hrm_edge.commands.requirements import require_libraries
from hrm_edge.commands.terminal import print_file, print_json, print_table, progress

if TYPE_CHECKING:
    from hrm_edge.train.halting import HaltingQuality


def halting(
    checkpoint: Checkpoint,
    data: Annotated[
        Path,
        typer.Option("--data", metavar="SHARDS", help="Packed shards of `hrm-edge data build`: what it learns on."),
    ],
    examples: Annotated[
        int, typer.Option("--examples", metavar="N", min=1, help="Examples to learn from, as the seed draws them.")
    ] = 4000,
    discount: Annotated[
        float,
        typer.Option(
            "--discount",
            metavar="F",
            min=0,
            max=1,
            help="Go on where a cycle makes a right answer 1/F times as probable; 1 is HRM's own, which hardly halts.",
        ),
    ] = 0.95,
    seed: Seed = None,
    threads: Threads = None,
    device: Device = "cpu",
    as_json: Json = False,
) -> None:
    """Train the halting head of a finished model and leave it beside it, as halting.safetensors.

    The model stays as it is. The table is of held-out examples: an answer is right where every token of it is the most
    probable one after the right ones before it. Quantize afterwards, and the quantized model has the head too.

    Example:

      hrm-edge halting runs/nano --data runs/data/small

      hrm-edge run --model runs/nano --runtime torch --cycles auto "list open ports"
    """
    require_libraries("training a head", "torch", "transformers", "pyarrow")
    from hrm_edge.checkpoint.halting import write_halting
    from hrm_edge.train.data.pipeline.shards import open_shards
    from hrm_edge.train.halting import HaltingQuality, collect_outcomes, train_halting, training_batches
    from hrm_edge.train.quality.finished_model import load_finished_model
    from hrm_edge.train.quality.held_out_loss import held_out_batches

    shards = open_shards(data)
    model = load_finished_model(checkpoint, device=device, threads=threads)
    cycles = model.config.H_cycles
    with progress("answering", examples) as on_example:
        rows = training_batches(shards, seed=seed or 0)
        learned = collect_outcomes(model, rows, cycles, most=examples, on_example=on_example)
    head = train_halting(learned, discount=discount)
    held_out = [batch.rows for batch in held_out_batches(shards)]
    quality = HaltingQuality.of(head, collect_outcomes(model, held_out, cycles)) if held_out else None
    path = write_halting(head, checkpoint)
    if as_json:
        measured = None if quality is None else asdict(quality)
        print_json({"out": str(path), "learned_from": len(learned), "discount": discount, "held_out": measured})
        return
    if quality is not None:
        print_table(_table(quality))
    print_file(path)


def _table(quality: "HaltingQuality") -> list[list[str]]:
    depths = enumerate(zip(quality.exact_by_depth, quality.share_by_depth, strict=True), 1)
    return [
        [f"{quality.examples:,} held out", "right", "halt there"],
        *([f"{cycles} cycles", f"{exact:.1%}", f"{share:.1%}"] for cycles, (exact, share) in depths),
        [f"auto, {quality.mean_cycles:.2f} cycles on average", f"{quality.exact:.1%}", ""],
        ["at the best depth of each", f"{quality.best_exact:.1%}", ""],
    ]
