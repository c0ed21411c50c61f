"""Ways of decoding side by side: prompt lookup, many samples at once, and what guesses by fewer cycles could bring.

    python benchmarks/decoding.py runs/nano/model.gguf --runtime llama-cpp onnx torch --what pass --rounds 5

For each runtime, the sides of a comparison taking turns in every round (--what pass,lookup,samples,cycles):

    pass cost     what a pass over n tokens takes, in passes over one: n tokens of one answer, one token of n answers;
                  the first one's slope is what `Batch.token_cost` of the runtime should say, which stands beside it
    lookup        decode tokens/s of repairs and of functions asked for in words: one sequence in the runtime itself
                  (alone), in a batch of one (plain), and there with prompt lookup (lookup); `replayed` has the model
                  choose the right answer's tokens, `own` those it holds most probable
    samples       tokens/s of answers to one prompt, drawn in one batch, against as many runs one after another
    cycles        a model that runs its first H cycle only as the draft of itself: how often its most probable token
                  is the whole model's (along the whole model's answers), what its pass takes, and the speed-up to
                  expect with the best draft length: Leviathan et al. 2022, https://arxiv.org/abs/2211.17192,
                  theorem 3.8, with what the check of more tokens costs added

Ratios are medians over the rounds of the two sides' ratio in each. Ends with one line of JSON; --json keeps the same
with the machine and the settings.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from decoding_tasks import FUNCTIONS, REPAIRS
from measurement import ratio, write_report
from numpy.typing import NDArray

from hrm_edge.prompt import render_answer, render_prompt, stop_ids
from hrm_edge.runtimes.base import RUNTIME_NAMES, HrmRuntime
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.decoding_loop import DecodingLoop
from hrm_edge.runtimes.generation import Completion, Recorder, Sampling, complete
from hrm_edge.runtimes.load import load_runtime, load_tokenizer
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.parallel import sample_many
from hrm_edge.runtimes.sampling import Choice, Sampler

PASSES = (1, 2, 4, 8, 16)
"""Tokens per pass that are timed."""
LONGEST_DRAFT = 8
"""Tokens that fewer cycles guess at most."""


class Replay(Sampler):
    """Chooses the tokens of a given answer, at the cost of greedy choice."""

    def __init__(self, answer_ids: Sequence[int]) -> None:
        super().__init__()
        self._answer = iter(answer_ids)

    def choose(self, logits_V: NDArray[np.floating]) -> Choice:
        return Choice(token_id=next(self._answer), log_probability=super().choose(logits_V).log_probability)


class Subject:
    """A loaded model with the tasks in its tokens: (prompt ids, answer ids) by kind."""

    def __init__(self, path: Path, runtime: HrmRuntime, max_tokens: int) -> None:
        self.path, self.runtime, self.max_tokens = path, runtime, max_tokens
        tokenizer, template = load_tokenizer(path)
        self.stop_ids = stop_ids(tokenizer)
        self.tasks = {
            kind: [
                (render_prompt(tokenizer, request, chat_template=template), render_answer(tokenizer, response))
                for request, response in tasks
            ]
            for kind, tasks in (("repair", REPAIRS), ("function", FUNCTIONS))
        }

    def sampling(self, sampler: Sampler, answer_ids: Sequence[int] | None = None) -> Sampling:
        """Of a given answer to its end, or of one that the model ends."""
        if answer_ids is None:
            return Sampling(sampler=sampler, stop_ids=self.stop_ids, max_tokens=self.max_tokens)
        return Sampling(sampler=Replay(answer_ids), stop_ids=(), max_tokens=min(self.max_tokens, len(answer_ids)))


def pass_cost(subject: Subject, rounds: int) -> dict[str, Any]:
    """Medians in passes over one token, and the cost of one more token by least squares."""
    prompt_ids, answer_ids = subject.tasks["repair"][0]
    times: dict[tuple[str, int], list[float]] = defaultdict(list)
    with subject.runtime.batch(capacity=max(PASSES), context_length=len(prompt_ids) + 64) as batch:
        assumed = batch.token_cost
        first, _ = batch.prefill(prompt_ids)
        sequences = [first, *batch.fork(first, max(PASSES) - 1)]
        for turn in range(3 * rounds + 1):
            for count in PASSES:
                passes = {"tokens": {first: answer_ids[:count]}, "answers": {s: [7] for s in sequences[:count]}}
                for name, tokens in passes.items():
                    start = perf_counter()
                    batch.decode(tokens)
                    if turn:
                        times[name, count].append(perf_counter() - start)
                    for sequence in tokens:
                        batch.rewind(sequence, len(prompt_ids))
    one = median(times["tokens", 1])
    figures: dict[str, Any] = {"token_ms": 1000 * one, "token_cost": assumed}
    for name in ("tokens", "answers"):
        figures[name] = {count: median(times[name, count]) / one for count in PASSES}
        more, cost = np.array(PASSES) - 1.0, np.array(list(figures[name].values())) - 1.0
        figures[f"cost_of_one_more_of_{name}"] = float(more @ cost / (more @ more))
    return figures


def lookup_speed(subject: Subject, kind: str, written: str, rounds: int) -> dict[str, Any]:
    """Decode tokens/s alone, plain and with lookup; the share of guesses that were right."""
    speeds: dict[str, list[float]] = defaultdict(list)
    guesses, identical = Guesses(), True
    with subject.runtime.batch(capacity=1) as batch:
        sides: dict[str, Callable[[Sequence[int], Sampling], Completion]] = {
            "alone": lambda prompt_ids, sampling: one_after_another(subject.runtime, prompt_ids, sampling),
            "plain": lambda prompt_ids, sampling: sample_many(batch, prompt_ids, [sampling])[0],
            "lookup": lambda prompt_ids, sampling: guesses.looked_up(batch, prompt_ids, sampling),
        }
        for turn in range(rounds + 1):
            seconds: dict[str, float] = defaultdict(float)
            decoded = 0
            for prompt_ids, answer_ids in subject.tasks[kind]:
                answers = {}
                for name, decode in sides.items():
                    sampling = subject.sampling(Sampler(), answer_ids if written == "replayed" else None)
                    found = decode(prompt_ids, sampling)
                    answers[name] = found.token_ids
                    if found.decode_tokens_per_s is not None:
                        seconds[name] += (len(found.token_ids) - 1) / found.decode_tokens_per_s
                identical &= answers["plain"] == answers["lookup"]
                decoded += len(answers["plain"]) - 1
            if turn:  # the first turn warms up
                for name, spent in seconds.items():
                    speeds[name].append(decoded / spent)
    return {
        **{f"{name}_tokens_per_s": median(values) for name, values in speeds.items()},
        "lookup_to_plain": ratio(speeds["lookup"], speeds["plain"]),
        "lookup_to_alone": ratio(speeds["lookup"], speeds["alone"]),
        "guessed_per_token": guesses.made / guesses.tokens,
        "guesses_right": guesses.right / guesses.made if guesses.made else None,
        "identical": identical,
    }


class Guesses:
    """What prompt lookup did over many answers."""

    def __init__(self) -> None:
        self.made = self.right = self.tokens = 0

    def looked_up(self, batch: Batch, prompt_ids: Sequence[int], sampling: Sampling) -> Completion:
        """An answer written with lookup, timed and counted."""
        recorder = Recorder()
        with DecodingLoop(batch, lookup=True) as loop:
            loop.add(prompt_ids, sampling)
            while not loop.done:
                for event in loop.step():
                    assert event.step is not None, str(event.error)
                    recorder.add(event.step)
        found = recorder.completion()
        self.made, self.right = self.made + loop.guessed, self.right + loop.guessed_right
        self.tokens += len(found.token_ids)
        return found


def one_after_another(runtime: HrmRuntime, prompt_ids: Sequence[int], sampling: Sampling) -> Completion:
    """The answer in the runtime itself, one sequence at a time."""
    return complete(
        runtime,
        prompt_ids,
        sampler=sampling.sampler,
        stop_ids=sampling.stop_ids,
        max_tokens=sampling.max_tokens,
    )


def samples_speed(subject: Subject, count: int, rounds: int) -> dict[str, Any]:
    """Tokens/s, prompts included, of `count` answers of max_tokens at temperature 0.8."""
    prompt_ids, _ = subject.tasks["function"][0]
    speeds: dict[str, list[float]] = defaultdict(list)
    room = min(subject.runtime.context_length, len(prompt_ids) + subject.max_tokens)

    def samplings() -> list[Sampling]:
        samplers = [Sampler(temperature=0.8, seed=seed) for seed in range(count)]
        return [Sampling(sampler=sampler, stop_ids=(), max_tokens=subject.max_tokens) for sampler in samplers]

    with subject.runtime.batch(capacity=count, context_length=room) as batch:
        for turn in range(rounds + 1):
            start = perf_counter()
            together = sample_many(batch, prompt_ids, samplings())
            middle = perf_counter()
            apart = [one_after_another(subject.runtime, prompt_ids, sampling) for sampling in samplings()]
            end = perf_counter()
            if turn:
                speeds["together"].append(sum(len(found.token_ids) for found in together) / (middle - start))
                speeds["apart"].append(sum(len(found.token_ids) for found in apart) / (end - middle))
    return {
        **{f"{name}_tokens_per_s": median(values) for name, values in speeds.items()},
        "together_to_apart": ratio(speeds["together"], speeds["apart"]),
        "rounds": {name: list(values) for name, values in speeds.items()},
        "samples": count,
        "same_answers": sum(one.token_ids == other.token_ids for one, other in zip(together, apart, strict=True)),
    }


def draft_by_cycles(subject: Subject, options: argparse.Namespace, token_cost: float) -> dict[str, Any] | None:
    """The first H cycle as the draft of all; None for a model of one cycle."""
    cycles = subject.runtime.cycles
    if cycles < 2:
        return None
    agreed = seen = 0
    times: dict[str, list[float]] = defaultdict(list)
    with load_runtime(
        subject.path,
        RuntimeOptions(runtime=subject.runtime.name, cycles=1, threads=options.threads, device=options.device),
    ) as first_cycle:
        sides = {"all": subject.runtime, "first": first_cycle}
        for prompt_ids, _ in (task for tasks in subject.tasks.values() for task in tasks):
            answer = one_after_another(subject.runtime, prompt_ids, subject.sampling(Sampler()))
            logits = {name: runtime.prefill(prompt_ids) for name, runtime in sides.items()}
            for token_id in answer.token_ids:
                agreed, seen = agreed + (int(logits["first"].argmax()) == token_id), seen + 1
                for name, runtime in sides.items():
                    start = perf_counter()
                    logits[name] = runtime.decode(token_id)
                    times[name].append(perf_counter() - start)
    share, cost = agreed / seen, ratio(times["first"], times["all"])
    gains = {length: gain(share, length, cost, token_cost) for length in range(1, LONGEST_DRAFT + 1)}
    best = max(gains, key=lambda length: gains[length])
    return {
        "cycles": cycles,
        "agreement": share,
        "pass_cost": cost,
        "best_length": best,
        "speed_up": gains[best],
        "speed_up_if_always_right": gain(1.0, LONGEST_DRAFT, cost, token_cost),
    }


def gain(share: float, length: int, draft_cost: float, token_cost: float) -> float:
    """Tokens per pass over the time of one, when `length` tokens are drafted and each is right with chance `share`."""
    return sum(share**place for place in range(length + 1)) / (1 + length * (draft_cost + token_cost))


def measure(path: Path, name: str, options: argparse.Namespace) -> dict[str, Any]:
    """All comparisons of one runtime, printed as they come."""
    figures: dict[str, Any] = {}
    runtime = load_runtime(path, RuntimeOptions(runtime=name, threads=options.threads, device=options.device))
    with runtime:
        subject = Subject(path, runtime, options.max_tokens)
        if "pass" in options.what:
            figures["pass"] = pass_cost(subject, options.rounds)
            show(name, "pass cost", figures["pass"])
        for kind, written in product(subject.tasks, ("replayed", "own")) if "lookup" in options.what else ():
            key = f"lookup {kind} {written}"
            figures[key] = lookup_speed(subject, kind, written, options.rounds)
            show(name, key, figures[key])
        if "samples" in options.what:
            figures["samples"] = samples_speed(subject, options.samples, options.rounds)
            show(name, "samples", figures["samples"])
        if "cycles" in options.what:
            cost = figures.get("pass") or pass_cost(subject, options.rounds)
            figures["cycles"] = draft_by_cycles(subject, options, cost["cost_of_one_more_of_tokens"])
            show(name, "cycles", figures["cycles"] or {})
    return figures


def show(runtime: str, what: str, figures: dict[str, Any]) -> None:
    print(f"{runtime}, {what}")
    for name, value in figures.items():
        print(f"    {name:<34}{f'{value:.3g}' if isinstance(value, float) else value}")


def main() -> None:
    """Measure every runtime that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--runtime", nargs="+", choices=RUNTIME_NAMES, default=["llama-cpp", "onnx"])
    parser.add_argument("--what", type=lambda text: text.split(","), default=["pass", "lookup", "samples", "cycles"])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--max-tokens", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = {name: measure(options.model, name, options) for name in options.runtime}
    if options.json is not None:
        settings = {name: value for name, value in vars(options).items() if name != "json"}
        write_report(options.json, "decoding", settings, {"results": results})
    print(json.dumps({"model": options.model.name, "results": results}))


if __name__ == "__main__":
    main()
