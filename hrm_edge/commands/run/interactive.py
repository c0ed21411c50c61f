"""The interactive prompt of `hrm-edge run`: a request in, an answer out, until Ctrl-D.

Every request stands alone: the model is trained on single requests, so nothing of the last one is kept. Ctrl-C stops
an answer; at the prompt the second one ends the program.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from hrm_edge.commands.run.answering import Asking
from hrm_edge.commands.run.repl.opening import Opening
from hrm_edge.commands.terminal import print_status
from hrm_edge.errors import HrmEdgeError

__all__ = ["Opening", "converse"]
WELCOME = "Type what you want, as in: count the lines of every python file. /help lists commands, Ctrl-D ends."


def converse(opening: Opening, asking: Asking, files: Sequence[Path], *, yes: bool = False) -> None:
    """Load the model and answer request after request; an error ends its answer, not the conversation.

    Args:
        files: go with every request.
        yes: edits of files are applied without asking.

    Raises:
        KeyboardInterrupt: Ctrl-C at the prompt, twice.
        HrmEdgeError: the model cannot be loaded.
    """
    from hrm_edge.commands.run.repl.completion import CommandCompleter
    from hrm_edge.commands.run.repl.line_editor import LineEditor
    from hrm_edge.commands.run.repl.session import Session
    from hrm_edge.commands.run.repl.slash_commands import COMMANDS, dispatch

    with Session(opening, asking, files, yes=yes) as session:
        offers = {
            name: None if (offer := command.offer) is None else (lambda offer=offer: offer(session))
            for name, command in COMMANDS.items()
        }
        paths = [name for name, command in COMMANDS.items() if command.takes_path]
        editor = LineEditor(CommandCompleter(offers, paths), session.state)
        print_status(WELCOME)
        warned = False
        while not session.over:
            try:
                line = editor.read().strip()
            except EOFError:
                return
            except KeyboardInterrupt:
                if warned:
                    raise
                warned = True
                print_status("Ctrl-C again ends, and so does Ctrl-D")
                continue
            warned = False
            try:
                if line and not dispatch(session, line):
                    session.ask(line)
            except HrmEdgeError as error:
                print(f"hrm-edge: {error}", file=sys.stderr)
            except KeyboardInterrupt:
                print_status("\nstopped")
