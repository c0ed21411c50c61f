"""Write the tables of docs/performance.md from the reports in benchmarks/results.

    python benchmarks/performance_tables.py [--results DIRECTORY] [--page docs/performance.md]

Between `<!-- table NAME of REPORT -->` and `<!-- end of table -->` the page gets the table NAME of the newest file
REPORT_*.json (names end in the date), with machine, date and settings under it; a report that is not there leaves a
line that says so. What is between the two marks is replaced, so that running it again changes nothing.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MARKED = re.compile(r"(<!-- table (?P<table>\w+) of (?P<report>[\w-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)

Report = Mapping[str, Any]
Rows = Iterator[list[str]]
"""The first is the header."""


def decode(report: Report) -> Rows:
    yield ["side", "tokens/s", "times `Llama`", "times transformers", "s per problem", "of bandwidth", "of int8 peak"]
    for name, row in report["decode"]["sides"].items():
        roof = row.get("roofline")
        yield [
            name + (" (compared with)" if name == report["decode"]["better_llama"] else ""),
            spread(row["tokens_per_s"]),
            f"{row['to_llama']:.2f}",
            "" if row["to_transformers"] is None else f"{row['to_transformers']:.1f}",
            spread(row["problem_s"], 2),
            "" if roof is None else f"{roof['share_of_bandwidth']:.0%}",
            "" if roof is None else f"{roof['share_of_int8_peak']:.0%}",
        ]


def prefill(report: Report) -> Rows:
    lengths = list(report["prefill"])
    yield ["side", *(f"{length} tokens, tokens/s" for length in lengths), *(f"{n}: times `Llama`" for n in lengths)]
    for name in report["prefill"][lengths[0]]:
        rows = [report["prefill"][length][name] for length in lengths]
        yield [name, *(spread(row["tokens_per_s"]) for row in rows), *(f"{row['to_llama']:.2f}" for row in rows)]


def kv(report: Report) -> Rows:
    yield ["KV cache", "largest relative logit error", "mean KL, nats", "same top-1", "tokens"]
    for name, row in report["kv"].items():
        yield [name, f"{row['relative_error']:.4f}", f"{row['kl']:.5f}", f"{row['top1']:.1%}", str(row["tokens"])]


def busy(report: Report) -> Rows:
    yield ["side", "quiet, tokens/s", "one core loaded, tokens/s", "kept"]
    for name, row in report["busy"].items():
        yield [name, spread(row["quiet"]), spread(row["busy"]), f"{row['kept']:.0%}"]


def token_cost(report: Report) -> Rows:
    yield ["runtime", "one token, ms", "one more token of an answer", "`token_cost`", "one more answer"]
    for name, figures in report["results"].items():
        row = figures["pass"]
        costs = [row["cost_of_one_more_of_tokens"], row["token_cost"], row["cost_of_one_more_of_answers"]]
        yield [name, f"{row['token_ms']:.2f}", *(f"{cost:.2f}" for cost in costs)]


def lookup(report: Report) -> Rows:
    yield ["runtime", "task", "plain, tokens/s", "lookup, tokens/s", "times plain", "guesses right", "same answers"]
    for name, figures in report["results"].items():
        for key, row in figures.items():
            if key.startswith("lookup"):
                right = "no guess" if row["guesses_right"] is None else f"{row['guesses_right']:.0%}"
                speeds = [f"{row[f'{side}_tokens_per_s']:.0f}" for side in ("plain", "lookup")]
                same = "yes" if row["identical"] else "no"
                yield [name, key.removeprefix("lookup "), *speeds, f"{row['lookup_to_plain']:.2f}", right, same]


def samples(report: Report) -> Rows:
    yield ["runtime", "samples", "in one batch, tokens/s", "one after another, tokens/s", "times", "same answers"]
    for name, figures in report["results"].items():
        row = figures["samples"]
        speeds = [f"{row[f'{side}_tokens_per_s']:.0f}" for side in ("together", "apart")]
        same = f"{row['same_answers']} of {row['samples']}"
        yield [name, str(row["samples"]), *speeds, f"{row['together_to_apart']:.2f}", same]


def cycles(report: Report) -> Rows:
    yield ["runtime", "one cycle agrees", "its pass costs", "best speed-up to expect"]
    for name, figures in report["results"].items():
        row = figures["cycles"]
        yield [name, f"{row['agreement']:.0%}", f"{row['pass_cost']:.2f}", f"{row['speed_up']:.2f}"]


def embedded(report: Report) -> Rows:
    yield ["figure", *report["runtimes"], "target"]
    for name, label, scale, unit, digits in (
        ("problem_s", "problem", 1, "s", 2), ("cold_start_s", "cold start", 1, "s", 2), ("load_s", "load", 1, "s", 3),
        ("ttft_s", "first token", 1, "s", 3), ("decode_tokens_per_s", "decode", 1, "tokens/s", 0),
        ("peak_rss_bytes", "peak RSS", 1e-6, "MB", 0),
    ):  # fmt: skip
        rows = [row[name] for row in report["runtimes"].values()]
        target = f"< {rows[0]['target'] * scale:g} {unit}" if "target" in rows[0] else ""
        yield [f"{label}, {unit}", *(spread(row, digits, scale) for row in rows), target]
    for name, row in report["commands"].items():
        label = "`hrm-edge --help`" if name == "help_s" else f"`python -c '{name}'`"
        yield [f"{label}, s", spread(row, 2), "", f"< {row['target']:g} s" if "target" in row else ""]


def soak(report: Report) -> Rows:
    yield [
        "runtime",
        "generations",
        "tokens",
        "minutes",
        "RSS at first and last reading, MB",
        "growth, MB",
        "files",
        "flat",
    ]
    for name, row in report["runtimes"].items():
        first, last = row["readings"][0], row["readings"][-1]
        yield [
            name, f"{last['generations']:,}", f"{row['tokens']:,}", f"{row['seconds'] / 60:.1f}",
            f"{first['rss_bytes'] / 1e6:.0f}, {last['rss_bytes'] / 1e6:.0f}",
            "" if row["growth_bytes"] is None else f"{row['growth_bytes'] / 1e6:.1f}",
            f"{first['descriptors']}, {last['descriptors']}",
            {True: "yes", False: "no", None: "too short"}[row["flat"]],
        ]  # fmt: skip


def large(report: Report) -> Rows:
    yield ["side", "load warm, cold, s", "short, tokens/s", "of bandwidth", "full context, tokens/s", "of bandwidth",
           "reading the prompt, s", "peak RSS short, full, GB"]  # fmt: skip
    for name, row in report["sides"].items():
        short, full = row["short"], row["full"]
        yield [
            name, f"{row['load']['warm_s']['median']:.2f}, {row['load']['cold_s']['median']:.2f}",
            spread(short["tokens_per_s"], 1), f"{short['share_of_bandwidth']:.0%}",
            spread(full["tokens_per_s"], 1), f"{full['share_of_bandwidth']:.0%}", spread(full["prefill_s"], 0),
            f"{short['peak_rss_bytes'] / 1e9:.2f}, {full['peak_rss_bytes'] / 1e9:.2f}",
        ]  # fmt: skip


def parity(report: Report) -> Rows:
    yield ["side", "against", "largest relative logit error", "mean KL, nats", "same top-1"]
    for name, against in (report["parity"] or {}).items():
        for dtype, row in against.items():
            error, kl_nats, top1 = f"{row['relative_error']:.4f}", f"{row['kl']:.5f}", f"{row['top1']:.0%}"
            yield [name, f"transformers {dtype}", error, kl_nats, top1]


def convert(report: Report) -> Rows:
    yield ["quantize and export", "measured", "target"]
    yield ["seconds", f"{report['seconds']:.1f}", f"< {report['target_seconds']}"]
    yield ["peak RSS, GB", f"{report['peak_rss_bytes'] / 1e9:.2f}", f"< {report['target_peak_rss_bytes'] / 1e9:g}"]


TABLES: dict[str, Callable[[Report], Rows]] = {
    table.__name__: table
    for table in (
        *(decode, prefill, kv, busy, token_cost, lookup, samples, cycles, embedded, soak, large, parity, convert),
    )
}  # fmt: skip


def spread(row: Mapping[str, float], digits: int = 0, scale: float = 1) -> str:
    """Median, and the extremes where there are several values."""
    middle, least, most = (f"{row[name] * scale:,.{digits}f}" for name in ("median", "min", "max"))
    return middle if row["n"] == 1 else f"{middle} ({least} … {most})"


def rendered(name: str, report: Report) -> str:
    """The table, and under it where it is from."""
    header, *rows = TABLES[name](report)
    lines = [f"| {' | '.join(header)} |", f"|{'|'.join(['---', *['---:'] * (len(header) - 1)])}|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    machine, settings = report["machine"], report.get("settings", {})
    rounds = next((settings[key] for key in ("rounds", "repeats", "generations") if key in settings), 1)
    where = [f"{machine['cpu']}, {machine['usable_cores']} cores", *([report["date"]] if "date" in report else [])]
    where += [f"n = {rounds}", *([f"load {report['load_average']:.1f} at the end"] if "load_average" in report else [])]
    return "\n".join([*lines, "", f"{'; '.join(where)}."])


def newest(results: Path, report: str) -> Path | None:
    """The file of that name with the latest date, which the name ends in."""
    return max(results.glob(f"{report}_*.json"), key=lambda path: path.stem.rsplit("_", 1)[-1], default=None)


def filled(page: str, results: Path) -> str:
    """The page with every marked table renewed."""

    def table(match: re.Match[str]) -> str:
        path = newest(results, match["report"])
        text = f"Not measured yet: no `{match['report']}_*.json` in benchmarks/results."
        if path is not None:
            text = rendered(match["table"], json.loads(path.read_text(encoding="utf-8")))
        return f"{match[1]}\n{text}\n\n{match[4]}"

    return MARKED.sub(table, page)


def main() -> None:
    """Rewrite the page in its place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md")
    options = parser.parse_args()
    page = filled(options.page.read_text(encoding="utf-8"), options.results)
    options.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
