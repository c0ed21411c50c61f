"""Changes of files on the terminal: the diff on stdout, the question and what became of it on stderr."""

import sys
from collections.abc import Sequence

import typer

from hrm_edge.commands.run.answer_output import write_code
from hrm_edge.commands.run.confirmation import can_ask, colours_wanted, confirmed
from hrm_edge.commands.run.file_changes import Change, apply_changes, unified_diff
from hrm_edge.commands.terminal import print_status

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def show_diff(changes: Sequence[Change]) -> None:
    """The unified diff; in colours on a terminal."""
    for change in changes:
        for line in unified_diff(change).splitlines(keepends=True):
            _show_line(line)


def settle(changes: Sequence[Change], *, yes: bool, quiet: bool = False) -> bool:
    """Show the changes and apply them after a yes; whether they were.

    Without --yes and without a terminal to ask at nothing is changed.

    Raises:
        EditError: a file has changed since it was read.
        ExportError: a file cannot be written.
    """
    show_diff(changes)
    names = ", ".join(str(change.path) for change in changes)
    if not yes and not can_ask():
        if not quiet:
            print_status("nothing was changed: --yes applies it, and so does piping this diff to patch -p1")
        return False
    if not yes and not confirmed(f"Apply this to {names}?"):
        print_status("nothing was changed")
        return False
    apply_changes(changes)
    if not quiet:
        print_status(f"changed {names}")
    return True


def _show_line(line: str) -> None:
    if not colours_wanted():
        write_code(line)
        return
    start = typer.style("", fg=_COLOURS.get(line[0]), bold=line.startswith(("+++", "---")), reset=False)
    end = typer.style("", reset=True) if start else ""
    sys.stdout.write(start)
    write_code(line.removesuffix("\n"))
    sys.stdout.write(f"{end}\n")
