"""Latency as a person feels it, each figure from a fresh process so that nothing is warm that would not be.

    cold start   `hrm-edge run` as typed, from the start of the process to its end with one token answered
    load         opening the model in a process that has imported nothing of it
    TTFT         from the submission of the prompt to the first token; the model has answered once before
    prefill      prompt tokens per second of TTFT
    decode       tokens after the first per second
    problem      a whole answer: TTFT and decode together
    peak RSS     of that process, at the end

A process gives up to ANSWERS answers, as many as begin within ANSWERING_S, so that a fast model's p95 is of many and a
slow one's does not take all day. Prompts are token ids, so that every model and runtime reads exactly as many; what
they say does not change the time. Repetitions alternate between all subjects, as machines are noisy and grow warm.

    python -m hrm_edge.bench.latency '{"model": "runs/nano", "runtime": "onnx", …}'   one process's figures, as JSON
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from hrm_edge.bench.memory import peak_rss_bytes
from hrm_edge.bench.models import open_runtime
from hrm_edge.checkpoint.foreign_gguf import is_foreign_gguf
from hrm_edge.errors import HrmEdgeError
from hrm_edge.runtimes.base import Cycles, Runtime
from hrm_edge.runtimes.generation import complete
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.sampling import Sampler

ANSWERS, ANSWERING_S = 5, 4.0
COLD_START_REQUEST = "find all files larger than 100 MB"


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What every subject is asked to do."""

    prompt_tokens: int = 128
    answer_tokens: int = 200
    threads: int | None = None
    cycles: Cycles | None = None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A model in a runtime on a device."""

    model: Path
    runtime: str
    device: str = "cpu"
    called: str = field(default="", compare=False)
    """What tells the model from others of its run with the same file name; empty where that name does."""

    @property
    def name(self) -> str:
        """What the model is called in reports."""
        return self.called or self.model.name

    @property
    def label(self) -> str:
        """The model in its runtime; the device goes without saying where it is the CPU."""
        return " ".join([self.name, self.runtime, *([] if self.device == "cpu" else [self.device])])

    def options(self, *, cycles: Cycles | None, threads: int | None) -> RuntimeOptions:
        """What it is opened with, at a depth and with so many threads."""
        return RuntimeOptions(runtime=self.runtime, device=self.device, cycles=cycles, threads=threads)


@dataclass(frozen=True, kw_only=True)
class ProcessFigures:
    """What one fresh process measured of itself."""

    load_s: float
    ttft_s: Sequence[float]
    """Of each answer, as the next two."""
    problem_s: Sequence[float]
    decode_tokens_per_s: Sequence[float]
    peak_rss_bytes: int
    kv_bytes_per_token: int
    """In the type this runtime keeps keys and values in."""


@dataclass(frozen=True)
class Spread:
    """Repeated measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value: what the report prints and the verdicts judge."""
        return float(median(self.values))

    @property
    def p95(self) -> float:
        """The value that 95 % lie below, interpolated linearly; of few measurements nearly the largest."""
        return quantiles(self.values, n=20, method="inclusive")[-1] if len(self.values) > 1 else self.values[0]

    def to_json(self) -> dict[str, float | int]:
        """Median, 95th percentile, extremes and number of measurements."""
        return {
            "median": self.median,
            "p95": self.p95,
            "min": min(self.values),
            "max": max(self.values),
            "n": len(self.values),
        }


@dataclass(frozen=True, kw_only=True)
class Latency:
    """All repetitions of one subject."""

    cold_start_s: Spread | None
    """None for models that `hrm-edge run` does not open."""
    load_s: Spread
    ttft_s: Spread
    prefill_tokens_per_s: Spread
    problem_s: Spread
    decode_tokens_per_s: Spread
    peak_rss_bytes: Spread
    kv_bytes_per_token: int


def measure(
    subjects: Sequence[Subject], workload: Workload, repeats: int, *, on_step: Callable[[str], None] | None = None
) -> dict[Subject, Latency]:
    """Latency of each subject over `repeats` rounds; in every round each subject takes its turn.

    Exports must be in the cache already (runtime_file): a first conversion is no part of a start.

    Raises:
        HrmEdgeError: a subject cannot be loaded or run.
    """
    heard = on_step or (lambda _: None)
    cold: dict[Subject, list[float]] = {subject: [] for subject in subjects}
    figures: dict[Subject, list[ProcessFigures]] = {subject: [] for subject in subjects}
    for _ in range(repeats):
        for subject in subjects:
            if not is_foreign_gguf(subject.model):
                cold[subject].append(_cold_start_s(subject, workload))
            figures[subject].append(_fresh_process(subject, workload))
            heard(subject.label)
    return {subject: _gather(cold[subject], figures[subject], workload) for subject in subjects}


def help_s(repeats: int) -> Spread:
    """Seconds that `hrm-edge --help` takes, interpreter included."""
    return Spread(tuple(_command_s(["--help"]) for _ in range(repeats)))


def measure_here(subject: Subject, workload: Workload) -> ProcessFigures:
    """The figures of this very process: only meaningful where nothing else ran before."""
    start = perf_counter()
    options = subject.options(cycles=workload.cycles, threads=workload.threads)
    with open_runtime(subject.model, options) as runtime:
        load_s = perf_counter() - start
        # Any spread of ids will do; a stride keeps neighbours from being equal.
        prompt_ids = [37 * place % runtime.vocab_size for place in range(workload.prompt_tokens)]
        complete(runtime, prompt_ids, sampler=Sampler(), stop_ids=(), max_tokens=1)
        answers = _answers(subject, runtime, prompt_ids, workload.answer_tokens)
        kv_bytes_per_token = runtime.kv_bytes_per_token
    return ProcessFigures(
        load_s=load_s,
        ttft_s=[answer.ttft_s for answer in answers],
        problem_s=[answer.problem_s for answer in answers],
        decode_tokens_per_s=[answer.decode_tokens_per_s for answer in answers],
        peak_rss_bytes=peak_rss_bytes(),
        kv_bytes_per_token=kv_bytes_per_token,
    )


@dataclass(frozen=True, kw_only=True)
class _AnswerTimes:
    ttft_s: float
    problem_s: float
    decode_tokens_per_s: float


def _answers(subject: Subject, runtime: Runtime, prompt_ids: Sequence[int], answer_tokens: int) -> list[_AnswerTimes]:
    """Up to ANSWERS, none begun after ANSWERING_S, at least one."""
    found: list[_AnswerTimes] = []
    begin = perf_counter()
    while not found or (len(found) < ANSWERS and perf_counter() - begin < ANSWERING_S):
        start = perf_counter()
        answer = complete(runtime, prompt_ids, sampler=Sampler(), stop_ids=(), max_tokens=answer_tokens)
        problem_s = perf_counter() - start
        if len(answer.token_ids) < answer_tokens or answer.decode_tokens_per_s is None:
            raise HrmEdgeError(
                f"{subject.model} holds {len(answer.token_ids)} answer tokens after a prompt of {len(prompt_ids)}, "
                f"and {answer_tokens} were asked for: use --prompt-tokens and --answer-tokens that fit its context"
            )
        found.append(
            _AnswerTimes(ttft_s=answer.ttft_s, problem_s=problem_s, decode_tokens_per_s=answer.decode_tokens_per_s)
        )
    return found


def _gather(cold: Sequence[float], figures: Sequence[ProcessFigures], workload: Workload) -> Latency:
    ttft_s = tuple(value for figure in figures for value in figure.ttft_s)
    return Latency(
        cold_start_s=Spread(tuple(cold)) if cold else None,
        load_s=Spread(tuple(figure.load_s for figure in figures)),
        ttft_s=Spread(ttft_s),
        prefill_tokens_per_s=Spread(tuple(workload.prompt_tokens / value for value in ttft_s)),
        problem_s=Spread(tuple(value for figure in figures for value in figure.problem_s)),
        decode_tokens_per_s=Spread(tuple(value for figure in figures for value in figure.decode_tokens_per_s)),
        peak_rss_bytes=Spread(tuple(float(figure.peak_rss_bytes) for figure in figures)),
        kv_bytes_per_token=figures[0].kv_bytes_per_token,
    )


def _cold_start_s(subject: Subject, workload: Workload) -> float:
    arguments = ["run", "--json", "--max-tokens", "1", "--model", str(subject.model), "--runtime", subject.runtime]
    arguments += ["--device", subject.device]
    if workload.threads is not None:
        arguments += ["--threads", str(workload.threads)]
    if workload.cycles is not None:
        arguments += ["--cycles", str(workload.cycles)]
    return _command_s([*arguments, COLD_START_REQUEST])


def _command_s(arguments: Sequence[str]) -> float:
    start = perf_counter()
    _run_python(["-m", "hrm_edge", *arguments])
    return perf_counter() - start


def _fresh_process(subject: Subject, workload: Workload) -> ProcessFigures:
    order = {
        "model": str(subject.model), "runtime": subject.runtime, "device": subject.device, **asdict(workload)
    }  # fmt: skip
    return ProcessFigures(**json.loads(_run_python(["-m", "hrm_edge.bench.latency", json.dumps(order)])))


def _run_python(arguments: Sequence[str]) -> str:
    """Standard output of a fresh interpreter; its known errors are raised here, under their own words."""
    result = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        *_, last = result.stderr.strip().splitlines() or [f"exit code {result.returncode}"]
        if last.startswith("hrm-edge: "):
            raise HrmEdgeError(last.removeprefix("hrm-edge: "))
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{result.stderr}")
    return result.stdout


def _main(order: str) -> None:
    settings = json.loads(order)
    subject = Subject(model=Path(settings.pop("model")), runtime=settings.pop("runtime"), device=settings.pop("device"))
    try:
        print(json.dumps(asdict(measure_here(subject, Workload(**settings)))))
    except HrmEdgeError as error:
        print(f"hrm-edge: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    _main(sys.argv[1])
