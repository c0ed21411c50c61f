"""`hrm-edge bench`: how many problems a model solves, how fast and how large it is here, beside its targets."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.commands.bench import options
from hrm_edge.commands.options import Cycles, Threads
from hrm_edge.errors import DataError

if TYPE_CHECKING:
    from hrm_edge.bench.accuracy import Drawing
    from hrm_edge.bench.neighbours import Retrieval
    from hrm_edge.bench.suites import Filters
    from hrm_edge.runtimes.base import Cycles as CycleCount

LIST_SUITES = "list"
DEFAULT_KS = (1, 5, 10)
SEVERAL_TEMPERATURE = 0.2
"""LiveCodeBench's, for several samples of a problem."""


def bench(
    models: options.Models = None,
    suite: options.Suites = "builtin",
    data: options.Data = None,
    limit: options.Limit = None,
    language: options.Languages = None,
    since: options.Since = None,
    until: options.Until = None,
    platform: options.Platforms = None,
    difficulty: options.Difficulties = None,
    release: options.ReleaseName = None,
    samples: options.Samples = 1,
    k: options.Ks = None,
    temperature: options.Temperature = None,
    top_p: options.TopP = 0.95,
    max_tokens: options.MaxTokens = 512,
    seed: options.RunSeed = 0,
    no_fence: options.NoFence = False,
    neighbours: options.Neighbours = "0",
    index: options.IndexFile = None,
    score_only: options.ScoreOnly = False,
    samples_file: options.SamplesFile = None,
    sandbox: options.Backend = None,
    unsafe: options.Unsafe = False,
    workers: options.Workers = None,
    runtime: options.Runtimes = None,
    device: options.BenchDevice = None,
    cycles: Cycles = None,
    threads: Threads = None,
    no_hardware: options.NoHardware = False,
    repeats: options.Repeats = 3,
    prompt_tokens: options.PromptTokens = 128,
    answer_tokens: options.AnswerTokens = 200,
    out: options.Out = None,
    resume: options.Resume = False,
    json_file: options.JsonFile = None,
    markdown_file: options.MarkdownFile = None,
    html_file: options.HtmlFile = None,
) -> None:
    """Measure what models solve (pass@k on suites, programs run in a sandbox) and what they cost (speed, memory).

    Examples:

      hrm-edge bench

      hrm-edge bench --suite list

      hrm-edge bench ours.gguf qwen2.5-coder-0.5b.gguf --html report.html

      hrm-edge bench runs/float runs/8bit runs/4bit --neighbours 0,3 --no-hardware

      hrm-edge bench --suite humaneval --data HumanEval.jsonl.gz --samples 5 --k 1,5 --json out.json

      hrm-edge bench --suite humaneval --data HumanEval.jsonl.gz --score-only --samples-file samples.jsonl
    """
    from hrm_edge.bench.latency import Workload
    from hrm_edge.commands.bench.accuracy import Isolation, judge, load_problems, print_suites, run_directory
    from hrm_edge.commands.bench.hardware import plan, run_hardware
    from hrm_edge.commands.bench.report import publish, require_plots
    from hrm_edge.model_store.store import resolve_model

    if suite == LIST_SUITES:
        print_suites()
        return
    require_plots(html_file)
    problems = load_problems(suite, data, _filters(language, since, until, platform, difficulty, release, limit))
    drawing = _drawing(samples, k, temperature, top_p, max_tokens, seed, not no_fence, cycles, threads)
    workload = Workload(prompt_tokens=prompt_tokens, answer_tokens=answer_tokens, threads=threads, cycles=cycles)
    retrieval = _retrieval(neighbours, index, score_only=score_only)
    opened = models if models is None or score_only else [resolve_model(str(path)) for path in models]
    planned = plan(opened, runtime, device, workload, without_models=score_only)
    with judge(
        problems, Isolation(backend=sandbox, unsafe=unsafe, workers=workers), run_directory(out, resume=resume),
        data=data, drawing=drawing, retrieval=retrieval, resume=resume, generates=not score_only,
    ) as judged:  # fmt: skip
        hardware = None if no_hardware or score_only else run_hardware(planned, workload, repeats)
        found = judged.score(samples_file) if score_only else judged.measure(planned.answering, samples_file)
    publish(planned.machine, hardware, found, judged.settings, json_file, markdown_file, html_file)


def _drawing(
    samples: int,
    k: str | None,
    temperature: float | None,
    top_p: float,
    max_tokens: int,
    seed: int,
    starts_fence: bool,
    cycles: "CycleCount | None",
    threads: int | None,
) -> "Drawing":
    from hrm_edge.bench.accuracy import Drawing

    return Drawing(
        samples=samples,
        ks=_ks(k, samples),
        temperature=(0.0 if samples == 1 else SEVERAL_TEMPERATURE) if temperature is None else temperature,
        top_p=top_p,
        max_tokens=max_tokens,
        seed=seed,
        starts_fence=starts_fence,
        cycles=cycles,
        threads=threads,
    )


def _retrieval(counts: str, index: Path | None, *, score_only: bool) -> "Retrieval | None":
    """What is looked up; None where nothing is asked for.

    Raises:
        DataError: a count is no number from 0 to 3, neighbours are asked for where no model is asked, or the index
            cannot be read.
    """
    from hrm_edge.bench.neighbours import MOST_NEIGHBOURS, Retrieval
    from hrm_edge.local_index import LocalIndex

    names = _names(counts)
    allowed = [str(count) for count in range(MOST_NEIGHBOURS + 1)]
    if not names or not set(names).issubset(allowed):
        raise DataError(f"--neighbours {counts}: give numbers from 0 to {MOST_NEIGHBOURS} with commas, as 0,3")
    chosen = tuple(sorted(set(map(int, names))))
    if score_only and any(chosen):
        raise DataError(
            f"--score-only asks no model, and --neighbours {counts} is for models: leave one of the two out"
        )
    if not any(chosen) and index is None:
        return None
    retrieval = Retrieval(counts=chosen, index=index)
    LocalIndex(retrieval.path).close()  # fails before anything long is run
    return retrieval


def _ks(text: str | None, samples: int) -> tuple[int, ...]:
    """The k of pass@k.

    Raises:
        DataError: one is no number from 1 up.
    """
    if text is None:
        return tuple(k for k in DEFAULT_KS if k <= samples)
    names = _names(text)
    if not all(name.isascii() and name.isdigit() and int(name) > 0 for name in names):
        raise DataError(f"--k {text}: give numbers from 1 up with commas, as 1,5")
    return tuple(sorted({int(name) for name in names}))


def _filters(
    language: str | None,
    since: datetime | None,
    until: datetime | None,
    platform: str | None,
    difficulty: str | None,
    release: str | None,
    limit: int | None,
) -> "Filters":
    from hrm_edge.bench.suites import Filters

    return Filters(
        languages=_names(language),
        since=None if since is None else since.date(),
        until=None if until is None else until.date(),
        platforms=_names(platform),
        difficulties=_names(difficulty),
        release=release,
        limit=limit,
    )


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())
