"""A plain answer on the terminal: the code on stdout as it comes, and how it ended on stderr."""

import sys

from hrm_edge.commands.answering import AnswerSettings, Outcome
from hrm_edge.commands.terminal import print_status

_SHOWN_CONTROLS = frozenset("\n\t")


def write_code(text: str) -> None:
    """Code on stdout, at once. On a terminal, control characters are shown and not obeyed: a model file is hostile."""
    sys.stdout.write(harmless(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()


def harmless(text: str) -> str:
    """The text with every control character but line end and tab written as an escape, as in \\x1b."""
    return "".join(
        character if character.isprintable() or character in _SHOWN_CONTROLS else ascii(character)[1:-1]
        for character in text
    )


def show_end(outcome: Outcome, settings: AnswerSettings) -> None:
    """Finish a plain answer: the code, where it was not streamed, its last newline, and the status line."""
    if settings.samples > 1:
        write_code(outcome.answer)
    if not outcome.answer.endswith("\n"):
        write_code("\n")
    parts = ["not verified", f"{outcome.completion_tokens} tokens"]
    if outcome.decode_tokens_per_s is not None:
        parts.append(f"{outcome.decode_tokens_per_s:.0f} tokens/s")
    if outcome.finish_reason == "length":
        parts.append(f"cut at --max-tokens {settings.max_tokens}")
    if outcome.finish_reason == "context":
        parts.append("cut where the context ends")
    print_status(" · ".join(parts))
