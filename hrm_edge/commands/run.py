"""`hrm-edge run`: one request, one answer; without a request and with a terminal, the interactive prompt."""

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hrm_edge.commands.options import Cycles, Device, Json, RuntimeName, Seed, Threads
from hrm_edge.commands.terminal import export_notice, print_json

if TYPE_CHECKING:
    from hrm_edge.commands.answering import Answerer, AnswerSettings, Outcome
    from hrm_edge.runtimes.base import Cycles as CycleCount

SAMPLING_TEMPERATURE = 0.8
"""Of several candidates where no temperature is given: at 0 they would all be the same."""


def run(
    prompt: Annotated[
        str | None,
        typer.Argument(
            metavar="PROMPT", help="What you want. Left out: standard input if piped, else an interactive prompt."
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model", metavar="PATH", help="A checkpoint directory, .gguf or .onnx; default: the embedded one."
        ),
    ] = None,
    runtime: Annotated[RuntimeName, typer.Option("--runtime", help="What computes.")] = "onnx",
    device: Device = "cpu",
    language: Annotated[
        str | None, typer.Option("--language", metavar="NAME", help="Answer in this language, as in bash or python.")
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option("--file", metavar="PATH", help="Add a text file to the request; give it again for more."),
    ] = None,
    samples: Annotated[
        int,
        typer.Option(
            "--samples", metavar="N", min=1, help="Candidates to draw; the one the model holds most probable is given."
        ),
    ] = 1,
    no_verify: Annotated[  # noqa: ARG001 - answers cannot be run yet: there is nothing to leave out
        bool, typer.Option("--no-verify", help="Do not run the answer. Answers are not run yet: verified is null.")
    ] = False,
    cycles: Cycles = None,
    max_tokens: Annotated[int, typer.Option("--max-tokens", metavar="N", min=1, help="Longest answer.")] = 512,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            metavar="T",
            min=0,
            help=f"0 is greedy, the default; {SAMPLING_TEMPERATURE} with --samples above 1.",
        ),
    ] = None,
    top_p: Annotated[
        float,
        typer.Option("--top-p", metavar="P", min=0, max=1, help="Sample among the most probable tokens of this mass."),
    ] = 1.0,
    seed: Seed = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Ask the model for code and get it on stdout.

    Examples:

      hrm-edge run "find all files larger than 100 MB"

      hrm-edge run --language python --file data.csv "sum the second column"

      echo "list listening ports" | hrm-edge run --json

    Times in --json: load_s is from the start of the command to a loaded model, the one-time export of a new model
    included; ttft_s from the request to the first token; total_s from the start of the command to the end.
    """
    start = perf_counter()
    interactive = prompt is None and sys.stdin.isatty()
    settings = _settings(language, samples, max_tokens, temperature, top_p, seed)
    if interactive and as_json:
        raise typer.BadParameter("--json answers one request: give a PROMPT or pipe one in")

    from hrm_edge.commands.answer_output import show_end, write_code
    from hrm_edge.commands.request import read_request
    from hrm_edge.models import embedded_model_path

    request = "" if interactive else read_request(prompt, file or [])
    path = embedded_model_path() if model is None else model
    with _load(path, runtime, device, cycles, threads) as answerer:
        load_s = perf_counter() - start
        if interactive:
            from hrm_edge.commands.interactive import converse

            converse(answerer, settings, file or [])
            return
        outcome = answerer.answer(request, settings, None if as_json else write_code)
        if as_json:
            print_json(_report(outcome, answerer, path, load_s, perf_counter() - start))
        else:
            show_end(outcome, settings)


def _settings(
    language: str | None, samples: int, max_tokens: int, temperature: float | None, top_p: float, seed: int | None
) -> "AnswerSettings":
    from hrm_edge.commands.answering import AnswerSettings

    if temperature is None:
        temperature = SAMPLING_TEMPERATURE if samples > 1 else 0.0
    elif temperature == 0 and samples > 1:
        raise typer.BadParameter(f"--samples {samples} at --temperature 0 draws the same answer every time")
    if top_p == 0:
        raise typer.BadParameter("--top-p 0 leaves no token to choose: it must be above 0")
    return AnswerSettings(
        language=language, samples=samples, max_tokens=max_tokens, temperature=temperature, top_p=top_p, seed=seed
    )


def _load(path: Path, runtime: str, device: str, cycles: "CycleCount | None", threads: int | None) -> "Answerer":
    from hrm_edge.commands.answering import Answerer

    return Answerer.load(
        path, runtime=runtime, device=device, cycles=cycles, threads=threads, on_tensor=export_notice(path)
    )


def _report(outcome: "Outcome", answerer: "Answerer", path: Path, load_s: float, total_s: float) -> dict[str, Any]:
    from hrm_edge.bench.memory import peak_rss_bytes

    runtime = answerer.runtime
    return {
        "answer": outcome.answer,
        "language": outcome.language,
        "verified": None,
        "model": str(path),
        "runtime": runtime.name,
        "device": runtime.device,
        "bits": runtime.bits,
        "cycles": runtime.cycles,
        "prompt_tokens": outcome.prompt_tokens,
        "completion_tokens": outcome.completion_tokens,
        "load_s": load_s,
        "ttft_s": outcome.ttft_s,
        "total_s": total_s,
        "decode_tokens_per_s": outcome.decode_tokens_per_s,
        "peak_rss_bytes": peak_rss_bytes(),
    }
