"""The options of `hrm-edge train`: what is trained on what, the grid and teachers, steps, memory, logs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from hrm_edge.commands.options import BitsName

Preset = Annotated[str, typer.Option("--preset", metavar="NAME", help="nano, 27m, 110m, 350m or 1b.")]
Recipe = Annotated[
    str, typer.Option("--recipe", metavar="FILE", help="A data recipe: a TOML file, or small, nano or embedded.")
]
Data = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        metavar="PATH",
        help="Packed shards of `hrm-edge data build`, used as they are; or the directory of data sets that the "
        "recipe's paths start from; or files of your own (.jsonl, .jsonl.gz), mixed in. Give it again for more.",
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="The run's directory; default: runs/PRESET-RECIPE.")
]
Init = Annotated[
    Path | None, typer.Option("--init", metavar="CHECKPOINT", help="Start from its weights instead of random ones.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the newest checkpoint in DIR.")]
Bits = Annotated[
    BitsName | None,
    typer.Option("--bits", help="Quantization-aware: the forward runs on the grid; leaves DIR/quantized too."),
]
GridStart = Annotated[
    Path | None,
    typer.Option(
        "--grid-start", metavar="QUANTIZED", help="With --bits: begin with the codes and scales of this, as GPTQ's."
    ),
]
RecomputeScales = Annotated[
    bool,
    typer.Option("--recompute-scales", help="With --bits: scales by the grid's rule at each step, not learned ones."),
]
QuantizeActivations = Annotated[
    bool,
    typer.Option(
        "--quantize-activations",
        help="With --bits: the inputs of products are rounded to 8 bits too, as the engines do it.",
    ),
]
DistillFrom = Annotated[
    str | None,
    typer.Option(
        "--distill-from",
        metavar="CHECKPOINT",
        help="Learn a teacher's distribution of each answer token: a directory or a name on the hub, with the same "
        "tokenizer. With --bits usually the checkpoint of --init.",
    ),
]
DistillWeight = Annotated[
    float,
    typer.Option("--distill-weight", metavar="F", min=0, max=1, help="Of the teacher; the rest is the data's."),
]
DistillStates = Annotated[
    float,
    typer.Option(
        "--distill-states",
        metavar="F",
        min=0,
        help="Weight of the error of the hidden states too, for a teacher of the same sizes; with --bits 10 is good.",
    ),
]
MaxSteps = Annotated[int | None, typer.Option("--max-steps", metavar="N", min=1, help="Optimizer steps in all.")]
Rows = Annotated[
    int | None,
    typer.Option("--rows", metavar="N", min=1, help="Packed rows at once, in each process; default: 2048 tokens."),
]
Accumulate = Annotated[
    int | None, typer.Option("--accumulate", metavar="N", min=1, help="Such batches of one optimizer step.")
]
LearningRate = Annotated[float | None, typer.Option("--learning-rate", metavar="F", min=0, help="Peak learning rate.")]
Schedule = Annotated[
    Literal["cosine", "wsd"] | None,
    typer.Option(
        "--schedule", help="cosine falls from the start; wsd stays, and falls over the last quarter of the steps."
    ),
]
Ema = Annotated[
    float | None,
    typer.Option("--ema", metavar="F", min=0, max=1, help="Decay of a moving average of the weights, as in 0.999."),
]
Mixed = Annotated[
    bool,
    typer.Option(
        "--mixed",
        help="Rows of all difficulties at random. Without it easy ones come first: for a whole epoch or more.",
    ),
]
FixedCycles = Annotated[
    bool, typer.Option("--fixed-cycles", help="Train at the full depth only; other --cycles will not serve it.")
]
GradientCheckpointing = Annotated[
    bool, typer.Option("--gradient-checkpointing", help="A third slower, in far less memory.")
]
Fsdp = Annotated[
    bool,
    typer.Option("--fsdp", help="Under torchrun: divide the model among the processes, for what does not fit."),
]
Compile = Annotated[bool, typer.Option("--compile", help="Layers through torch.compile.")]
Precision = Annotated[Literal["bf16", "fp32"], typer.Option("--precision", help="Of products.")]
SaveEvery = Annotated[
    int | None,
    typer.Option("--save-every", metavar="N", min=1, help="Steps between checkpoints and held-out measurements."),
]
Wandb = Annotated[bool, typer.Option("--wandb", help="Log to Weights & Biases beside tensorboard.")]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", min=0, help="Of weights, order of rows and depths; default: 0.")
]
