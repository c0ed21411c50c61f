"""`hrm-edge verify`: does the exported or quantized file still do the job? Exit code 1 where it does not."""

from pathlib import Path
from typing import Annotated

import typer

from hrm_edge.commands.comparison_output import comparisons_json, failures, print_comparisons
from hrm_edge.commands.options import Json
from hrm_edge.commands.terminal import print_json, progress
from hrm_edge.errors import VerificationError


def verify(
    reference: Annotated[
        Path, typer.Argument(metavar="REFERENCE", help="What is right: usually the checkpoint before quantization.")
    ],
    candidates: Annotated[list[Path], typer.Argument(metavar="CANDIDATE", help="Checkpoints, .gguf or .onnx files.")],
    prompts: Annotated[
        Path | None,
        typer.Option(
            "--prompts",
            metavar="FILE",
            help="One request per line, or .jsonl with 'prompt' and optional 'answer'; default: a built-in dozen.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare candidates with a reference on answer tokens, under the trained mask.

    A .gguf runs in llama-cpp, everything else in onnx; a reference directory in torch where it is installed. Numbers
    are printed either way; one past the tolerance of a candidate's bits ends with exit code 1.

    Example:

      hrm-edge verify runs/nano runs/nano-4bit/model.gguf
    """
    from hrm_edge.bench.verify import PROMPTS
    from hrm_edge.bench.verify import verify as compare
    from hrm_edge.model_store.store import resolve_model
    from hrm_edge.prompt_files import Prompt, read_prompts

    reference, *candidates = [resolve_model(str(path)) for path in (reference, *candidates)]
    asked = [Prompt(prompt=text) for text in PROMPTS] if prompts is None else read_prompts(prompts)
    with progress("verifying", len(asked) * (1 + len(candidates))) as on_prompt:
        comparisons = compare(reference, candidates, asked, on_prompt=on_prompt)
    if as_json:
        print_json(comparisons_json(str(reference), comparisons))
    else:
        print_comparisons(comparisons)
    found = failures(comparisons)
    if found:
        raise VerificationError("; ".join(found))
