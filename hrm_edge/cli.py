"""`hrm-edge`: the commands. A command's stage is imported when it runs, so that `--help` costs no library.

Results go to stdout, everything else to stderr. A known error is one line on stderr and exit code 1, wrong usage is
exit code 2, Ctrl-C is 130, and an unknown error keeps its traceback: it is a bug of ours.
"""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from hrm_edge import __version__
from hrm_edge.commands.bench.command import bench
from hrm_edge.commands.data.command import data
from hrm_edge.commands.export import export
from hrm_edge.commands.halting import halting
from hrm_edge.commands.info import info
from hrm_edge.commands.models.convert import convert
from hrm_edge.commands.models.list_models import list_models
from hrm_edge.commands.models.pull import pull
from hrm_edge.commands.models.remove import remove
from hrm_edge.commands.quantize.command import quantize
from hrm_edge.commands.run.command import run
from hrm_edge.commands.serve import serve
from hrm_edge.commands.train.command import train
from hrm_edge.commands.verify import verify
from hrm_edge.errors import HrmEdgeError

app = typer.Typer(
    name="hrm-edge",
    help="Hierarchical Reasoning Models from a checkpoint to an answer on this machine.\n\n"
    "The pipeline: train → quantize → export → verify → run → bench.\n\n"
    "Example:\n\n  hrm-edge run 'find all files larger than 100 MB'",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich's help costs 0.1 s of import, a third of what the whole page may take
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"hrm-edge {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Those that stand before a command."""


for command in (run, train, halting, quantize, export, verify, bench, info):
    app.command()(command)
app.command()(serve)
app.command()(pull)
app.command()(convert)
app.command("list")(list_models)
app.command()(remove)
app.add_typer(data)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line (`arguments` default to the process's own) and exit."""
    try:
        try:
            app(arguments, prog_name="hrm-edge")
        finally:
            sys.stdout.flush()
    except HrmEdgeError as error:
        print(f"hrm-edge: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of stdout went away (`| head`): nothing more to say, nor to flush when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
