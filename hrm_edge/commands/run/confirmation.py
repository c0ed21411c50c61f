"""A question that only a person at a terminal answers."""

import os
import sys
from contextlib import suppress


def can_ask() -> bool:
    """Whether somebody reads the question and can answer it."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str, *, word: str = "y") -> bool:
    """Whether the answer is `word` (or yes, for y). Anything else, Ctrl-D and Ctrl-C are a no.

    What was typed before the question came is dropped: it cannot have been meant for it.
    """
    _drop_typed_ahead()
    shown = "[y/N]" if word == "y" else f"[type {word} in full]"
    print(f"{question} {shown} ", end="", file=sys.stderr, flush=True)
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        answer = ""
    if not answer.endswith("\n"):
        print(file=sys.stderr)
    return answer.strip().lower() in ({"y", "yes"} if word == "y" else {word})


def colours_wanted() -> bool:
    """Whether stdout is a terminal that shows colours and nobody said no (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _drop_typed_ahead() -> None:
    with suppress(ImportError):  # Windows
        import termios

        with suppress(termios.error, ValueError, OSError):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
