"""`hrm-edge data verify`, `index` and `find`: what is taught has been run, and what is known can be looked up."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrm_edge.commands.terminal import print_file, print_json, print_status, progress
from hrm_edge.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hrm_edge.train.data.verification.extension import Block
    from hrm_edge.train.data.verification.problems import Failure, Verification

MEGABYTE = 10**6
_SHOWN_FAILURES = 10
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def verify(
    problems: Annotated[
        str,
        typer.Option(
            "--problems", metavar="A:B|lone", help="Problems A to B, B not included; lone: every atom by itself."
        ),
    ],
    language: Annotated[
        list[str] | None, typer.Option("--language", metavar="NAME", help="Only this one; may be given again.")
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="DIR", help="Where digests are kept, instead of those of the package."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes; by default one per core.")
    ] = None,
    json: Json = False,
) -> None:
    """Run every program of some problems of the curriculum in the sandbox, right and wrong ones, in six languages.

    A right program must pass its tests, a wrong one must return just what was foreseen. What passed is kept as
    digests, by which `data build` knows what was run; what they hold already is not run again.

    Example:

      hrm-edge data verify --problems 0:500
    """
    from hrm_edge.machine import usable_cores
    from hrm_edge.train.data.verification.extension import blocks, extend
    from hrm_edge.train.data.verification.ledger import SHIPPED, Ledger

    indices = _problem_numbers(problems)
    languages = _languages(language)
    kept = Ledger(ledger or SHIPPED)
    failures: list[Failure] = []
    programs = 0

    with progress("running", len(blocks(indices, languages))) as step:

        def done(block: "Block", result: "Verification") -> None:
            nonlocal programs
            failures.extend(result.failures)
            programs += result.programs
            step(block.language)

        extend(kept, indices, languages, workers=workers or usable_cores(), done=done)
    known = {name: kept.known(name) for name in languages}
    if json:
        print_json(_verified_json(programs, known, failures))
    else:
        print(f"{programs:,} programs run, {len(failures):,} did not do what they should")
        print(f"problems verified: {', '.join(f'{name} {count:,}' for name, count in known.items())}")
    for failure in failures[:_SHOWN_FAILURES]:
        last = failure.message.strip().splitlines()[-1:] or ["it printed nothing"]
        print_status(f"problem {failure.index}, {failure.language}, {failure.what}: {last[0][:200]}")
    if failures:
        raise typer.Exit(1)


def _languages(asked: list[str] | None) -> list[str]:
    """Those of the curriculum that are asked for, each once; by default all.

    Raises:
        DataError: the curriculum has no such language.
    """
    from hrm_edge.train.data.renderers.registry import RENDERERS

    languages = list(dict.fromkeys(asked or RENDERERS))
    unknown = [name for name in languages if name not in RENDERERS]
    if unknown:
        raise DataError(f"--language {unknown[0]}: the curriculum has {', '.join(RENDERERS)}")
    return languages


def _verified_json(programs: int, known: "Mapping[str, int]", failures: "Sequence[Failure]") -> dict[str, object]:
    told = [
        {"problem": f.index, "language": f.language, "what": f.what, "message": f.message, "text": f.text}
        for f in failures
    ]
    return {"programs": programs, "verified_problems": known, "failures": told}


def index(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The index, one SQLite file.")],
    data_sets: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Data sets: tldr, nl2bash and cheat sheets are taken from here."),
    ] = None,
    problems: Annotated[
        str,
        typer.Option(
            "--problems",
            metavar="A:B|lone",
            help="Problems of the curriculum, those that were run; with commas. lone: every atom by itself.",
        ),
    ] = "0:2000",
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="DIR", help="What `data verify` ran, beside the package's own."),
    ] = None,
    most_mb: Annotated[
        float | None, typer.Option("--most-mb", metavar="MB", min=0.1, help="The largest size of the file.")
    ] = None,
) -> None:
    """Make the local index: requests and their answers, found by BM25, each with its source and licence.

    Without --data it holds our own shell recipes and the curriculum's programs, as the index that comes with hrm-edge.

    Example:

      hrm-edge data index --data data-sets --out index.sqlite
    """
    from itertools import chain

    from hrm_edge.train.data.indexing.content import curriculum_entries, recipe_entries, shell_entries
    from hrm_edge.train.data.indexing.writing import write_index
    from hrm_edge.train.data.renderers.registry import RENDERERS
    from hrm_edge.train.data.sources.rows import RowReport
    from hrm_edge.train.data.verification.ledger import Ledger

    report = RowReport()
    shell = shell_entries([data_sets], report) if data_sets is not None else iter(())
    known = Ledger() if ledger is None else Ledger(ledger).joined(Ledger())
    programs = curriculum_entries(_problem_numbers(problems), known, list(RENDERERS))
    most = round(most_mb * MEGABYTE) if most_mb is not None else None
    count = write_index(out, chain(recipe_entries(report), shell, programs), most_bytes=most)
    for line in report.lines():
        print_status(line)
    print_status(f"{count:,} requests")
    print_file(out)


def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is looked for, in words.")],
    index_file: Annotated[
        Path | None, typer.Option("--index", metavar="FILE", help="An index instead of the one of the package.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="NAME", help="Only answers in this language.")
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", metavar="N", min=1, help="How many.")] = 3,
    json: Json = False,
) -> None:
    """Look a request up in the local index, as a model's prompt would get it.

    Example:

      hrm-edge data find "undo the last commit but keep the changes"
    """
    from hrm_edge.languages import language as known_language
    from hrm_edge.local_index import LocalIndex

    wanted = known_language(language).name if language is not None else None
    with LocalIndex(index_file) as opened:
        found = opened.find(text, language=wanted, count=count)
    if json:
        print_json({"entries": [vars(entry) for entry in found]})
        return
    for entry in found:
        print(f"{entry.request}  [{entry.source}, {entry.licence}]\n{entry.code}\n")
    if not found:
        print_status("nothing like it")


def _problem_numbers(text: str) -> list[int]:
    """The numbers of `A:B`, of `lone`, or of several with commas, in that order, each once."""
    from hrm_edge.train.data.curriculum.lone import lone_problems

    parts = [lone_problems() if part == "lone" else number_range(part, "--problems") for part in text.split(",")]
    return list(dict.fromkeys(number for part in parts for number in part))


def number_range(text: str, option: str) -> range:
    """The numbers of `A:B`.

    Raises:
        DataError: it is something else.
    """
    start, colon, stop = text.partition(":")
    if not (colon and all(part.isascii() and part.isdigit() and len(part) < 10 for part in (start, stop))):
        raise DataError(f"{option} {text}: give two numbers with a colon, as 0:8; the second is not included")
    return range(int(start), int(stop))
