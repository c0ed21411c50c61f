"""The report as Markdown, for a pull request or a model card."""

from collections.abc import Iterator, Sequence

from hrm_edge.bench.report.accuracy_tables import (
    breakdown_tables,
    neighbour_tables,
    notice_lines,
    outcome_tables,
    suite_tables,
)
from hrm_edge.bench.report.comparison_tables import comparison_tables, group_comparison_tables
from hrm_edge.bench.report.contents import BenchReport
from hrm_edge.bench.report.table import Table
from hrm_edge.bench.report.tables import hardware_tables, machine_table, run_table, target_tables
from hrm_edge.bench.report.text import printable

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#"})


def to_markdown(report: BenchReport) -> str:
    """The whole report for `--markdown FILE`."""
    tables = [
        *target_tables(report),
        *suite_tables(report),
        *comparison_tables(report),
        *breakdown_tables(report),
        *group_comparison_tables(report),
        *neighbour_tables(report),
        *outcome_tables(report),
        *hardware_tables(report.hardware),
        run_table(report),
        machine_table(report.machine, report.hardware, report.engines),
    ]
    lines = [f"# hrm-edge bench, {_plain(report.date)}", ""]
    lines += [f"- {_plain(notice)}" for notice in notice_lines(report)]
    for table in tables:
        lines += ["", *_lines(table)]
    return "\n".join([*lines, ""])


def _lines(table: Table) -> Iterator[str]:
    yield f"## {_plain(table.title)}"
    yield ""
    if table.note:
        yield table.note
        yield ""
    figures = len(table.header) - table.names
    yield _row(table.header)
    yield _row(["---"] * table.names + ["---:"] * figures, plain=True)
    for row in table.rows:
        yield _row(row)


def _row(cells: Sequence[str], *, plain: bool = False) -> str:
    return f"| {' | '.join(cells if plain else map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: names come from files of others."""
    return printable(text).translate(_SPECIAL)
