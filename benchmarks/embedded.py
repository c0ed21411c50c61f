"""The embedded model as a person meets it, against the targets: each figure from fresh processes that take turns.

    python benchmarks/embedded.py [MODEL] [--repeats 7] [--threads 2] [--json FILE]

    problem      128 tokens of prompt and 200 of answer, read and written      < 0.6 s
    cold start   `hrm-edge run` from the start of its process to its end, one token answered   < 1 s
    help         `hrm-edge --help`                                             < 0.3 s
    import       `import hrm_edge.cli` and `import hrm_edge`, the interpreter's start included, which is `pass`
    peak RSS     of the process that answers                                   < 300 MB

The measuring is that of `hrm-edge bench`; a table is printed, and --json keeps all of it.
"""

import argparse
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from time import perf_counter
from typing import Any

from measurement import alternated, spread, write_report

from hrm_edge.bench.hardware import prepare
from hrm_edge.bench.latency import Latency, Spread, Subject, Workload, help_s, measure
from hrm_edge.models import embedded_model_path

TARGETS = {"problem_s": 0.6, "cold_start_s": 1.0, "peak_rss_bytes": 300e6, "help_s": 0.3}
IMPORTS = {
    "interpreter alone": "pass",
    "import hrm_edge": "import hrm_edge",
    "import hrm_edge.cli": "import hrm_edge.cli",
}


def python_s(code: str) -> float:
    """Seconds of a fresh interpreter that runs it."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return perf_counter() - start


def as_json(latency: Latency) -> dict[str, Any]:
    """Spreads as JSON, each with whether its target is met."""
    found: dict[str, Any] = {}
    for part in fields(latency):
        value = getattr(latency, part.name)
        if isinstance(value, Spread):
            found[part.name] = judged(part.name, value)
    return found


def judged(name: str, value: Spread) -> dict[str, Any]:
    """A spread with its target and the verdict, where there is one."""
    target = TARGETS.get(name)
    return value.to_json() | ({} if target is None else {"target": target, "met": value.median < target})


def show(label: str, figures: dict[str, Any]) -> None:
    for name, row in figures.items():
        verdict = "" if "met" not in row else f"  target {row['target']:g}: {'met' if row['met'] else 'NOT met'}"
        print(
            f"{label:28} {name:22} {row['median']:12.4g} ({row['min']:.4g} … {row['max']:.4g}, n {row['n']}){verdict}"
        )


def main() -> None:
    """Measure both engines, print the table and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=embedded_model_path())
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, help="what each engine chooses, where it is not said")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    workload = Workload(threads=options.threads)
    subjects = [Subject(model=options.model, runtime=name) for name in ("onnx", "llama-cpp")]
    for subject in subjects:
        prepare(subject, workload)
    runtimes = {s.runtime: as_json(latency) for s, latency in measure(subjects, workload, options.repeats).items()}
    imports = alternated({name: lambda code=code: python_s(code) for name, code in IMPORTS.items()}, options.repeats)
    commands = {"help_s": judged("help_s", help_s(options.repeats))} | {n: spread(v) for n, v in imports.items()}
    for name, figures in {**runtimes, "commands": commands}.items():
        show(name, figures)
    settings = {"model": options.model, "repeats": options.repeats, "threads": options.threads, "seed": None}
    settings |= {"prompt_tokens": workload.prompt_tokens, "answer_tokens": workload.answer_tokens}
    if options.json is not None:
        write_report(options.json, "embedded", settings, {"runtimes": runtimes, "commands": commands})


if __name__ == "__main__":
    main()
