"""How many requests the local index answers by itself, for how many entries are run, and how long someone waits for it.

    python benchmarks/index_answers.py
    python benchmarks/index_answers.py --index my-index.sqlite --entries 3 8 16 32 --misses

The requests of index_requests.jsonl are put as people put them, with one to three examples each. The entries that the
index has for one are run against its examples one after another, as hrm_edge.assistant.pursuit does before it asks the
model, until one passes. Whether it is what was meant, and did not pass by chance, is said by further examples that the
request does not have: more entries are more chances for both. Each request is read once with the largest number of
entries: what fewer would have cost is the time up to there. Every language's sandbox is opened before. Prints a table,
then one line of JSON.

    python benchmarks/index_answers.py --lacking

leaves the right entries out, as if the index lacked what is asked: whatever is answered then passed by chance.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hrm_edge.assistant.asked_language import asked_language
from hrm_edge.assistant.example_calls import Example
from hrm_edge.assistant.examples import find_examples
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.neighbours import FOUND, look_up
from hrm_edge.assistant.verification import fits, verify
from hrm_edge.local_index import LocalIndex

REQUESTS = Path(__file__).with_name("index_requests.jsonl")
WARM_UP = {
    "python": "def f(a):\n    return a\n",
    "javascript": "function f(a) {\n  return a;\n}\n",
    "go": "func f(a int) int {\n\treturn a\n}\n",
    "rust": "fn f(a: i64) -> i64 {\n    a\n}\n",
    "cpp": "int f(int a) {\n    return a;\n}\n",
    "java": "static int f(int a) {\n    return a;\n}\n",
}
"""Each language's first program opens its sandbox and finds its toolchain, which a request in it waits for once."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request and what became of it."""

    concept: str
    language: str
    request: str
    times_s: tuple[float, ...]
    """From the request to the end of each entry that was run; the first is the look-up alone."""
    answer: str | None
    """What the entry that passed answers; None where none did."""
    right: bool
    """Whether it also does what the further examples say."""
    failures: tuple[str, ...]
    """Of the entries that did not pass: what they answer, and why."""

    def answered(self, entries: int) -> bool:
        """Whether so many entries are enough."""
        return self.answer is not None and len(self.times_s) - 1 <= entries

    def seconds(self, entries: int) -> float:
        """To the answer, or to the end of so many entries."""
        return self.times_s[min(entries, len(self.times_s) - 1)]


def ask(given: dict[str, str], index: LocalIndex, executor: Executor, entries: int, *, lacking: bool) -> Asked:
    """Look a request up and run what is found."""
    start = time.perf_counter()
    request = given["request"]
    examples = find_examples(request, language=given.get("language"))
    language = given.get("language") or asked_language(request, has_examples=bool(examples)) or ""
    found = look_up(index, request, language, count=FOUND, examples=examples).entries
    fitting = (entry for entry in found if fits(entry.code, language, examples))
    unseen = find_examples(given["unseen"])
    if lacking:
        fitting = (entry for entry in fitting if not verify(executor, entry.code, language, unseen).verified)
    times, failures, answer, right = [time.perf_counter() - start], [], None, False
    for entry in islice(fitting, entries):
        verification = verify(executor, entry.code, language, examples)
        times.append(time.perf_counter() - start)
        if verification.verified:
            answer = entry.request
            right = verify(executor, verification.code, language, unseen).verified
            break
        failures.append(f"{entry.request[:90]}  ->  {(verification.failure or verification.unverified)[:90]}")
    return Asked(
        concept=given["concept"], language=language, request=request, times_s=tuple(times), answer=answer, right=right,
        failures=tuple(failures),
    )  # fmt: skip


def warm_up(executor: Executor, languages: Sequence[str]) -> None:
    """Open the sandboxes."""
    example = Example(text="f(1) == 1", function="f", arguments=(1,), named={}, expected=1)
    for language in dict.fromkeys(languages):
        told = verify(executor, WARM_UP[language], language, [example])
        if not told.verified:
            print(f"{language}: {told.failure or told.unverified}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What the local index answers by itself.")
    parser.add_argument("--index", type=Path, help="default: the one that comes with hrm-edge")
    parser.add_argument("--entries", type=int, nargs="+", default=[3, 8, 16, 32], help="that are run at most")
    parser.add_argument("--language", help="only the requests in this one")
    parser.add_argument("--lacking", action="store_true", help="leave the right entries out")
    parser.add_argument("--misses", action="store_true", help="say of each request what was found and why it failed")
    given = parser.parse_args()
    requests = [json.loads(line) for line in REQUESTS.read_text(encoding="utf-8").splitlines()]
    requests = [each for each in requests if given.language in (None, each.get("language", "python"))]
    with Executor() as executor, LocalIndex(given.index) as index:
        warm_up(executor, [each.get("language", "python") for each in requests])
        asked = [ask(each, index, executor, max(given.entries), lacking=given.lacking) for each in requests]
    if given.misses:
        for each in asked:
            told = f"{each.answer or 'MISSED'}{' (right)' * each.right}"
            print(f"{each.concept} ({each.language}): {told}", *each.failures, sep="\n    ")
    rows = []
    print(f"{'entries':>7} {'answered':>9} {'right':>6} {'median s':>9} {'worst s':>8}")
    for entries in given.entries:
        seconds = [each.seconds(entries) for each in asked]
        answered = [each for each in asked if each.answered(entries)]
        right = sum(each.right for each in answered)
        row = {"entries": entries, "answered": len(answered), "right": right}
        row |= {"median_s": statistics.median(seconds), "worst_s": max(seconds)}
        rows.append(row)
        print(
            f"{entries:>7} {len(answered):>4} / {len(asked)} {right:>6} {row['median_s']:>8.2f} {row['worst_s']:>8.2f}"
        )
    print(json.dumps({"requests": len(asked), "machine": platform.machine(), "rows": rows}))


if __name__ == "__main__":
    main()
