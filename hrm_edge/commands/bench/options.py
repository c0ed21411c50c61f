"""The options of `hrm-edge bench`: problems, answers, judging, speed and memory, the report."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from hrm_edge.commands.options import DeviceName

Models = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="MODEL",
        help="Checkpoint directories, .onnx, or .gguf of any architecture that llama.cpp runs; the others are compared "
        "with the first one. Default: the embedded model.",
    ),
]

Suites = Annotated[
    str,
    typer.Option(
        "--suite",
        metavar="NAMES",
        help="Suites with commas (`list` shows them), `all` that has data under --data, or `none`: speed alone.",
    ),
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="PATH",
        help="The suite's file, a directory of data sets, or hf:OWNER/NAME[:CONFIG][@REVISION][#SPLIT].",
    ),
]
Limit = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=1, help="Only the first N problems of each suite."),
]
Languages = Annotated[
    str | None,
    typer.Option("--language", metavar="NAMES", help="Only these, with commas."),
]
Since = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Contests from this day on (inclusive)."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="Contests up to this day (inclusive)."),
]
Platforms = Annotated[
    str | None,
    typer.Option("--platform", metavar="NAMES", help="As leetcode,atcoder: only their contests."),
]
Difficulties = Annotated[
    str | None,
    typer.Option("--difficulty", metavar="NAMES", help="As easy,medium: only these."),
]
ReleaseName = Annotated[
    str | None,
    typer.Option("--release", metavar="VERSION", help="LiveCodeBench's problems as of a release, v1 to v6."),
]

Samples = Annotated[int, typer.Option("--samples", metavar="N", min=1, help="Answers per problem.")]
Ks = Annotated[
    str | None,
    typer.Option(
        "--k",
        metavar="NUMBERS",
        help="pass@k for these k, with commas; default: 1, 5 and 10 as far as --samples allows.",
    ),
]
Temperature = Annotated[
    float | None,
    typer.Option(
        "--temperature",
        metavar="T",
        min=0.0,
        help="Default: 0 (greedy) for one sample, 0.2 for several, as LiveCodeBench.",
    ),
]
TopP = Annotated[
    float,
    typer.Option("--top-p", metavar="P", min=0.0, max=1.0, help="Nucleus to draw from."),
]
MaxTokens = Annotated[int, typer.Option("--max-tokens", metavar="N", min=1, help="Longest answer.")]
RunSeed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Same seed, same samples.")]

NoFence = Annotated[
    bool,
    typer.Option(
        "--no-fence",
        help="Leave the opening ```language to the model, as published LiveCodeBench figures do.",
    ),
]

Neighbours = Annotated[
    str,
    typer.Option(
        "--neighbours",
        metavar="NUMBERS",
        help="Answers from the local index before each request for a program, 0 to 3; with commas, as 0,3, every model "
        "answers once with each. From 1 on retrieval alone stands beside the models.",
    ),
]
IndexFile = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="FILE",
        help="The index to look up in, of `hrm-edge data index`; default: the one that comes with hrm-edge.",
    ),
]

ScoreOnly = Annotated[
    bool,
    typer.Option(
        "--score-only", help="Load no model: judge --samples-file, or without one the suite's own reference solutions."
    ),
]
SamplesFile = Annotated[
    Path | None,
    typer.Option(
        "--samples-file",
        metavar="FILE",
        help="With --score-only the completions to judge (samples.jsonl, HumanEval, EvalPlus, LiveCodeBench, lm-eval); "
        "else where to copy the samples of this run.",
    ),
]
Backend = Annotated[
    Literal["bwrap-zygote", "bwrap-once", "seatbelt"] | None,
    typer.Option("--sandbox", help="Isolation; default: the best of this system."),
]
Unsafe = Annotated[
    bool,
    typer.Option("--unsafe", help="Run generated programs WITHOUT isolation, as this user. The report says so."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", min=1, help="Answers judged at once; default: what the model leaves of the cores."
    ),
]

Runtimes = Annotated[
    str | None,
    typer.Option(
        "--runtime",
        metavar="NAMES",
        help="Of onnx, llama-cpp and torch, with commas. Default: speed in onnx and, where it is installed, llama-cpp; "
        "accuracy in the first that opens the model.",
    ),
]
BenchDevice = Annotated[
    DeviceName | None,
    typer.Option("--device", help="Where to compute; default: every device that the runtime finds here."),
]
NoHardware = Annotated[bool, typer.Option("--no-hardware", help="Measure accuracy only.")]
Repeats = Annotated[
    int,
    typer.Option("--repeats", metavar="N", min=1, help="Fresh processes per model and runtime."),
]
PromptTokens = Annotated[
    int,
    typer.Option("--prompt-tokens", metavar="N", min=1, help="Length of the measured prompt."),
]
AnswerTokens = Annotated[
    int,
    typer.Option("--answer-tokens", metavar="N", min=2, help="Length of the measured answer."),
]

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Where samples and verdicts are written as they come; default: a new directory under runs/bench.",
    ),
]
Resume = Annotated[
    bool,
    typer.Option("--resume", help="Go on with the run in --out, or with the newest under runs/bench."),
]
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="The whole report as JSON.")]
MarkdownFile = Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="The report as Markdown.")]
HtmlFile = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="The report as one page with figures."),
]
