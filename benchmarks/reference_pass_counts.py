"""How many of a suite's own reference answers pass, per language, and how many of its untouched stubs.

A reference that fails says that the harness, the toolchain or the reference is not as the suite's authors had it; a
stub that passes says that the tests prove nothing. Names what failed, and why, in one line each.

    python benchmarks/reference_pass_counts.py humanevalfix shared/data/humanevalpack --json counts.json
    python benchmarks/reference_pass_counts.py polyglot path/to/polyglot-benchmark --language rust
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hrm_edge.bench.suites import SUITES, load_suite
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Answer, Problem
from hrm_edge.sandbox.compile_cache import CompileCache
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import Sandbox, open_sandbox
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.sandbox.verdict import Outcome, Verdict


@dataclass(kw_only=True)
class Counts:
    """Of one language."""

    problems: int = 0
    references_passed: int = 0
    unscored: int = 0
    """References that could not be judged here; they count as not passed."""
    stubs_passed: int = 0
    seconds: float = 0.0
    """By the clock, for references and stubs."""
    exceptions: list[str] = field(default_factory=list)
    """References that did not pass and stubs that did, a line each."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("data", type=Path, help="file or directory of the suite's data")
    parser.add_argument("--language", choices=sorted(LANGUAGES), help="only this one")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth problem of a language")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    chosen = _chosen(load_suite(arguments.suite, arguments.data), arguments.language, arguments.every)
    toolchains = find_toolchains(notice=lambda line: print(line, file=sys.stderr))
    counts: dict[str, Counts] = {}
    with open_sandbox(toolchains=toolchains.values()) as sandbox:
        for language, problems in chosen.items():
            counts[language] = count(problems, sandbox, toolchains, arguments.workers)
            print_row(language, counts[language])
    if arguments.json is not None:
        described = {"suite": arguments.suite, "versions": {name: each.version for name, each in toolchains.items()}}
        table = {language: asdict(each) for language, each in counts.items()}
        arguments.json.write_text(json.dumps({**described, "languages": table}, indent=2) + "\n", encoding="utf-8")


def _chosen(problems: Sequence[Problem], language: str | None, every: int) -> dict[str, list[Problem]]:
    """Language → its problems."""
    by_language: dict[str, list[Problem]] = {}
    for problem in problems:
        if language in (None, problem.language):
            by_language.setdefault(problem.language, []).append(problem)
    return {name: each[::every] for name, each in sorted(by_language.items())}


def count(problems: Sequence[Problem], sandbox: Sandbox, toolchains: dict[str, Toolchain], workers: int) -> Counts:
    """Judge the reference and the stub of every problem, each worker with a session of its own."""
    counts, start = Counts(problems=len(problems)), time.perf_counter()
    shares = [problems[worker::workers] for worker in range(workers)]

    def judge_all(share: Sequence[Problem]) -> list[tuple[Problem, Verdict | None, Verdict | None]]:
        with sandbox.session() as session:
            judge = Judge(session, toolchains, CompileCache())
            return [(each, _judged(judge, each, each.reference), _judged(judge, each, each.stub)) for each in share]

    with ThreadPoolExecutor(workers) as pool:
        for problem, reference, stub in (row for rows in pool.map(judge_all, shares) for row in rows):
            _add(counts, problem, reference, stub)
    counts.seconds = time.perf_counter() - start
    return counts


def _judged(judge: Judge, problem: Problem, answer: Answer | None) -> Verdict | None:
    return None if answer is None else judge.judge(problem.check, problem.language, answer)


def _add(counts: Counts, problem: Problem, reference: Verdict | None, stub: Verdict | None) -> None:
    if reference is not None and reference.outcome is Outcome.PASSED:
        counts.references_passed += 1
    elif reference is not None:
        counts.unscored += not reference.scored
        message = " ".join(reference.message.split())
        counts.exceptions.append(f"{problem.id}: reference {reference.outcome}: {message[:160]}")
    if stub is not None and stub.outcome is Outcome.PASSED:
        counts.stubs_passed += 1
        counts.exceptions.append(f"{problem.id}: stub passed")


def print_row(language: str, counts: Counts) -> None:
    """One line of the table, and one per exception."""
    passed = f"{counts.references_passed}/{counts.problems}"
    print(f"{language:12} references {passed:>9}  stubs {counts.stubs_passed:>3}  {counts.seconds:7.1f} s", flush=True)
    for line in sorted(counts.exceptions):
        print(f"    {line}")


if __name__ == "__main__":
    main()
