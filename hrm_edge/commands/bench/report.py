"""The part of `hrm-edge bench` that tells: tables on stdout, files where they are asked for, and how it ended."""

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.commands.terminal import print_status, print_table
from hrm_edge.errors import SandboxError

if TYPE_CHECKING:
    from hrm_edge.bench.accuracy import Accuracy
    from hrm_edge.bench.report import BenchReport, HardwareReport, Table
    from hrm_edge.machine import MachineInfo

Settings = Mapping[str, str | int | float | None]


def require_plots(html: Path | None) -> None:
    """Before anything long is run, see that --html could be written.

    Raises:
        RuntimeUnavailableError: matplotlib is not installed.
    """
    if html is not None:
        from hrm_edge.bench.report.svg import require_matplotlib

        require_matplotlib()


def publish(
    machine: "MachineInfo",
    hardware: "HardwareReport | None",
    found: "Sequence[Accuracy]",
    settings: Settings,
    json_file: Path | None,
    markdown_file: Path | None,
    html_file: Path | None,
) -> None:
    """Print the report and write its files.

    Raises:
        ExportError: a file cannot be written.
        SandboxError: the isolation failed on samples; the report is there even so.
    """
    from hrm_edge.bench.report import judged_report, to_html, to_markdown

    report = _report(machine, hardware, found, settings)
    _print(report)
    if json_file is not None:
        _write(json_file, json.dumps(judged_report(report), indent=2, allow_nan=False, ensure_ascii=False) + "\n")
    if markdown_file is not None:
        _write(markdown_file, to_markdown(report))
    if html_file is not None:
        _write(html_file, to_html(report))
    _require_judged(found)


def _report(
    machine: "MachineInfo", hardware: "HardwareReport | None", found: "Sequence[Accuracy]", settings: Settings
) -> "BenchReport":
    from hrm_edge.bench.hardware import engine_notes
    from hrm_edge.bench.report import BenchReport

    return BenchReport(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=shlex.join(["hrm-edge", *sys.argv[1:]]),
        machine=machine,
        engines=engine_notes(machine) if hardware is not None else {},
        settings=settings,
        hardware=hardware,
        suites=[scores for accuracy in found for scores in accuracy.scores],
        losses=[loss for accuracy in found for loss in accuracy.losses],
        lookups=[accuracy.lookup for accuracy in found if accuracy.lookup is not None],
    )


def _print(report: "BenchReport") -> None:
    from hrm_edge.bench.report import terminal_tables
    from hrm_edge.bench.report.accuracy_tables import notice_lines

    for table in terminal_tables(report):
        _print_table(table)
    for line in notice_lines(report):
        print_status(line)


def _print_table(table: "Table") -> None:
    """In rich's frames on a terminal; in a pipe as plain text, as wide as it is."""
    if sys.stdout.isatty():
        from rich.console import Console

        from hrm_edge.bench.report import to_rich

        console = Console()
        console.print(to_rich(table, console.width))
        return
    print(table.title)
    print_table([table.header, *table.rows])
    print(f"{table.note}\n" if table.note else "")


def _require_judged(found: "Sequence[Accuracy]") -> None:
    failed = sum(accuracy.sandbox_errors for accuracy in found)
    if failed:
        raise SandboxError(
            f"the sandbox failed on {failed} samples, which count in no score: judge them again with --resume"
        )


def _write(path: Path, text: str) -> None:
    from hrm_edge.files import whole_file

    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
