"""What each way of quantizing costs: KL, top-1 agreement, loss, and the error's growth from cycle to cycle.

    python benchmarks/quantization_quality.py runs/nano runs/nano-rtn runs/nano-gptq --data held_out.jsonl --out nano

The first checkpoint is the float one, the others any number of quantized ones. `--data` is a directory of packed
shards, of which it takes what no training learns from, or a .jsonl file with 'prompt' and 'answer'; without it,
problems of the curriculum and shell commands that calibration does not draw (models trained on the curriculum know
them). Prints a table of means ± standard errors over examples and writes it to OUT.md, the figures with the machine
to OUT.json and the error per cycle as a picture to OUT.png.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.commands.terminal import progress
from hrm_edge.errors import CheckpointError, HrmEdgeError
from hrm_edge.info import describe_machine
from hrm_edge.prompt_files import read_prompts
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.calibration.examples import TokenizedExample, own_prompts, packed_examples, tokenize
from hrm_edge.train.quality.cycle_error import Estimate, QuantizationError, measure, state_names

OWN_SEED = 1
"""Calibration draws with seed 0."""


def read_examples(reference: Path, data: Path | None, count: int, longest: int) -> list[TokenizedExample]:
    """At most `count` examples of at most `longest` tokens, as the reference's tokenizer writes them."""
    with open_checkpoint(reference) as checkpoint:
        if checkpoint.tokenizer_json is None:
            raise CheckpointError(f"{reference} brings no tokenizer: put its tokenizer.json beside config.json")
        tokenizer, template = Tokenizer.from_json(checkpoint.tokenizer_json), checkpoint.chat_template
        longest = min(longest, checkpoint.architecture.max_position_embeddings)
    if data is not None and data.is_dir():
        return packed_examples(data, tokenizer, count=count, longest=longest, held_out=True)
    prompts = own_prompts(OWN_SEED) if data is None else read_prompts(data)
    return tokenize(prompts, tokenizer, chat_template=template, longest=longest)[:count]


def table(architecture: Architecture, loss: Estimate, errors: list[QuantizationError]) -> str:
    """A markdown table: one row per checkpoint."""
    header = ["weights", "bits", "loss", "KL from float", "share of RTN's KL", "top-1 agreement"]
    rows = [[*header, *state_names(architecture)]]
    rows.append(["float", "", _shown(loss), *[""] * (len(rows[0]) - 3)])
    for error in errors:
        share = "" if error.kl_against_rtn is None else _shown(error.kl_against_rtn, percent=True)
        agreement = _shown(error.top1_agreement, percent=True)
        states = [_shown(state, percent=True) for state in error.state_errors]
        kl = _shown(error.kl_divergence)
        rows.append([_label(error), str(error.bits), _shown(error.loss), kl, share, agreement, *states])
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def plot(architecture: Architecture, errors: list[QuantizationError], path: Path) -> None:
    """Relative error of the hidden state after each run of a stack, one line per checkpoint, bars of one error."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    names = state_names(architecture)
    for error in errors:
        means = [100 * state.mean for state in error.state_errors]
        bars = [100 * (state.standard_error or 0) for state in error.state_errors]
        axes.errorbar(names, means, yerr=bars, marker="o", markersize=4, capsize=2, label=_label(error))
    axes.set(xlabel="H cycle and stack", ylabel="relative error of the hidden state, %", yscale="log")
    axes.grid(visible=True, alpha=0.3)
    figure.legend(loc="outside upper center", ncols=min(len(errors), 3), frameon=False)
    figure.savefig(path, dpi=144)


def _label(error: QuantizationError) -> str:
    return f"{error.method} ({error.path.name})"


def _shown(estimate: Estimate, *, percent: bool = False) -> str:
    """Three digits of the mean, two of its error."""
    scale, unit = (100, " %") if percent else (1, "")
    error = "" if estimate.standard_error is None else f" ± {scale * estimate.standard_error:.2g}"
    return f"{scale * estimate.mean:.3g}{error}{unit}"


def _to_json(error: QuantizationError, names: list[str]) -> dict[str, Any]:
    found = {**asdict(error), "path": str(error.path)}
    return {**found, "state_errors": dict(zip(names, found["state_errors"], strict=True))}


def main(
    reference: Annotated[Path, typer.Argument(help="The float checkpoint.")],
    candidates: Annotated[list[Path], typer.Argument(help="Quantized checkpoints of it.")],
    data: Annotated[Path | None, typer.Option(help="Directory of packed shards, or a .jsonl file.")] = None,
    examples: Annotated[int, typer.Option(min=1, help="At most so many.")] = 200,
    longest: Annotated[int, typer.Option(min=2, help="Longest example in tokens.")] = 512,
    out: Annotated[Path | None, typer.Option(help="Where to write .json, .md and .png: a path without ending.")] = None,
) -> None:
    """Compare quantized checkpoints with the float one they come from."""
    try:
        chosen = read_examples(reference, data, examples, longest)
        with progress("comparing", len(chosen)) as on_example:
            loss, errors = measure(reference, candidates, chosen, on_example=on_example)
    except HrmEdgeError as error:
        sys.exit(str(error))
    architecture = open_checkpoint(reference).architecture
    told = f"n = {len(chosen)} examples, {sum(len(one.answer) for one in chosen)} answer tokens; ± standard error.\n"
    text = f"{table(architecture, loss, errors)}\n{told}"
    print(text)
    if out is None:
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_name(f"{out.name}.md").write_text(text, encoding="utf-8")
    plot(architecture, errors, out.with_name(f"{out.name}.png"))
    report = {
        "reference": str(reference),
        "data": None if data is None else str(data),
        "examples": len(chosen),
        "answer_tokens": sum(len(one.answer) for one in chosen),
        "float_loss": asdict(loss),
        "candidates": [_to_json(error, state_names(architecture)) for error in errors],
        "machine": describe_machine().to_json(),
    }
    out.with_name(f"{out.name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
