"""How many answers a second are judged: call mode in six languages, each answer compiled afresh.

    python benchmarks/sandbox_throughput.py [--workers 2] [--seconds 6] [--language rust …]

Every answer differs from the one before (a constant in it), and nothing is cached but what is made once per machine
(precompiled headers, Go's packages, Java's class archive), so that a run is the whole way: compile, run, compare. Each
worker has a session of its own. Prints a table with the targets for 2 cores, then one line of JSON.
"""

import argparse
import json
import os
import platform
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count

from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Calls, Signature
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import Sandbox, open_sandbox
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.toolchains import find_toolchain
from hrm_edge.sandbox.verdict import Outcome

TARGETS = {"python": 400, "javascript": 20, "rust": 8, "cpp": 6, "go": 6, "java": 4}
"""Answers per second."""
ANSWERS = {
    "python": "def f(v, m):\n    return sorted(v) + [x * {n} for _, x in sorted(m.items())]\n",
    "javascript": (
        "function f(v, m) {{\n  v.sort((a, b) => a - b);\n"
        "  return v.concat(Object.keys(m).sort().map((k) => m[k] * {n}));\n}}\n"
    ),
    "go": (
        'import "sort"\n\nfunc f(v []int, m map[string]int) []int {{\n\tsort.Ints(v)\n\tkeys := []string{{}}\n'
        "\tfor k := range m {{\n\t\tkeys = append(keys, k)\n\t}}\n\tsort.Strings(keys)\n"
        "\tfor _, k := range keys {{\n\t\tv = append(v, m[k]*{n})\n\t}}\n\treturn v\n}}\n"
    ),
    "rust": (
        "use std::collections::BTreeMap;\n"
        "fn f(mut v: Vec<i64>, m: BTreeMap<String, i64>) -> Vec<i64> {{\n    v.sort();\n"
        "    v.extend(m.values().map(|x| x * {n}));\n    v\n}}\n"
    ),
    "cpp": (
        "vector<long long> f(vector<long long> v, map<string, long long> m) {{\n    sort(v.begin(), v.end());\n"
        "    for (auto &[k, x] : m) v.push_back(x * {n});\n    return v;\n}}\n"
    ),
    "java": (
        "class Solution {{\n    List<Integer> f(List<Integer> v, TreeMap<String, Integer> m) {{\n"
        "        Collections.sort(v);\n"
        "        for (int x : m.values()) v.add(x * {n});\n        return v;\n    }}\n}}\n"
    ),
}


def check(n: int) -> Calls:
    """Eight calls of a function that sorts a list and scales a map's values."""
    calls = [([9 - i, i, 4], {"b": i, "a": 1}) for i in range(8)]
    return Calls(
        function="f",
        arguments=tuple(calls),
        expected=tuple([*sorted(v), m["a"] * n, m["b"] * n] for v, m in calls),
        signature=Signature(parameters=(("v", "list[int]"), ("m", "map[str,int]")), result="list[int]"),
    )


def measure(sandbox: Sandbox, toolchain: Toolchain, workers: int, seconds: float) -> dict[str, float]:
    """Answers per second of all workers together, after one each that is not counted."""
    numbers, judged, cpu, lock = count(1), [0], [0.0], threading.Lock()
    language = toolchain.language
    starting = threading.Barrier(workers + 1)
    stop = threading.Event()

    def work() -> None:
        with sandbox.session() as session:
            judge = Judge(session, {language: toolchain})
            for number in _numbers(numbers):
                verdict = judge.judge(check(number), language, ANSWERS[language].format(n=number))
                if verdict.outcome is not Outcome.PASSED:
                    sys.exit(f"{language}: {verdict.outcome} {verdict.message}")
                if number <= workers:
                    starting.wait()
                elif stop.is_set():
                    return
                else:
                    with lock:
                        judged[0] += 1
                        cpu[0] += verdict.cpu_s

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    starting.wait()
    start = time.perf_counter()
    time.sleep(seconds)
    stop.set()
    elapsed, answers = time.perf_counter() - start, judged[0]
    for thread in threads:
        thread.join()
    return {
        "per_second": round(answers / elapsed, 1),
        "answers": answers,
        "cpu_ms": round(1000 * cpu[0] / max(1, judged[0])),
    }


def _numbers(numbers: "count[int]") -> Iterator[int]:
    while True:
        yield next(numbers)


def main() -> None:
    """Measure every language that is here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--language", nargs="+", choices=list(ANSWERS), default=list(ANSWERS))
    options = parser.parse_args()
    found = {name: find_toolchain(name, notice=lambda line: print(line, file=sys.stderr)) for name in options.language}
    toolchains = {name: toolchain for name, toolchain in found.items() if toolchain is not None}
    results: dict[str, dict[str, object]] = {}
    print(f"{'language':<12}{'answers/s':>10}{'target':>8}{'CPU ms':>8}  toolchain")
    with open_sandbox(toolchains=toolchains.values()) as sandbox:
        for name in options.language:
            if name not in toolchains:
                print(f"{name:<12}{'not on this machine':>18}  {LANGUAGES[name].install}")
                continue
            figures = measure(sandbox, toolchains[name], options.workers, options.seconds)
            results[name] = {**figures, "target": TARGETS[name], "version": toolchains[name].version}
            figured = f"{figures['per_second']:>10}{TARGETS[name]:>8}{figures['cpu_ms']:>8}"
            print(f"{name:<12}{figured}  {toolchains[name].version}")
    machine = {"system": platform.platform(), "cores": os.cpu_count(), "load_average": os.getloadavg()[0]}
    print(json.dumps({"workers": options.workers, "machine": machine, "results": results}))


if __name__ == "__main__":
    main()
