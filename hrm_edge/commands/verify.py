"""`hrm-edge verify`: does the exported or quantized file still do the job? Exit code 1 where it does not."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hrm_edge.commands.options import Json
from hrm_edge.commands.terminal import print_json, print_table, progress
from hrm_edge.errors import VerificationError

if TYPE_CHECKING:
    from hrm_edge.bench.verify import Comparison


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
    from hrm_edge.prompt_files import Prompt, read_prompts

    asked = [Prompt(prompt=text) for text in PROMPTS] if prompts is None else read_prompts(prompts)
    with progress("verifying", len(asked) * (1 + len(candidates))) as on_prompt:
        comparisons = compare(reference, candidates, asked, on_prompt=on_prompt)
    if as_json:
        print_json({"reference": str(reference), "candidates": [_to_json(comparison) for comparison in comparisons]})
    else:
        print_table([_HEADER, *(_row(comparison) for comparison in comparisons)])
    failures = [f"{comparison.path}: {failure}" for comparison in comparisons for failure in comparison.failures()]
    if failures:
        raise VerificationError("; ".join(failures))


_HEADER = ["candidate", "runtime", "bits", "tokens", "mean KL", "top-1", "logit error", "greedy answers", ""]


def _row(comparison: "Comparison") -> list[str]:
    return [
        str(comparison.path),
        comparison.runtime,
        str(comparison.bits),
        str(comparison.answer_tokens),
        f"{comparison.mean_kl_divergence:.2e} ± {comparison.kl_standard_error:.0e}",
        f"{comparison.top1_agreement:.2%}",
        f"{comparison.relative_logit_error:.2e}",
        "identical" if comparison.greedy_identical else "differ",
        "past tolerance" if comparison.failures() else "within tolerance",
    ]


def _to_json(comparison: "Comparison") -> dict[str, Any]:
    failures = comparison.failures()
    return {**asdict(comparison), "path": str(comparison.path), "passed": not failures, "failures": failures}
