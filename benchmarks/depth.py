"""Quality and latency of models against the number of H cycles, and of the depth that a halting head chooses.

    python benchmarks/depth.py runs/nano runs/nano-4bit --data runs/data/small --out benchmarks/results/depth

Quality is of held-out examples of the shards, in PyTorch on the weights as they are stored: loss per answer token,
tokens that are the argmax, and answers whose every token is (under teacher forcing), each ± its standard error over
examples. Latency is of held-out requests, answered greedily to a fixed length: in every round each runtime and depth
takes its turn, loaded and warmed up anew; a turn's figure is the mean over the requests, and the table has the median
of the rounds with their extremes. Writes OUT.md, OUT.json and OUT.png.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Annotated, Any

import typer
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

from hrm_edge.bench.models import opening_runtimes
from hrm_edge.errors import DataError
from hrm_edge.files import whole_file
from hrm_edge.info import describe_machine
from hrm_edge.runtimes.base import RUNTIME_NAMES, Cycles
from hrm_edge.runtimes.generation import complete
from hrm_edge.runtimes.load import llama_cpp_installed, load_runtime
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.quality.cycle_error import Estimate
from hrm_edge.train.quality.depth import DepthQuality, held_out_requests, measure_quality
from hrm_edge.train.quality.held_out_loss import held_out_batches

NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """One figure over the rounds."""

    median: float
    least: float
    most: float
    n: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(median=median(values), least=min(values), most=max(values), n=len(values))


@dataclass(frozen=True, kw_only=True)
class DepthLatency:
    """One model in one runtime at one depth."""

    ttft_ms: Spread
    token_ms: Spread
    """Per answer token after the first."""
    mean_cycles: float
    """Over the requests that were timed."""


@dataclass(frozen=True, kw_only=True)
class DepthReport:
    """All of one model; latency by runtime and cycles."""

    model: Path
    trained_cycles: int
    examples: int
    quality: Sequence[DepthQuality]
    latency: dict[tuple[str, Cycles], DepthLatency]

    def to_json(self) -> dict[str, Any]:
        """One row for each number of cycles."""
        rows = [
            {
                **asdict(quality),
                "latency": {
                    runtime: asdict(latency)
                    for (runtime, cycles), latency in self.latency.items()
                    if cycles == quality.cycles
                },
            }
            for quality in self.quality
        ]
        return {
            "model": str(self.model), "trained_cycles": self.trained_cycles, "examples": self.examples, "depths": rows
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one runtime does at one depth in one round."""

    model: Path
    runtime: str
    cycles: Cycles

    def take(
        self, requests: Sequence[list[int]], answer_tokens: int, threads: int | None
    ) -> tuple[float, float, float]:
        """Mean milliseconds to the first token, mean milliseconds per token after it, mean cycles."""
        ttft_ms, token_ms, cycles = [], [], []
        with closing(
            load_runtime(self.model, RuntimeOptions(runtime=self.runtime, cycles=self.cycles, threads=threads))
        ) as runtime:
            for request in requests:
                complete(runtime, request, sampler=Sampler(), stop_ids=(), max_tokens=2)
            for request in requests:
                answer = complete(runtime, request, sampler=Sampler(), stop_ids=(), max_tokens=answer_tokens)
                if answer.decode_tokens_per_s is None:
                    raise DataError(f"a request of {len(request)} tokens leaves no room to answer: give other --data")
                ttft_ms.append(1000 * answer.ttft_s)
                token_ms.append(1000 / answer.decode_tokens_per_s)
                cycles.append(runtime.cycles)
        return fmean(ttft_ms), fmean(token_ms), fmean(cycles)


