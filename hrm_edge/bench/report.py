"""The bench report: what was measured, beside the targets of the design, as text, Markdown or JSON.

A verdict holds one median against one target; every number is printed, met or missed. Targets that a run does not
measure, or that belong to another size of model, get no line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrm_edge.architecture import PRESETS, Architecture
from hrm_edge.bench.latency import Latency, Spread, Workload
from hrm_edge.machine import MachineInfo

MB, GB = 1e6, 1e9
LARGEST_EMBEDDED_PARAMETERS = PRESETS["27m"].parameter_count()
TARGET_WORKLOAD = (128, 200)
"""Prompt and answer tokens of the time-per-problem target."""


@dataclass(frozen=True, kw_only=True)
class SubjectReport:
    """One model in one runtime."""

    model: Path
    runtime: str
    bits: int
    architecture: Architecture
    file_bytes: int
    """What the runtime opens on disk."""
    latency: Latency


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One figure against one target."""

    what: str
    figure: str
    target: str
    met: bool

    @property
    def line(self) -> str:
        """As printed."""
        return f"{'met   ' if self.met else 'MISSED'}  {self.what}: {self.figure}, target {self.target}"


@dataclass(frozen=True, kw_only=True)
class BenchReport:
    """Everything a run of the bench found, and on what."""

    machine: MachineInfo
    date: str
    workload: Workload
    repeats: int
    subjects: Sequence[SubjectReport]
    help_s: Spread

    def verdicts(self) -> list[Verdict]:
        """Every target this run can judge."""
        found = [_at_most("hrm-edge --help", self.help_s.median, 0.3, "s")]
        for subject in self.subjects:
            found.extend(_subject_verdicts(subject, self.workload))
        found.extend(_against_llama_cpp(self.subjects))
        return found

    def to_json(self) -> dict[str, Any]:
        """The whole report for `--json FILE`."""
        return {
            "date": self.date,
            "machine": self.machine.to_json(),
            "workload": {
                "prompt_tokens": self.workload.prompt_tokens,
                "answer_tokens": self.workload.answer_tokens,
                "threads": self.workload.threads,
                "cycles": self.workload.cycles,
                "device": self.workload.device,
                "repeats": self.repeats,
            },
            "help_s": self.help_s.to_json(),
            "subjects": [_subject_json(subject) for subject in self.subjects],
            "verdicts": [
                {"what": v.what, "figure": v.figure, "target": v.target, "met": v.met} for v in self.verdicts()
            ],
        }

    def rows(self) -> list[list[str]]:
        """The table: a header and one row per subject. Medians, with the extremes in brackets."""
        header = "model|runtime|bits|file|KV/token|peak RSS|cold start|load|TTFT|decode tokens/s|problem"
        rows = [header.split("|")]
        for subject in self.subjects:
            latency = subject.latency
            rows.append(
                [
                    subject.model.name, subject.runtime, str(subject.bits),
                    f"{subject.file_bytes / MB:.1f} MB", f"{latency.kv_bytes_per_token / 1024:g} KiB",
                    f"{latency.peak_rss_bytes.median / MB:.0f} MB",
                    _seconds(latency.cold_start_s), _seconds(latency.load_s), _seconds(latency.ttft_s),
                    _range(latency.decode_tokens_per_s, ".0f"), _seconds(latency.problem_s),
                ]
            )  # fmt: skip
        return rows

    def conditions(self) -> str:
        """On what and with what the figures were measured, in one line."""
        threads = "default" if self.workload.threads is None else str(self.workload.threads)
        cycles = "" if self.workload.cycles is None else f", {self.workload.cycles} H cycles"
        return (
            f"{self.workload.prompt_tokens}-token prompt, {self.workload.answer_tokens}-token answer, batch 1, "
            f"{self.workload.device}, threads {threads}{cycles}; median [min–max] of {self.repeats} fresh processes "
            f"per runtime, alternating"
        )

    def machine_line(self) -> str:
        """The machine and the versions, in one line."""
        machine = self.machine
        libraries = ", ".join(f"{name} {version}" for name, version in machine.libraries.items() if version)
        return (
            f"{machine.cpu}, {machine.usable_cores} usable cores, {machine.memory_bytes / GB:.0f} GB memory, "
            f"{machine.system}, Python {machine.python}, hrm-edge {machine.hrm_edge}, {libraries}"
        )

    def to_markdown(self) -> str:
        """The report for `--markdown FILE`."""
        header, *body = self.rows()
        lines = [f"# hrm-edge bench, {self.date}", "", self.conditions(), ""]
        lines += [_markdown_row(header), _markdown_row(["---"] * len(header)), *map(_markdown_row, body), ""]
        lines += [f"- {verdict.line}" for verdict in self.verdicts()]
        return "\n".join([*lines, "", self.machine_line(), ""])


