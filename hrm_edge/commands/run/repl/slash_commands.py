"""The commands of the interactive prompt: `/name` and what follows it."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hrm_edge.commands.run.repl import file_commands, model_commands, shell_commands
from hrm_edge.commands.run.repl.session import Session
from hrm_edge.commands.terminal import print_status

KEYS = (
    "Enter sends; Alt-Enter, or Enter after a backslash or inside a ``` fence, begins another line. Tab completes, "
    "Up goes back in time.\nCtrl-C stops an answer and drops a line; twice at an empty prompt, or Ctrl-D, ends. "
    "Each request is answered on its own."
)
_WORD = re.compile(r"/[a-z]+")


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command."""

    takes: str = ""
    """What follows it, for the help."""
    help: str
    run: Callable[[Session, str], None]
    """Raises HrmEdgeError where it cannot be done."""
    offer: Callable[[Session], Iterable[str]] | None = None
    """What Tab offers after it."""
    takes_path: bool = False


def _help(session: Session, argument: str) -> None:
    del session, argument
    rows = [(f"{name} {command.takes}".strip(), command.help) for name, command in COMMANDS.items()]
    width = max(len(usage) for usage, _ in rows)
    print_status("\n".join([*(f"{usage:{width}}  {told}" for usage, told in rows), "", KEYS]))


def _exit(session: Session, argument: str) -> None:
    del argument
    session.over = True


COMMANDS: Mapping[str, Command] = {
    "/help": Command(help="this", run=_help),
    "/language": Command(
        takes="[NAME|any]", help="answer in this language", run=model_commands.language, offer=model_commands.languages
    ),
    "/model": Command(
        takes="[NAME|PATH]",
        help="load another model; embedded is the one that comes with hrm-edge",
        run=model_commands.model,
        offer=model_commands.models,
        takes_path=True,
    ),
    "/runtime": Command(
        takes="[NAME]", help="what computes", run=model_commands.runtime, offer=model_commands.runtimes
    ),
    "/cycles": Command(
        takes="[N|auto|trained]", help="the depth dial", run=model_commands.cycles, offer=model_commands.depths
    ),
    "/samples": Command(
        takes="[N|default]", help="candidates to draw", run=model_commands.samples, offer=model_commands.counts
    ),
    "/file": Command(
        takes="[PATH…]", help="add files to every request; alone, list them", run=file_commands.add, takes_path=True
    ),
    "/run": Command(
        help="explain the last shell command, and run it in your shell after a yes", run=shell_commands.run
    ),
    "/apply": Command(help="show the last edit again, and apply it after a yes", run=file_commands.apply),
    "/save": Command(takes="PATH", help="write the last answer to a file", run=file_commands.save, takes_path=True),
    "/undo": Command(help="put back what the last edit or save changed", run=file_commands.undo),
    "/clear": Command(help="forget the files and the last answer, and clear the screen", run=file_commands.clear),
    "/bench": Command(
        takes="[OPTIONS]", help="measure this model: hrm-edge bench with its options", run=shell_commands.bench
    ),
    "/exit": Command(help="end", run=_exit),
}
_ALSO = {"/quit": "/exit", "/?": "/help"}


def dispatch(session: Session, line: str) -> bool:
    """Do what a line commands; False for a request, which may begin with a path such as /etc/hosts.

    Raises:
        HrmEdgeError: the command cannot be done.
    """
    name, _, argument = line.partition(" ")
    command = COMMANDS.get(_ALSO.get(name, name))
    if command is not None:
        command.run(session, argument.strip())
        return True
    near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.7)
    if _WORD.fullmatch(name) and (near or not argument):
        print_status(f"{name} is no command{f', but {near[0]} is' if near else ''}: /help lists them")
        return True
    return False
