"""`hrm-edge bench`: how fast and how large a model is on this machine, beside its targets."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrm_edge.commands.options import Cycles, Device, Threads
from hrm_edge.commands.terminal import export_notice, print_status, print_table, progress
from hrm_edge.errors import RuntimeUnavailableError

if TYPE_CHECKING:
    from hrm_edge.bench.latency import Latency, Spread, Subject, Workload
    from hrm_edge.bench.report import BenchReport, SubjectReport


def bench(
    models: Annotated[
        list[Path] | None,
        typer.Argument(metavar="MODEL", help="Checkpoint directories, .gguf or .onnx; default: the embedded model."),
    ] = None,
    runtime: Annotated[
        str | None,
        typer.Option(
            "--runtime",
            metavar="NAMES",
            help="Of onnx, llama-cpp and torch, with commas; default: onnx, and llama-cpp where it is installed.",
        ),
    ] = None,
    device: Device = "cpu",
    cycles: Cycles = None,
    threads: Threads = None,
    repeats: Annotated[
        int, typer.Option("--repeats", metavar="N", min=1, help="Fresh processes per model and runtime.")
    ] = 5,
    prompt_tokens: Annotated[
        int, typer.Option("--prompt-tokens", metavar="N", min=1, help="Length of the prompt.")
    ] = 128,
    answer_tokens: Annotated[
        int, typer.Option("--answer-tokens", metavar="N", min=2, help="Length of the answer.")
    ] = 200,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the whole report as JSON.")
    ] = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the report as Markdown.")
    ] = None,
) -> None:
    """Measure cold start, load, time to first token, decode speed and peak memory, each in fresh processes.

    Examples:

      hrm-edge bench

      hrm-edge bench runs/nano-4bit --runtime onnx,llama-cpp --markdown nano.md
    """
    from hrm_edge.bench.latency import Workload, help_s, measure

    workload = Workload(
        prompt_tokens=prompt_tokens, answer_tokens=answer_tokens, threads=threads, cycles=cycles, device=device
    )
    subjects = _subjects(models, runtime)
    for subject in subjects:
        _convert(subject, workload)
    with progress("measuring", repeats * len(subjects)) as on_step:
        latencies = measure(subjects, workload, repeats, on_step=on_step)
    report = _report(latencies, workload, repeats, help_s(repeats))
    print_table(report.rows())
    print()
    for verdict in report.verdicts():
        print(verdict.line)
    print_status(report.conditions())
    print_status(report.machine_line())
    _write(json_file, json.dumps(report.to_json(), indent=2, allow_nan=False) + "\n")
    _write(markdown_file, report.to_markdown())


def _subjects(models: list[Path] | None, runtime: str | None) -> "list[Subject]":
    """Every model in every runtime that was named; those that open it, where none was."""
    from hrm_edge.bench.latency import Subject
    from hrm_edge.models import embedded_model_path
    from hrm_edge.runtimes.base import RUNTIME_NAMES
    from hrm_edge.runtimes.load import llama_cpp_installed

    paths = models or [embedded_model_path()]
    if runtime is None:
        both = ["onnx", "llama-cpp"] if llama_cpp_installed() else ["onnx"]
        return [Subject(model=path, runtime=name) for path in paths for name in _opening(path, both)]
    names = [name.strip() for name in runtime.split(",")]
    for name in names:
        if name not in RUNTIME_NAMES:
            raise RuntimeUnavailableError(f"runtime {name!r}: choose of {', '.join(RUNTIME_NAMES)}")
    return [Subject(model=path, runtime=name) for path in paths for name in names]


def _opening(path: Path, runtimes: list[str]) -> list[str]:
    return ["onnx"] if path.suffix == ".onnx" else runtimes


def _convert(subject: "Subject", workload: "Workload") -> None:
    """Whatever a first use converts is made now, so that no measured start does it."""
    from hrm_edge.runtimes.load import load_tokenizer, runtime_file

    load_tokenizer(subject.model)
    runtime_file(subject.model, name=subject.runtime, cycles=workload.cycles, on_tensor=export_notice(subject.model))


def _report(latencies: "dict[Subject, Latency]", workload: "Workload", repeats: int, help_s: "Spread") -> "BenchReport":
    from datetime import UTC, datetime

    from hrm_edge.bench.report import BenchReport
    from hrm_edge.info import describe_machine

    return BenchReport(
        machine=describe_machine(),
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        workload=workload,
        repeats=repeats,
        subjects=[_subject_report(subject, latency, workload) for subject, latency in latencies.items()],
        help_s=help_s,
    )


def _subject_report(subject: "Subject", latency: "Latency", workload: "Workload") -> "SubjectReport":
    from hrm_edge.bench.report import SubjectReport
    from hrm_edge.info import describe
    from hrm_edge.runtimes.load import runtime_file

    opened = describe(runtime_file(subject.model, name=subject.runtime, cycles=workload.cycles))
    cycles = workload.cycles or opened.architecture.h_cycles
    return SubjectReport(
        model=subject.model,
        runtime=subject.runtime,
        bits=opened.bits,
        architecture=opened.architecture.with_cycles(cycles),
        file_bytes=opened.file_bytes,
        latency=latency,
    )


def _write(path: Path | None, text: str) -> None:
    from hrm_edge.files import whole_file

    if path is not None:
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8")
