"""Our llama.cpp runtime against llama-cpp-python's own `Llama` class: the same library, the same file.

    python benchmarks/llama_decode.py model.gguf [--prompt-tokens 128] [--answer-tokens 200] [--samples 16] [--rounds 5]

Every round the sides take turns:

    decode     tokens/s of one greedy answer after its first token
    samples    tokens/s of answers drawn at temperature 1 from one prompt, its reading included: all in one batch,
               against as many runs one after another in our runtime and in `Llama` (which keeps an equal prompt's keys
               and values from run to run)

`Llama` is as it comes but for the context and the threads, which are ours, and reads the prompt causally, so the
answers differ. No answer ends before its last token. Ratios are medians over the rounds of the two sides' ratio in
each. Ends with one line of JSON. Both sides wait as our runtime has set libgomp up, since they share a process;
benchmarks/engines.py measures decode with a process for each.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from hrm_edge.info import describe_machine
from hrm_edge.runtimes.generation import Sampling, complete
from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime
from hrm_edge.runtimes.parallel import sample_many
from hrm_edge.runtimes.sampling import Sampler

if TYPE_CHECKING:
    from llama_cpp import Llama

RATIOS = (
    ("decode: ours", "decode: Llama"),
    ("samples: one batch", "samples: our runs"),
    ("samples: one batch", "samples: Llama's runs"),
)
EVERY_TOKEN = {"top_k": 0, "top_p": 1.0, "min_p": 0.0}
"""`Llama`'s choice among all tokens, as ours."""


class Sides:
    """What is measured, each method one turn of one side: tokens/s."""

    def __init__(self, runtime: LlamaCppRuntime, llama: "Llama", options: argparse.Namespace) -> None:
        self._runtime = runtime
        self._llama = llama
        self._samples = options.samples
        self._tokens = options.answer_tokens
        generator = np.random.default_rng(options.seed)
        self._prompt: list[int] = generator.integers(0, runtime.vocab_size, options.prompt_tokens).tolist()

    def all(self) -> dict[str, Callable[[], float]]:
        return {
            "decode: ours": self._decode,
            "decode: Llama": self._llama_decode,
            "samples: one batch": self._batch,
            "samples: our runs": lambda: self._per_second(self._run),
            "samples: Llama's runs": lambda: self._per_second(self._llama_run),
        }

    def _decode(self) -> float:
        completion = complete(self._runtime, self._prompt, sampler=Sampler(), stop_ids=(), max_tokens=self._tokens)
        assert completion.decode_tokens_per_s is not None, "an answer has more tokens than one"
        return completion.decode_tokens_per_s

    def _llama_decode(self) -> float:
        tokens = self._llama.generate(self._prompt, temp=0.0)
        next(tokens)
        start = perf_counter()
        count = sum(1 for _ in islice(tokens, self._tokens - 1))
        return count / (perf_counter() - start)

    def _batch(self) -> float:
        samplings = [self._sampling(seed) for seed in range(self._samples)]
        start = perf_counter()
        length = len(self._prompt) + self._tokens
        with self._runtime.batch(capacity=self._samples, context_length=length) as batch:
            answers = sample_many(batch, self._prompt, samplings)
        return sum(len(answer.token_ids) for answer in answers) / (perf_counter() - start)

    def _run(self, seed: int) -> int:
        sampling = self._sampling(seed)
        return len(
            complete(
                self._runtime,
                self._prompt,
                sampler=sampling.sampler,
                stop_ids=sampling.stop_ids,
                max_tokens=sampling.max_tokens,
            ).token_ids
        )

    def _llama_run(self, seed: int) -> int:
        self._llama.set_seed(seed)
        return sum(1 for _ in islice(self._llama.generate(self._prompt, temp=1.0, **EVERY_TOKEN), self._tokens))

    def _per_second(self, run: Callable[[int], int]) -> float:
        start = perf_counter()
        count = sum(run(seed) for seed in range(self._samples))
        return count / (perf_counter() - start)

    def _sampling(self, seed: int) -> Sampling:
        return Sampling(sampler=Sampler(temperature=1.0, seed=seed), stop_ids=(), max_tokens=self._tokens)


def main() -> None:
    """Measure, print the medians and one line of JSON."""
    options = arguments()
    context = options.prompt_tokens + options.answer_tokens
    with LlamaCppRuntime(options.model, threads=options.threads, context_length=context) as runtime:
        # Only now: whoever loads libgomp first says how long its threads spin, here our runtime for both sides.
        from llama_cpp import Llama

        llama = Llama(
            str(options.model),
            n_ctx=context,
            n_threads=runtime.threads,
            n_threads_batch=runtime.threads,
            verbose=False,
        )
        with closing(llama):
            speeds = measured(Sides(runtime, llama, options).all(), rounds=options.rounds)
        settings = {"threads": runtime.threads, "kv_type": runtime.kv_type, "bits": runtime.bits}
    for name, values in speeds.items():
        print(f"{name:24} {median(values):9.1f} tokens/s   {min(values):9.1f} … {max(values):9.1f}")
    ratios = {f"{one} / {other}": ratio(speeds[one], speeds[other]) for one, other in RATIOS}
    for name, value in ratios.items():
        print(f"{name:48} {value:5.2f}")
    machine = describe_machine()
    report = {
        "model": options.model.name,
        "machine": {"cpu": machine.cpu, "cores": machine.usable_cores, "libraries": machine.libraries},
        "options": {name: value for name, value in vars(options).items() if name != "model"} | settings,
        "tokens_per_s": speeds,
        "ratios": ratios,
    }
    print(json.dumps(report))


def measured(sides: dict[str, Callable[[], float]], *, rounds: int) -> dict[str, list[float]]:
    """Figures of every side, a round at a time; one round before them is for warming up."""
    figures: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, turn in sides.items():
            figure = turn()
            if number:
                figures[name].append(figure)
    return dict(figures)


def ratio(first: Sequence[float], second: Sequence[float]) -> float:
    """Median of the rounds' ratios."""
    return median(one / other for one, other in zip(first, second, strict=True))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--prompt-tokens", type=int, default=128)
    parser.add_argument("--answer-tokens", type=int, default=200)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, help="of both sides (what our runtime chooses)")
    parser.add_argument("--seed", type=int, default=0, help="of the prompt's random tokens")
    return parser.parse_args()


if __name__ == "__main__":
    main()
