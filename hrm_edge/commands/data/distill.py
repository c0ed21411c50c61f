"""`hrm-edge data distill`: a teacher with another tokenizer answers requests, as data to train on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrm_edge.commands.options import Device, Json
from hrm_edge.commands.requirements import require_libraries
from hrm_edge.commands.terminal import print_file, print_json, print_status, progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hrm_edge.train.distillation.sequences import DistilledAnswer, Outcome


def distill(
    teacher: Annotated[
        str, typer.Argument(metavar="TEACHER", help="A directory or a name on the Hugging Face hub: a causal model.")
    ],
    requests: Annotated[
        Path,
        typer.Option(
            "--requests", metavar="PATH", help="Shards of `hrm-edge data build`, or JSON lines with request, language."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the answers go, as JSON lines.")],
    max_tokens: Annotated[
        int, typer.Option("--max-tokens", metavar="N", min=1, help="Answers that are longer are left out.")
    ] = 512,
    temperature: Annotated[float, typer.Option("--temperature", metavar="T", min=0, help="0 is greedy.")] = 0.0,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of sampling.")] = 0,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Ask only the first N requests.")
    ] = None,
    only_valid: Annotated[
        bool, typer.Option("--only-valid", help="Leave out Python that does not parse; other languages pass.")
    ] = False,
    device: Device = "cpu",
    json: Json = False,
) -> None:
    """Let a teacher answer requests and keep its answers as lines that `hrm-edge train --data` reads.

    For a teacher with the student's own tokenizer, `hrm-edge train --distill-from` learns more from each answer.
    Finished batches are kept: the same command goes on after Ctrl-C or a crash, and ends with the same file.

    Example:

      hrm-edge data distill Qwen/Qwen2.5-Coder-1.5B-Instruct --requests runs/data/small --out answers.jsonl
    """
    require_libraries("distillation", "torch", "transformers", "pyarrow")
    from hrm_edge.train.distillation.causal_answerer import AnswerSettings, CausalAnswerer
    from hrm_edge.train.distillation.sequences import distil_answers, read_requests

    asked = read_requests(requests)[:limit]
    answerer = CausalAnswerer(teacher, AnswerSettings(max_tokens=max_tokens, temperature=temperature), device=device)
    with progress("answering", len(asked)) as step:

        def on_batch(outcomes: "Mapping[Outcome, int]") -> None:
            for outcome, count in outcomes.items():
                for _ in range(count):
                    step(outcome)

        keep = _is_valid if only_valid else None
        outcomes = distil_answers(answerer, asked, out, seed=seed, keep=keep, on_batch=on_batch)
    if json:
        print_json({"out": str(out), "requests": len(asked), "outcomes": dict(sorted(outcomes.items()))})
        return
    print_status(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items())))
    print_file(out)


def _is_valid(answer: "DistilledAnswer") -> bool:
    from hrm_edge.bench.syntax import is_python

    return answer.language != "python" or is_python(answer.code)
