"""The report as one HTML file that needs nothing else: no script, no font, no image, no address.

Every text from outside (model names, suites, what engines say of themselves) is escaped in one place, `_text`.
"""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from hrm_edge.bench.report.accuracy_tables import (
    breakdown_tables,
    neighbour_tables,
    notice_lines,
    outcome_tables,
    score_text,
    suite_tables,
)
from hrm_edge.bench.report.comparison_tables import comparison_tables, group_comparison_tables
from hrm_edge.bench.report.contents import BenchReport
from hrm_edge.bench.report.plots import Plot, accuracy_plots, hardware_plots
from hrm_edge.bench.report.svg import require_matplotlib
from hrm_edge.bench.report.table import Table
from hrm_edge.bench.report.tables import hardware_tables, machine_table, run_table, target_tables
from hrm_edge.bench.report.targets import MB, Verdict, verdicts
from hrm_edge.bench.report.text import printable

_VERDICT_CLASSES = {"met": "met", "MISSED": "missed"}


def to_html(report: BenchReport) -> str:
    """The whole report for `--html FILE`.

    Raises:
        RuntimeUnavailableError: matplotlib is not installed.
    """
    require_matplotlib()
    parts = [*_head(report), *_summary(report)]
    parts += _section("Targets", [], target_tables(report))
    accuracy = [*suite_tables(report), *comparison_tables(report), *breakdown_tables(report)]
    accuracy += [*group_comparison_tables(report), *neighbour_tables(report), *outcome_tables(report)]
    parts += _section("Accuracy", accuracy_plots(report), accuracy, notice_lines(report))
    parts += _section("Speed and memory", hardware_plots(report.hardware), hardware_tables(report.hardware))
    machine = machine_table(report.machine, report.hardware, report.engines)
    parts += _section("How this was measured", [], [run_table(report), machine])
    return "\n".join([*parts, "</main>", "</body>", "</html>", ""])


def _head(report: BenchReport) -> Iterator[str]:
    style = (files("hrm_edge.bench.report") / "report.css").read_text(encoding="utf-8")
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>hrm-edge bench, {_text(report.date)}</title>"
    yield f"<style>\n{style}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    yield "<header>"
    yield "<h1>hrm-edge bench</h1>"
    yield f"<p>{_text(report.machine.cpu)}, {report.machine.usable_cores} usable cores · {_text(report.date)}</p>"
    yield f"<p><code>{_text(report.command)}</code></p>"
    yield "</header>"


def _summary(report: BenchReport) -> Iterator[str]:
    """The figures that a reader came for."""
    tiles = list(_tiles(report))
    if tiles:
        yield '<dl class="tiles">'
        for name, value, where in tiles:
            yield f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd><dd class=where>{_text(where)}</dd></div>"
        yield "</dl>"


def _tiles(report: BenchReport) -> Iterator[tuple[str, str, str]]:
    """(name, value, whose) of the targets met and of the best subject and model of the run."""
    found = verdicts(report)
    if found:
        yield "Targets met", _met(found), "each is listed below"
    if report.hardware is not None and report.hardware.subjects:
        subjects = report.hardware.subjects
        fastest = min(subjects, key=lambda row: row.latency.problem_s.median)
        smallest = min(subjects, key=lambda row: row.latency.peak_rss_bytes.median)
        yield "Time per problem", f"{fastest.latency.problem_s.median:.2f} s", fastest.subject.label
        yield "Decoding", f"{fastest.latency.decode_tokens_per_s.median:,.0f} tokens/s", fastest.subject.label
        yield "Peak memory", f"{smallest.latency.peak_rss_bytes.median / MB:,.0f} MB", smallest.subject.label
    for scores in report.suites:
        if 1 in scores.overall:
            yield f"{scores.suite} pass@1", score_text(scores.overall[1]), scores.answerer


def _met(verdicts: Sequence[Verdict]) -> str:
    return f"{sum(verdict.met is True for verdict in verdicts)} of {len(verdicts)}"


def _section(title: str, plots: Sequence[Plot], tables: Sequence[Table], notices: Sequence[str] = ()) -> Iterator[str]:
    """Nothing at all where there is nothing to show."""
    if not (plots or tables or notices):
        return
    yield "<section>"
    yield f"<h2>{_text(title)}</h2>"
    for plot in plots:
        yield f'<figure class="plot"><figcaption>{_text(plot.title)}</figcaption>{plot.svg}</figure>'
    if notices:
        yield f'<ul class="notices">{"".join(f"<li>{_text(notice)}</li>" for notice in notices)}</ul>'
    for table in tables:
        yield from _table(table, repeats_title=table.title == title)
    yield "</section>"


def _table(table: Table, *, repeats_title: bool) -> Iterator[str]:
    if not repeats_title:
        yield f"<h3>{_text(table.title)}</h3>"
    if table.note:
        yield f"<p class=note>{_text(table.note)}</p>"
    yield '<div class="scroll"><table>'
    yield f"<thead><tr>{_cells('th scope=col', table.header, table.names)}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        verdict = _VERDICT_CLASSES.get(row[0])
        opening = "<tr>" if verdict is None else f'<tr class="{verdict}">'
        yield f"{opening}{_cells('td', row, table.names)}</tr>"
    yield "</tbody></table></div>"


def _cells(tag: str, row: Sequence[str], names: int) -> str:
    name = tag.partition(" ")[0]
    cells = []
    for place, cell in enumerate(row):
        opening = f"<{tag}>" if place < names else f'<{tag} class="figure">'
        cells.append(f"{opening}{_text(cell)}</{name}>")
    return "".join(cells)


def _text(text: str) -> str:
    """Text as HTML shows it and never reads it."""
    return escape(printable(text))