def measure_latency(
    turns: Sequence[Turn], requests: Sequence[list[int]], *, rounds: int, answer_tokens: int, threads: int | None
) -> dict[Turn, DepthLatency]:
    """Every turn once in each round."""
    taken: dict[Turn, list[tuple[float, float, float]]] = defaultdict(list)
    for number in range(rounds):
        for turn in turns:
            taken[turn].append(turn.take(requests, answer_tokens, threads))
            typer.echo(f"round {number + 1}: {turn.model.name} {turn.runtime}, cycles {turn.cycles}", err=True)
    found = {}
    for turn, figures in taken.items():
        ttft_ms, token_ms, cycles = zip(*figures, strict=True)
        found[turn] = DepthLatency(
            ttft_ms=Spread.of(ttft_ms), token_ms=Spread.of(token_ms), mean_cycles=fmean(cycles)
        )  # fmt: skip
    return found


def to_markdown(report: DepthReport) -> str:
    """One table."""
    runtimes = list(dict.fromkeys(runtime for runtime, _ in report.latency))
    header = ["cycles", "loss, nats/token", "top-1", "right answers"]
    header += [f"{runtime}, {figure}" for runtime in runtimes for figure in ("TTFT ms", "ms/token")]
    lines = [
        f"### {report.model.name}",
        "",
        f"Trained with {report.trained_cycles} H cycles; {report.examples:,} held-out examples.",
        "",
        f"| {' | '.join(header)} |",
        f"|{'|'.join(['---', *['---:'] * (len(header) - 1)])}|",
    ]
    for quality in report.quality:
        cells = [_name(quality), *(_estimate(value) for value in (quality.loss, quality.top1, quality.exact))]
        for runtime in runtimes:
            latency = report.latency.get((runtime, quality.cycles))
            cells += [NOTHING] * 2 if latency is None else [_spread(latency.ttft_ms), _spread(latency.token_ms)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _name(quality: DepthQuality) -> str:
    if quality.halting_shares is None:
        return str(quality.cycles)
    shares = ", ".join(f"{share:.0%} at {depth}" for depth, share in enumerate(quality.halting_shares, 1))
    return f"auto: {quality.mean_cycles:.2f} ({shares})"


def _estimate(value: Estimate) -> str:
    return f"{value.mean:.3f}" + ("" if value.standard_error is None else f" ± {value.standard_error:.3f}")


def _spread(value: Spread) -> str:
    return f"{value.median:.3g} ({value.least:.3g}–{value.most:.3g})"


def draw(reports: Sequence[DepthReport]) -> Figure:
    """Loss, right answers and milliseconds per token, each against cycles."""
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    loss_axes, exact_axes, time_axes = figure.subplots(1, 3)
    for report in reports:
        _draw_quality(loss_axes, report, [one.loss for one in report.quality])
        _draw_quality(exact_axes, report, [one.exact for one in report.quality])
        for runtime, latencies in _by_runtime(report):
            times = [latency.token_ms for latency in latencies]
            drawn = time_axes.errorbar(
                [latency.mean_cycles for latency in latencies],
                [time.median for time in times],
                yerr=[[time.median - time.least for time in times], [time.most - time.median for time in times]],
                marker="o",
                capsize=3,
                label=f"{report.model.name} {runtime}",
            )
            if auto := report.latency.get((runtime, "auto")):
                _draw_auto(time_axes, auto.mean_cycles, auto.token_ms.median, drawn)
    titles = ("loss, nats per answer token", "right answers, share", "ms per token, median and extremes")
    for axes, title in zip((loss_axes, exact_axes, time_axes), titles, strict=True):
        axes.set(title=title, xlabel="H cycles (★ auto, on average)")
        axes.set_ylim(bottom=0)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend(fontsize="small")
    return figure


def _draw_quality(axes: Axes, report: DepthReport, estimates: Sequence[Estimate]) -> None:
    points = list(zip(report.quality, estimates, strict=True))
    fixed = [(one.mean_cycles, value) for one, value in points if one.cycles != "auto"]
    drawn = axes.errorbar(
        [cycles for cycles, _ in fixed],
        [value.mean for _, value in fixed],
        yerr=[value.standard_error or 0.0 for _, value in fixed],
        marker="o",
        capsize=3,
        label=report.model.name,
    )
    for one, value in points:
        if one.cycles == "auto":
            _draw_auto(axes, one.mean_cycles, value.mean, drawn)


def _draw_auto(axes: Axes, cycles: float, value: float, beside: ErrorbarContainer) -> None:
    axes.plot([cycles], [value], "*", markersize=12, color=beside[0].get_color())


def _by_runtime(report: DepthReport) -> Iterator[tuple[str, list[DepthLatency]]]:
    """Fixed depths in order."""
    for runtime in dict.fromkeys(runtime for runtime, _ in report.latency):
        yield (
            runtime,
            [latency for (name, cycles), latency in report.latency.items() if name == runtime and cycles != "auto"],
        )


def main(
    models: Annotated[list[Path], typer.Argument(help="Checkpoint directories, or .gguf.")],
    data: Annotated[Path, typer.Option(help="Packed shards; their held-out examples are measured.")],
    out: Annotated[Path, typer.Option(help="Where to write, without a suffix.")],
    runtimes: Annotated[str | None, typer.Option(help="With commas; default: all that are installed.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Turns of each runtime and depth.")] = 5,
    per_task: Annotated[int, typer.Option(min=1, help="Held-out examples of each scenario.")] = 48,
    requests: Annotated[int, typer.Option(min=1, help="Requests that are timed in each turn.")] = 4,
    answer_tokens: Annotated[int, typer.Option(min=2, help="Length of each answer.")] = 64,
    beyond: Annotated[int, typer.Option(min=0, help="Cycles more than the model was trained with.")] = 1,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads of every runtime.")] = None,
) -> None:
    """Measure and write."""
    held_out = held_out_batches(open_shards(data), per_task=per_task)
    if not held_out:
        raise DataError(f"{data} holds no held-out example: build more with `hrm-edge data build`")
    installed = [name for name in RUNTIME_NAMES if name != "llama-cpp" or llama_cpp_installed()]
    names = installed if runtimes is None else runtimes.split(",")
    quality = {model: measure_quality(model, held_out, beyond=beyond) for model in models}
    turns = [
        Turn(model=model, runtime=runtime, cycles=one.cycles)
        for model in models
        for runtime in opening_runtimes(model, names)
        for one in quality[model][1]
        if one.cycles != "auto" or runtime == "torch"
    ]
    asked = held_out_requests(held_out, requests)
    latency = measure_latency(turns, asked, rounds=rounds, answer_tokens=answer_tokens, threads=threads)
    reports = [
        DepthReport(
            model=model,
            trained_cycles=trained,
            examples=sum(len(batch.tasks) for batch in held_out),
            quality=depths,
            latency={(turn.runtime, turn.cycles): latency[turn] for turn in turns if turn.model == model},
        )
        for model, (trained, depths) in quality.items()
    ]
    settings = {
        "data": str(data),
        "rounds": rounds,
        "request_tokens": [len(ids) for ids in asked],
        "answer_tokens": answer_tokens,
        "threads": threads,
    }
    write(reports, settings, out)


def write(reports: Sequence[DepthReport], settings: Mapping[str, Any], out: Path) -> None:
    """The three files, and the tables on stdout."""
    whole = {
        "settings": dict(settings),
        "models": [report.to_json() for report in reports],
        "machine": describe_machine().to_json(),
    }
    markdown = "\n".join(to_markdown(report) for report in reports)
    for suffix, text in ((".json", json.dumps(whole, indent=2) + "\n"), (".md", markdown)):
        with whole_file(out.with_name(out.name + suffix)) as part:
            part.write_text(text, encoding="utf-8")
    with whole_file(out.with_name(out.name + ".png")) as part:
        draw(reports).savefig(part, format="png", dpi=120)
    print(markdown)


if __name__ == "__main__":
    typer.run(main)