def _subject_verdicts(subject: SubjectReport, workload: Workload) -> Iterator[Verdict]:
    name = f"{subject.model.name} {subject.runtime}"
    peak = subject.latency.peak_rss_bytes.median
    yield _at_most(f"{name} peak RSS (the user's line)", peak / GB, 2, "GB")
    if subject.architecture.parameter_count() > LARGEST_EMBEDDED_PARAMETERS:
        return
    yield _at_most(f"{name} peak RSS", peak / MB, 300, "MB")
    yield _at_most(f"{name} cold start", subject.latency.cold_start_s.median, 1, "s")
    if (workload.prompt_tokens, workload.answer_tokens) == TARGET_WORKLOAD:
        problem_s = subject.latency.problem_s.median
        yield _at_most(f"{name} time per problem (the user's line)", problem_s, 1, "s")
        yield _at_most(f"{name} time per problem", problem_s, 0.6, "s")


def _against_llama_cpp(subjects: Sequence[SubjectReport]) -> Iterator[Verdict]:
    """ONNX Runtime's decode speed over llama.cpp's, where both ran the same model."""
    speeds = {(subject.model, subject.runtime): subject.latency.decode_tokens_per_s.median for subject in subjects}
    for (model, runtime), speed in speeds.items():
        other = speeds.get((model, "llama-cpp"))
        if runtime == "onnx" and other is not None:
            for target in (1.0, 1.3):
                ratio = speed / other
                yield Verdict(
                    what=f"{model.name} onnx decode against llama-cpp",
                    figure=f"{ratio:.2f}×",
                    target=f"≥ {target:g}×",
                    met=ratio >= target,
                )


def _at_most(what: str, figure: float, target: float, unit: str) -> Verdict:
    return Verdict(what=what, figure=f"{figure:.3g} {unit}", target=f"< {target:g} {unit}", met=figure < target)


def _subject_json(subject: SubjectReport) -> dict[str, Any]:
    latency = subject.latency
    return {
        "model": str(subject.model),
        "runtime": subject.runtime,
        "bits": subject.bits,
        "parameters": subject.architecture.parameter_count(),
        "cycles": subject.architecture.h_cycles,
        "file_bytes": subject.file_bytes,
        "kv_bytes_per_token": latency.kv_bytes_per_token,
        "cold_start_s": latency.cold_start_s.to_json(),
        "load_s": latency.load_s.to_json(),
        "ttft_s": latency.ttft_s.to_json(),
        "problem_s": latency.problem_s.to_json(),
        "decode_tokens_per_s": latency.decode_tokens_per_s.to_json(),
        "peak_rss_bytes": latency.peak_rss_bytes.to_json(),
    }


def _seconds(spread: Spread) -> str:
    return f"{_range(spread, '.3f')} s"


def _range(spread: Spread, form: str) -> str:
    return f"{spread.median:{form}} [{min(spread.values):{form}}–{max(spread.values):{form}}]"


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
