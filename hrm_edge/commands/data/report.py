"""What `hrm-edge data` shows: a bar while it builds, tables of what is there, examples as Markdown."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrm_edge.bench.report.table import Table
from hrm_edge.bench.report.text import printable
from hrm_edge.commands.terminal import print_status, print_table

if TYPE_CHECKING:
    from hrm_edge.train.data.pipeline.build import BuildResult, BuildState
    from hrm_edge.train.data.pipeline.recipe import Recipe
    from hrm_edge.train.data.pipeline.samples import Sample
    from hrm_edge.train.data.pipeline.stats import Share, Stats

_MOST_SHOWN = 20
"""Overlaps and malformed rows that the terminal shows; --json has all."""


@contextmanager
def build_progress() -> Iterator[Callable[["BuildState"], None]]:
    """A bar on stderr with tokens, their rate and the time left; a line per stage where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield _announce()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[made]}"),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None, made="", rate="")

        def show(state: "BuildState") -> None:
            speed = bar.tasks[0].speed
            bar.update(
                task,
                description=state.doing,
                total=state.expected,
                completed=state.tokens,
                made=f"{state.tokens:,} tokens, {state.shards} of {state.of} shards" if state.tokens else "",
                rate=f"{speed:,.0f}/s" if speed else "",
            )

        yield show


def _announce() -> Callable[["BuildState"], None]:
    said: list[str] = []

    def show(state: "BuildState") -> None:
        if state.doing not in said:
            said.append(state.doing)
            print_status(f"{state.doing} …")

    return show


def to_json(result: "BuildResult", out: Path) -> dict[str, Any]:
    """What `data build --json` prints."""
    return {
        "directory": str(out),
        "complete": result.complete,
        "shards": len(result.manifests),
        "kept": result.kept,
        "rows": sum(manifest.rows for manifest in result.manifests),
        "examples": sum(manifest.examples for manifest in result.manifests),
        "tokens": sum(manifest.tokens for manifest in result.manifests),
        "bytes": sum(manifest.bytes for manifest in result.manifests),
        "ran_dry": sorted({name for manifest in result.manifests for name in manifest.ran_dry}),
    }


def print_built(result: "BuildResult", recipe: "Recipe", out: Path) -> None:
    """One line of what there is now, and on stderr what to know about it."""
    found = to_json(result, out)
    places = found["rows"] * recipe.longest
    padding = 1 - found["tokens"] / places if places else 0.0
    print(
        f"{out}  {found['shards']} shards, {found['rows']:,} rows, {found['examples']:,} examples, "
        f"{found['tokens']:,} tokens, {padding:.1%} padding, {found['bytes'] / 1e6:.1f} MB"
    )
    if result.kept:
        print_status(f"{result.kept} shards were finished before")
    if found["ran_dry"]:
        print_status(f"less than their share was there of: {', '.join(found['ran_dry'])}")
    if not result.complete:
        print_status(f"shards are still missing of the {recipe.shards} of this recipe: build the others into {out} too")


def print_stats(stats: "Stats") -> None:
    """Every table of the mix on stdout."""
    for table in (*_mix_tables(stats), *_histograms(stats), *_dropped_tables(stats)):
        _print_table(table)
    for name in stats.ran_dry:
        print_status(f"{name} had less than its share")


def _print_table(table: Table) -> None:
    """In rich's frames on a terminal; in a pipe as plain text, as wide as it is."""
    if sys.stdout.isatty():
        from rich.console import Console

        from hrm_edge.bench.report.terminal import to_rich

        console = Console()
        console.print(to_rich(table, console.width))
        return
    print(printable(table.title))
    print_table([[printable(cell) for cell in row] for row in (table.header, *table.rows)])
    print(f"{table.note}\n" if table.note else "")


def _mix_tables(stats: "Stats") -> Iterator[Table]:
    executed = "–" if stats.executed_share is None else f"{stats.executed_share:.1%}"
    yield Table(
        title=f"{stats.name}: {stats.shards} of {stats.of_shards} shards",
        header=["", ""],
        rows=[
            ["tokens", f"{stats.tokens:,}"],
            ["of them in answers", f"{stats.answer_tokens:,}"],
            ["examples", f"{stats.examples:,}"],
            ["occurring more than once", f"{stats.repeated:,}"],
            ["with neighbours before the request", f"{stats.with_neighbours:,}"],
            [f"rows of {stats.longest} tokens", f"{stats.rows:,}"],
            ["padding", f"{stats.padding_share:.2%}"],
            ["MB", f"{stats.bytes / 1e6:,.1f}"],
            ["verified by running", executed],
        ],
        note="Verified: the code of the example was run and did what it should; of the examples with code.",
    )
    yield _share_table("Sources", stats.sources, stats.tokens)
    yield _share_table("Tasks", stats.tasks, stats.tokens)
    yield _share_table("Languages", stats.languages, stats.tokens)
    yield _share_table("Licences", stats.licences, stats.tokens)
    yield _matrix(stats)


