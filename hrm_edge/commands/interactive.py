"""The interactive prompt of `hrm-edge run`: a line in, an answer out, until Ctrl-D.

Every request stands alone: the model is trained on single requests, so nothing of the last one is kept.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from hrm_edge.commands.answer_output import show_end, write_code
from hrm_edge.commands.answering import Answerer, Asking
from hrm_edge.commands.request import read_request, tests_among
from hrm_edge.commands.terminal import print_status
from hrm_edge.errors import HrmEdgeError

PROMPT = "hrm-edge> "
HELP = (
    "Type what you want in one line, as in: count the lines of every python file\n"
    "Ctrl-C stops an answer. /help shows this, /exit or Ctrl-D ends. Each request is answered on its own."
)


def converse(answerer: Answerer, asking: Asking, files: Sequence[Path]) -> None:
    """Answer line after line; `files` go with every request. An error ends its answer, not the conversation."""
    _enable_line_editing()
    print_status(HELP)
    while True:
        try:
            line = _read_line().strip()
        except EOFError:
            print(file=sys.stderr)
            return
        if line in ("/exit", "/quit"):
            return
        if line == "/help":
            print_status(HELP)
        elif line.startswith("/") and " " not in line:
            print_status(f"{line} is no command: /help lists them")
        elif line:
            _answer(answerer, line, asking, files)


def _answer(answerer: Answerer, line: str, asking: Asking, files: Sequence[Path]) -> None:
    try:
        outcome = answerer.answer(read_request(line, files), asking, tests=tests_among(files), on_code=write_code)
    except HrmEdgeError as error:
        print(f"hrm-edge: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    else:
        show_end(outcome, max_tokens=asking.settings.drawing.max_tokens)


def _read_line() -> str:
    if sys.stdout.isatty():
        return input(PROMPT)
    print(PROMPT, end="", file=sys.stderr, flush=True)  # stdout holds answers only
    return input()


def _enable_line_editing() -> None:
    with suppress(ImportError):  # Windows: the console edits lines itself
        import readline  # noqa: F401 - importing it gives input() editing and history
