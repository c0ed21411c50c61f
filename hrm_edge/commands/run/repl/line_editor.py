"""The line that is typed at the prompt, by prompt_toolkit: history, several lines, completion, the state at the bottom.

Enter sends what was typed. Alt-Enter begins another line, and so does Enter after a backslash or inside a code fence.
Ctrl-C drops what was typed; on an empty line it is a KeyboardInterrupt. Ctrl-D on an empty line is an EOFError.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.output import create_output

from hrm_edge.commands.run.answer_output import harmless
from hrm_edge.commands.run.repl.history import open_history

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.key_binding import KeyPressEvent

PROMPT = "hrm-edge> "
_CONTINUED = "       .. "
_FENCE = "```"


class LineEditor:
    """Reads one request or command after another."""

    def __init__(self, completer: Completer, toolbar: Callable[[], str]) -> None:
        """`toolbar` gives the text at the bottom, asked at every key."""
        self._session: PromptSession[str] = PromptSession(
            PROMPT,
            multiline=True,
            prompt_continuation=_CONTINUED,
            completer=completer,
            complete_while_typing=False,
            history=open_history(),
            key_bindings=_bindings(),
            bottom_toolbar=lambda: FormattedText([("", harmless(toolbar()))]),
            # stdout holds answers only where it is no terminal
            output=None if sys.stdout.isatty() else create_output(sys.stderr),
        )

    def read(self) -> str:
        """What was typed, without its line continuations.

        Raises:
            EOFError: Ctrl-D.
            KeyboardInterrupt: Ctrl-C on an empty line.
        """
        return self._session.prompt()


def goes_on(text: str) -> bool:
    """Whether Enter begins another line: after a backslash, or inside a fence."""
    fences = sum(line.lstrip().startswith(_FENCE) for line in text.split("\n"))
    return text.endswith("\\") or fences % 2 == 1


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: "KeyPressEvent") -> None:
        _enter(event.current_buffer)

    @bindings.add("escape", "enter")
    def _(event: "KeyPressEvent") -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("c-c")
    @bindings.add("<sigint>")
    def _(event: "KeyPressEvent") -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    return bindings


def _enter(buffer: "Buffer") -> None:
    if buffer.document.is_cursor_at_the_end and goes_on(buffer.text):
        if buffer.text.endswith("\\"):
            buffer.delete_before_cursor()
        buffer.insert_text("\n")
    else:
        buffer.validate_and_handle()
