"""The options of `hrm-edge run`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from hrm_edge.commands.options import RuntimeName

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m)?")
_SECONDS = {"ms": 1e-3, "s": 1.0, "m": 60.0, None: 1.0}


def _read_duration(value: str) -> float:
    found = _DURATION.fullmatch(value.strip())
    if found is None or not float(found[1]):
        raise typer.BadParameter(f"{value}: give a time above 0, as in 1s, 500ms or 2m")
    return float(found[1]) * _SECONDS[found[2]]


Prompt = Annotated[
    str | None,
    typer.Argument(
        metavar="PROMPT",
        help="What you want; text that is piped in goes with it. Left out: standard input if piped, else an "
        "interactive prompt.",
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="PATH|NAME",
        help="A checkpoint directory, .gguf or .onnx, or a name of `hrm-edge list`; default: the embedded one.",
    ),
]
Runtime = Annotated[RuntimeName, typer.Option("--runtime", help="What computes.")]
Language = Annotated[
    str | None, typer.Option("--language", metavar="NAME", help="Answer in this language, as in bash or python.")
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--file",
        metavar="PATH",
        help="Add a text file to the request; give it again for more, - is standard input. A test file (test_x.py, "
        "x.test.js, x_test.go) is run against the answers. An answer that edits a file is shown as a diff.",
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Apply the edits of an answer to the files of --file without asking.")
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        metavar="N",
        min=1,
        help="Candidates to draw. Default: 8 where the request has examples to run them against, else 1. Without "
        "examples the answer is the one that most candidates agree with.",
    ),
]
NoVerify = Annotated[bool, typer.Option("--no-verify", help="Run no answer: what comes first is given.")]
NoIndex = Annotated[
    bool,
    typer.Option(
        "--no-index",
        help="Leave the local index out: no entry of it is run, and the model is shown none. (The embedded model never "
        "is: it was not taught to read them.)",
    ),
]
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget", metavar="TIME", parser=_read_duration, help="Begin nothing new after so long, as in 1s or 500ms."
    ),
]
Search = Annotated[
    bool,
    typer.Option("--search", help="Go on with a tree search over candidates, repairs and depths; see --budget."),
]
RequireVerified = Annotated[
    bool,
    typer.Option("--require-verified", help="Exit with 3, and print no code, where no answer passed its examples."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only the code: nothing on stderr but errors.")]
MaxTokens = Annotated[int, typer.Option("--max-tokens", metavar="N", min=1, help="Longest answer.")]
Temperature = Annotated[
    float | None,
    typer.Option(
        "--temperature",
        metavar="T",
        min=0,
        help="Of every candidate. Default: the first is greedy (0), the others are drawn at 0.8.",
    ),
]
TopP = Annotated[
    float,
    typer.Option("--top-p", metavar="P", min=0, max=1, help="Sample among the most probable tokens of this mass."),
]
