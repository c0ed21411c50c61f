"""Thousands of generations in one process: does memory stay flat, and are files closed?

    python benchmarks/soak.py [MODEL] [--runtime onnx llama-cpp] [--generations 2000] [--json FILE] [--plot FILE]

Each runtime has a process of its own. A generation is one call: an answer in the runtime itself, samples of one prompt
in a batch, an answer with prompt lookup, or answers of different prompts that come and go in one loop; prompt, length,
seed, temperature and number differ from one to the next. One batch stays for all, and every FRESH_BATCH generations
another is made, used and closed. RSS and open descriptors are read every STEP generations.

Flat is: the median RSS of the last quarter is at most ALLOWED_BYTES above that of the second quarter (the first one
warms caches of allocators up), and there are no more descriptors at the end than after the first STEP.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import psutil
from measurement import write_report

from hrm_edge.models import embedded_model_path
from hrm_edge.runtimes.base import RUNTIME_NAMES, HrmRuntime
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.decoding_loop import DecodingLoop
from hrm_edge.runtimes.generation import Sampling, complete
from hrm_edge.runtimes.load import load_runtime
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.parallel import sample_many
from hrm_edge.runtimes.sampling import Sampler

STEP, FRESH_BATCH = 100, 50
ALLOWED_BYTES = 4 * 2**20
CAPACITY, CONTEXT = 4, 256
LONGEST_PROMPT, LONGEST_ANSWER = 160, 48


class Soak:
    """Generations of one runtime, drawn from one seed."""

    def __init__(self, runtime: HrmRuntime, batch: Batch, seed: int) -> None:
        self._runtime, self._batch = runtime, batch
        self._rng = np.random.default_rng(seed)
        self.tokens = 0
        """Of answers so far."""
        self._ways = (self._alone, self._samples, self._looked_up, self._continuous)

    def generate(self, number: int) -> None:
        """One generation, in the way whose turn it is."""
        if number % FRESH_BATCH == FRESH_BATCH - 1:
            with self._runtime.batch(capacity=int(self._rng.integers(1, 9)), context_length=CONTEXT) as batch:
                self._many(batch, lookup=False)
        else:
            self._ways[number % len(self._ways)]()

    def _alone(self) -> None:
        sampling = self._sampling()
        answer = complete(
            self._runtime, self._prompt(), sampler=sampling.sampler, stop_ids=(), max_tokens=sampling.max_tokens
        )
        self.tokens += len(answer.token_ids)

    def _samples(self) -> None:
        self._many(self._batch, lookup=False)

    def _looked_up(self) -> None:
        self._many(self._batch, lookup=True)

    def _many(self, batch: Batch, *, lookup: bool) -> None:
        """More than there are places for, too."""
        samplings = [self._sampling() for _ in range(int(self._rng.integers(1, 2 * CAPACITY)))]
        answers = sample_many(batch, self._prompt(), samplings, lookup=lookup)
        self.tokens += sum(len(answer.token_ids) for answer in answers)

    def _continuous(self) -> None:
        """Different prompts, one of which is given up on the way."""
        with DecodingLoop(self._batch, lookup=True) as loop:
            tickets = [loop.add(self._prompt(), self._sampling()) for _ in range(CAPACITY + 1)]
            for _ in range(3):
                self.tokens += len(loop.step())
            loop.cancel(tickets[0])
            while not loop.done:
                self.tokens += len(loop.step())

    def _prompt(self) -> list[int]:
        """Random, its second half a copy of its first, so that there is something to look up."""
        half = self._rng.integers(0, self._runtime.vocab_size, int(self._rng.integers(1, LONGEST_PROMPT // 2)))
        return [*half.tolist(), *half.tolist()]

    def _sampling(self) -> Sampling:
        temperature = float(self._rng.choice([0.0, 0.8]))
        return Sampling(
            sampler=Sampler(temperature=temperature, seed=int(self._rng.integers(2**31))),
            stop_ids=(),
            max_tokens=int(self._rng.integers(1, LONGEST_ANSWER)),
        )


def soak(model: Path, name: str, generations: int, seed: int) -> dict[str, Any]:
    """All generations of one runtime, in this process."""
    process = psutil.Process()
    readings: list[dict[str, int]] = []
    start = perf_counter()
    with (
        load_runtime(model, RuntimeOptions(runtime=name)) as runtime,
        runtime.batch(capacity=CAPACITY, context_length=CONTEXT) as batch,
    ):
        task = Soak(runtime, batch, seed)
        for number in range(generations):
            task.generate(number)
            if (number + 1) % STEP == 0:
                readings.append(
                    {
                        "generations": number + 1,
                        "rss_bytes": process.memory_info().rss,
                        "descriptors": process.num_fds(),
                        "threads": process.num_threads(),
                    }
                )
                print(f"{name}: {readings[-1]}", file=sys.stderr)
    return {"seconds": perf_counter() - start, "tokens": task.tokens, "readings": readings, **judged(readings)}


def judged(readings: Sequence[dict[str, int]]) -> dict[str, Any]:
    """The growth by the rule above, and whether it is within it; None of fewer than four readings."""
    quarter = len(readings) // 4
    if quarter == 0:
        return {"growth_bytes": None, "flat": None}
    rss = [reading["rss_bytes"] for reading in readings]
    growth = int(median(rss[-quarter:]) - median(rss[quarter : 2 * quarter]))
    same_files = readings[-1]["descriptors"] <= readings[0]["descriptors"]
    return {"growth_bytes": growth, "flat": growth <= ALLOWED_BYTES and same_files}


def plot(found: dict[str, Any], out: Path) -> None:
    """RSS and descriptors against generations."""
    from matplotlib import pyplot

    figure, (above, below) = pyplot.subplots(2, sharex=True, figsize=(6, 4))
    for name, figures in found.items():
        steps = [reading["generations"] for reading in figures["readings"]]
        above.plot(steps, [reading["rss_bytes"] / 1e6 for reading in figures["readings"]], label=name)
        below.plot(steps, [reading["descriptors"] for reading in figures["readings"]], label=name)
    for axis in (above, below):
        axis.margins(y=0.3)  # flat lines do not lie on the frame
        axis.set_ylim(bottom=0)
    above.set(ylabel="RSS, MB")
    below.set(ylabel="open files", xlabel="generations")
    above.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(out)


def main() -> None:
    """Soak each runtime and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=embedded_model_path())
    parser.add_argument("--runtime", nargs="+", choices=RUNTIME_NAMES, default=["onnx", "llama-cpp"])
    parser.add_argument("--generations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    found = {}
    for name in options.runtime:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found[name] = pool.apply(soak, (options.model, name, options.generations, options.seed))
    if options.plot is not None:
        plot(found, options.plot)
    settings = {name: value for name, value in vars(options).items() if name not in ("json", "plot")}
    write_report(options.json, "soak", settings, {"allowed_bytes": ALLOWED_BYTES, "runtimes": found})


if __name__ == "__main__":
    main()
