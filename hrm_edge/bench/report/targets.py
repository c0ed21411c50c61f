"""Measured values against the targets of the design.

A verdict holds one figure against one target; every number is printed, met, missed or not shown: a loss of accuracy
on so few problems that its error leaves both open. Targets that a run does not measure, or that belong to another size
of model, get no line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.architecture import PRESETS
from hrm_edge.bench.latency import Workload
from hrm_edge.bench.pairing import PairedLoss
from hrm_edge.bench.report.contents import BenchReport, HardwareReport, SubjectReport
from hrm_edge.bench.scores import SuiteScores

MB, GB = 1e6, 1e9
LARGEST_EMBEDDED_PARAMETERS = PRESETS["27m"].parameter_count()
TARGET_WORKLOAD = (128, 200)
"""Prompt and answer tokens of the time-per-problem target."""
LARGE_SHAPE, LARGE_SHAPE_CONTEXT = "1b", 2048
"""Tokens of context, prompt and answer together, of the large shape's memory target."""
MEMORY_LINE_BYTES, PROBLEM_LINE_S = 2e9, 1.0
"""The user's lines."""
MOST_LOSS_LINE, MOST_LOSS = 0.05, 0.01
"""Relative loss of pass@1 by quantization: the user's line, and ours."""
NOT_SHOWN = "not shown"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One figure against one target."""

    what: str
    figure: str
    target: str
    met: bool | None
    """None where the figure's error is too large to say so either way."""

    @property
    def word(self) -> str:
        """met, MISSED or not shown."""
        return NOT_SHOWN if self.met is None else "met" if self.met else "MISSED"

    @property
    def line(self) -> str:
        """As printed."""
        return f"{self.word:6}  {self.what}: {self.figure}, target {self.target}"

    def to_json(self) -> dict[str, Any]:
        return {"what": self.what, "figure": self.figure, "target": self.target, "met": self.met}


def judged_report(report: BenchReport) -> dict[str, Any]:
    """The whole report with its verdicts, for `--json FILE`."""
    return {**report.to_json(), "verdicts": [verdict.to_json() for verdict in verdicts(report)]}


def verdicts(report: BenchReport) -> list[Verdict]:
    """Every target that the run can judge."""
    found: list[Verdict] = []
    if report.hardware is not None:
        found.append(_at_most("hrm-edge --help", report.hardware.help_s.median, 0.3, "s"))
        for subject in report.hardware.subjects:
            found.extend(_of_subject(subject, report.hardware.workload))
        found.extend(_against_llama_cpp(report.hardware.subjects))
        found.extend(_of_accuracy(report.hardware, report.suites))
    for loss in report.losses:
        found.extend(_of_loss(loss))
    return found


def _of_subject(row: SubjectReport, workload: Workload) -> Iterator[Verdict]:
    name, latency = row.subject.label, row.latency
    peak, problem_s = latency.peak_rss_bytes.median, latency.problem_s.median
    timed = (workload.prompt_tokens, workload.answer_tokens) == TARGET_WORKLOAD
    yield _at_most(f"{name} peak RSS (the user's line)", peak / GB, MEMORY_LINE_BYTES / GB, "GB")
    if row.sizes.preset == LARGE_SHAPE and row.sizes.bits == 4:
        yield from _of_large_shape(row, workload)
    if timed and (is_embedded(row) or row.sizes.architecture != "hrm_text"):
        yield _at_most(f"{name} time per problem (the user's line)", problem_s, PROBLEM_LINE_S, "s")
    if not is_embedded(row):
        return
    yield _at_most(f"{name} peak RSS", peak / MB, 300, "MB")
    if latency.cold_start_s is not None:
        yield _at_most(f"{name} cold start", latency.cold_start_s.median, 1, "s")
    if timed:
        yield _at_most(f"{name} time per problem", problem_s, 0.6, "s")


def is_embedded(row: SubjectReport) -> bool:
    """A model of ours that is no larger than what ships with the package may become."""
    return row.sizes.architecture == "hrm_text" and row.sizes.parameters <= LARGEST_EMBEDDED_PARAMETERS


def _of_large_shape(row: SubjectReport, workload: Workload) -> Iterator[Verdict]:
    name = row.subject.label
    if workload.prompt_tokens + workload.answer_tokens >= LARGE_SHAPE_CONTEXT:
        peak = row.latency.peak_rss_bytes.median / GB
        yield _at_most(f"{name} peak RSS at {LARGE_SHAPE_CONTEXT} tokens", peak, MEMORY_LINE_BYTES / GB, "GB")
    if row.roofline is not None:
        yield _at_least(f"{name} decode, share of memory bandwidth", row.roofline.share, 0.8, "%")


def _against_llama_cpp(subjects: Sequence[SubjectReport]) -> Iterator[Verdict]:
    """ONNX Runtime's decode speed over llama.cpp's, where both ran the same model on the same device."""
    speeds = {row.subject: row.latency.decode_tokens_per_s.median for row in subjects}
    for row in subjects:
        subject = row.subject
        other = speeds.get(type(subject)(model=subject.model, runtime="llama-cpp", device=subject.device))
        if subject.runtime != "onnx" or other is None:
            continue
        for target in (1.0,) if row.sizes.preset == LARGE_SHAPE else (1.0, 1.3):
            ratio = speeds[subject] / other
            what = f"{subject.label} decode against llama-cpp"
            yield Verdict(what=what, figure=f"{ratio:.2f}×", target=f"≥ {target:g}×", met=ratio >= target)


def _of_accuracy(hardware: HardwareReport, suites: Sequence[SuiteScores]) -> Iterator[Verdict]:
    embedded = {row.subject.label for row in hardware.subjects if is_embedded(row) and row.sizes.bits == 4}
    for scores in suites:
        score = scores.overall.get(1)
        label = scores.answerer.partition(" + ")[0]  # with neighbours and without
        if scores.suite == "humaneval" and label in embedded and score is not None:
            for target in (0.08, 0.13):
                yield _at_least(f"{scores.answerer} pass@1 on HumanEval", score.value, target, "%")


def _of_loss(loss: PairedLoss) -> Iterator[Verdict]:
    """Met where the true loss is below the target with 95 % confidence, missed where it is not with as much."""
    found = loss.relative_loss_range
    if not loss.is_quantization or loss.group is not None or found is None:
        return
    assert loss.relative_loss is not None and loss.relative_standard_error is not None, "a range is around a figure"
    above, below = found
    figure = (
        f"{loss.relative_loss * 100:.3g} % ± {loss.relative_standard_error * 100:.2g} on {loss.problems} problems, "
        f"95 % sure: below {below * 100:.3g} %"
    )
    what = f"{loss.candidate} relative loss of pass@1 on {loss.suite} against {loss.reference}"
    for most, whose in ((MOST_LOSS_LINE, " (the user's line)"), (MOST_LOSS, "")):
        met = True if below < most else False if above >= most else None
        yield Verdict(what=f"{what}{whose}", figure=figure, target=f"< {most * 100:g} %", met=met)


def _at_most(what: str, figure: float, target: float, unit: str) -> Verdict:
    return Verdict(what=what, figure=f"{figure:.3g} {unit}", target=f"< {target:g} {unit}", met=figure < target)


def _at_least(what: str, share: float, target: float, unit: str) -> Verdict:
    return Verdict(
        what=what, figure=f"{share * 100:.3g} {unit}", target=f"≥ {target * 100:g} {unit}", met=share >= target
    )
