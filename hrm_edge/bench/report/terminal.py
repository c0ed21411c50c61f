"""The report's tables as a terminal shows them, in rich's frames and colours.

console = Console()
for table in terminal_tables(report):
    console.print(to_rich(table, console.width))
"""

from typing import TYPE_CHECKING

from hrm_edge.bench.report.table import Table
from hrm_edge.bench.report.text import printable

if TYPE_CHECKING:
    import rich.table

_VERDICT_STYLES = {"met": "green", "MISSED": "bold red", "not shown": "yellow"}


def to_rich(table: Table, width: int) -> "rich.table.Table":
    """One table with its title and note, turned on its side where it is wider than the terminal has columns."""
    wide = sum(max(map(len, column)) + 2 for column in zip(table.header, *table.rows, strict=True))
    return _framed(_turned(table) if wide > width and 0 < len(table.rows) < len(table.header) else table)


def _turned(table: Table) -> Table:
    """A column per row: figures run down, names across."""
    header = [table.header[0], *(" ".join(row[: table.names]) for row in table.rows)]
    figures = zip(table.header[table.names :], *(row[table.names :] for row in table.rows), strict=True)
    return Table(title=table.title, header=header, rows=list(figures), note=table.note)


def _framed(table: Table) -> "rich.table.Table":
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(
        title=Text(printable(table.title), style="bold"),
        caption=Text(printable(table.note), style="dim") if table.note else None,
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for place, name in enumerate(table.header):
        figure = place >= table.names
        shown.add_column(Text(printable(name)), justify="right" if figure else "left", overflow="fold")
    for row in table.rows:
        # Text, not str: rich would read [bold] in a name as markup.
        shown.add_row(*(Text(printable(cell), style=_VERDICT_STYLES.get(cell, "")) for cell in row))
    return shown
