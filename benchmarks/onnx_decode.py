"""What decoding costs in ONNX Runtime: the type of the KV cache, batches, drafts, and a machine that is busy.

    python benchmarks/onnx_decode.py [MODEL] [--contexts 60,180,560,1500] [--batches 2,4,8,16] [--drafts 2,4,8]
                                     [--spins 0,10,1000] [--threads 1,2] [--steps 40] [--json FILE]

MODEL is a checkpoint, a .gguf or, by default, the embedded model; it is exported with a KV cache in float32 and in
int8. The sides of a comparison take turns step by step in one process, so that what else the machine does meets both;
figures are medians of wall time, and ratios are medians of the ratios of neighbouring steps.

    kv       a token at each context, float32 and int8
    batch    a pass over N sequences against N passes over one, both with 128 tokens of prompt
    draft    T tokens of one sequence in a pass against T passes
    busy     a token with each number of threads and each spin, first on the machine as it is, then with one more
             process that burns a core: a setting is good if it loses little where it wins nothing
"""

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from measurement import burning_core

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.export.onnx_names import KV_TYPES, KvType
from hrm_edge.models import embedded_model_path
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.onnx import session as onnx_session
from hrm_edge.runtimes.onnx.runtime import OnnxRuntime

PROMPT_TOKENS = 128
Figures = list[dict[str, float | int | str]]


def alternated(sides: Sequence[Callable[[], object]], steps: int) -> list[list[float]]:
    """Milliseconds of each call, one list for each side; the first round warms up and is not counted."""
    times: list[list[float]] = [[] for _ in sides]
    for step in range(steps + 1):
        for side, found in zip(sides, times, strict=True):
            start = time.perf_counter()
            side()
            if step:
                found.append(1000 * (time.perf_counter() - start))
    return times


def ratio(first: Sequence[float], second: Sequence[float]) -> float:
    """Median of first / second, step by step."""
    return round(statistics.median(a / b for a, b in zip(first, second, strict=True)), 3)


def median(times: Sequence[float]) -> float:
    """Rounded to microseconds."""
    return round(statistics.median(times), 3)


def read_and_take_back(batch: Batch, passes: Sequence[dict[int, list[int]]], length: int) -> None:
    """Read the tokens of each pass, then forget all behind `length`: the next call finds what this one found."""
    for tokens in passes:
        batch.decode(tokens)
    for name in {name for tokens in passes for name in tokens}:
        batch.rewind(name, length)


def measure_kv(paths: dict[KvType, Path], contexts: Sequence[int], steps: int) -> Figures:
    """One token at each context, in float32 and in int8."""
    figures: Figures = []
    runtimes = [OnnxRuntime(paths[kv_type], threads=1) for kv_type in KV_TYPES]
    for context in contexts:
        batches = [runtime.batch(capacity=1, context_length=context + 1) for runtime in runtimes]
        sides = []
        for batch in batches:
            name, _ = batch.prefill(_ids(runtimes[0], context))
            sides.append(partial(read_and_take_back, batch, [{name: [1]}], context))
        wide, narrow = alternated(sides, steps)
        figures.append(
            {"context": context, "f32_ms": median(wide), "int8_ms": median(narrow), "speedup": ratio(wide, narrow)}
        )
        for batch in batches:
            batch.close()
    return figures


def measure_together(path: Path, batches: Sequence[int], drafts: Sequence[int], steps: int) -> Figures:
    """One pass over many tokens against as many passes over one."""
    figures: Figures = []
    with OnnxRuntime(path, threads=1) as runtime:
        for kind, count in [*product(["batch"], batches), *product(["draft"], drafts)]:
            with runtime.batch(capacity=count, context_length=PROMPT_TOKENS + count) as batch:
                first, _ = batch.prefill(_ids(runtime, PROMPT_TOKENS))
                if kind == "batch":
                    names = [first, *batch.fork(first, count - 1)]
                    together, apart = [{name: [1] for name in names}], [{name: [1]} for name in names]
                else:
                    together, apart = [{first: [1] * count}], [{first: [1]}] * count
                sides = [partial(read_and_take_back, batch, passes, PROMPT_TOKENS) for passes in (together, apart)]
                one, many = alternated(sides, steps)
                figures.append({"kind": kind, "tokens": count, "pass_ms": median(one), "speedup": ratio(many, one)})
    return figures


def measure_busy(path: Path, threads: Sequence[int], spins: Sequence[int], steps: int) -> Figures:
    """Decode with every setting, without and with a neighbour that burns a core."""
    chosen = onnx_session.SPIN_MICROSECONDS
    settings, runtimes = [*product(threads, spins)], []
    for count, spin in settings:
        onnx_session.SPIN_MICROSECONDS = spin
        runtimes.append(OnnxRuntime(path, threads=count, context_length=PROMPT_TOKENS + 2 * steps + 4))
    onnx_session.SPIN_MICROSECONDS = chosen
    for runtime in runtimes:
        runtime.prefill(_ids(runtime, PROMPT_TOKENS))
    sides = [partial(runtime.decode, 1) for runtime in runtimes]
    quiet = alternated(sides, steps)
    with burning_core():
        busy = alternated(sides, steps)
    return [
        {"threads": count, "spin_us": spin, "quiet_ms": median(alone), "busy_ms": median(beside)}
        for (count, spin), alone, beside in zip(settings, quiet, busy, strict=True)
    ]


def _ids(runtime: OnnxRuntime, count: int) -> list[int]:
    return np.random.default_rng(0).integers(0, runtime.vocab_size, count).tolist()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def print_table(title: str, figures: Figures) -> None:
    """One line for each figure under the names of its columns."""
    print(f"\n{title}\n" + "  ".join(f"{name:>9}" for name in figures[0]))
    for figure in figures:
        print("  ".join(f"{value!s:>9}" for value in figure.values()))


def main() -> None:
    """Measure, print the tables and one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=None)
    parser.add_argument("--contexts", type=_numbers, default=[60, 180, 560, 1500])
    parser.add_argument("--batches", type=_numbers, default=[2, 4, 8, 16])
    parser.add_argument("--drafts", type=_numbers, default=[2, 4, 8])
    parser.add_argument("--spins", type=_numbers, default=[0, 10, 1000])
    parser.add_argument("--threads", type=_numbers, default=[1, 2])
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    model = options.model or embedded_model_path()
    report: dict[str, object] = {"model": model.name, "machine": platform.machine(), "steps": options.steps}
    with tempfile.TemporaryDirectory() as directory:
        paths = {kv_type: Path(directory) / f"{kv_type}.onnx" for kv_type in KV_TYPES}
        for kv_type in KV_TYPES:
            with open_checkpoint(model) as checkpoint:
                export_onnx(checkpoint, paths[kv_type], kv_type=kv_type)
        report["kv"] = measure_kv(paths, options.contexts, options.steps)
        for kv_type in KV_TYPES:
            report[f"together_{kv_type}"] = measure_together(
                paths[kv_type], options.batches, options.drafts, options.steps
            )
        report["busy"] = measure_busy(paths["int8"], options.threads, options.spins, options.steps)
    for title, figures in report.items():
        if isinstance(figures, list):
            print_table(title, figures)
    text = json.dumps(report)
    if options.json:
        options.json.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"\n{text}\n")


if __name__ == "__main__":
    main()