def _share_table(title: str, mix: "Mapping[str, Share]", total: int) -> Table:
    rows = [
        [
            name,
            f"{share.tokens:,}",
            f"{share.tokens / max(total, 1):.1%}",
            f"{share.examples:,}",
            f"{share.answer_tokens:,}",
            "–" if share.executed_share is None else f"{share.executed_share:.1%}",
        ]
        for name, share in mix.items()
    ]
    header = [title.lower(), "tokens", "share", "examples", "answer tokens", "verified by running"]
    return Table(title=title, header=header, rows=rows)


def _matrix(stats: "Stats") -> Table:
    languages = list(stats.languages)
    rows = [
        [task, *(f"{counts[language]:,}" if language in counts else "–" for language in languages)]
        for task, counts in stats.by_task_and_language.items()
    ]
    return Table(title="Tokens by task and language", header=["task", *languages], rows=rows)


def _histograms(stats: "Stats") -> Iterator[Table]:
    tenth = 1 / len(stats.difficulty)
    bins = [
        (f"{place * tenth:.1f} to {(place + 1) * tenth:.1f}", count) for place, count in enumerate(stats.difficulty)
    ]
    yield _histogram("Difficulty", "difficulty", [*bins, ("unknown", stats.difficulty_unknown)])
    yield _histogram("Length", "tokens", list(stats.lengths.items()))
    if len(stats.difficulty_by_step) > 1:
        rows = [
            [str(step), "–" if mean is None else f"{mean:.3f}"] for step, mean in enumerate(stats.difficulty_by_step)
        ]
        yield Table(title="Order", header=["step", "mean difficulty"], rows=rows)


def _histogram(title: str, name: str, counts: Sequence[tuple[str, int]]) -> Table:
    most = max((count for _, count in counts), default=0) or 1
    rows = [[label, "█" * round(30 * count / most), f"{count:,}"] for label, count in counts]
    return Table(title=title, header=[name, "", "examples"], rows=rows, names=2)


def _dropped_tables(stats: "Stats") -> Iterator[Table]:
    rows = [[rule, name, f"{count:,}"] for rule, counts in stats.dropped.items() for name, count in counts.items()]
    rows += [["not drawn: beyond the shares", name, f"{count:,}"] for name, count in stats.not_drawn.items()]
    if rows:
        yield Table(title="Dropped", header=["rule", "source", "examples"], rows=rows, names=2)
    if stats.overlaps:
        yield Table(
            title="Overlaps with evaluation sets",
            header=["source", "example", "problem", "the words they share"],
            rows=[
                [overlap["source"], overlap["group"], overlap["problem"], overlap["excerpt"]]
                for overlap in stats.overlaps[:_MOST_SHOWN]
            ],
            names=4,
            note=_first_of(stats.overlaps),
        )
    if stats.malformed:
        rows = [[line] for line in stats.malformed[:_MOST_SHOWN]]
        yield Table(title="Rows that gave nothing", header=["why"], rows=rows, note=_first_of(stats.malformed))


def _first_of(found: Sequence[object]) -> str:
    return "" if len(found) <= _MOST_SHOWN else f"The first {_MOST_SHOWN} of {len(found):,}; --json has more."


def print_samples(samples: "Sequence[Sample]") -> None:
    """Examples as Markdown: what is known about each, then the request and the response as they are."""
    for number, sample in enumerate(samples, 1):
        difficulty = "" if sample.difficulty is None else f", difficulty {sample.difficulty:.2f}"
        executed = {True: ", run", False: ", not run", None: ""}[sample.executed]
        print(f"### {number}. {sample.task}, {sample.language}\n")
        print(f"{sample.source} ({sample.licence}){difficulty}{executed}, {sample.tokens} tokens\n")
        for part, raw in (("Request", sample.request), ("Response", sample.response)):
            text = "\n".join(printable(line.expandtabs(4)) for line in raw.split("\n"))
            fence = _fence(text)
            print(f"{part}:\n\n{fence}text\n{text}\n{fence}\n")


def _fence(text: str) -> str:
    """A fence longer than any in the text."""
    fence = "```"
    while fence in text:
        fence += "`"
    return fence
