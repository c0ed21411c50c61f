"""A plain answer on the terminal: the code on stdout as it comes, and how it ended on stderr."""

import sys
from typing import TYPE_CHECKING

from hrm_edge.commands.terminal import print_status

if TYPE_CHECKING:
    from hrm_edge.commands.run.answering import Outcome
    from hrm_edge.runtimes.generation import Completion

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


def show_end(outcome: "Outcome", *, max_tokens: int, quiet: bool = False) -> None:
    """Finish a plain answer: the code, where it was not streamed, its last newline, and the status line."""
    answered = outcome.answered
    if not outcome.streamed:
        write_code(answered.answer)
    if not answered.answer.endswith("\n"):
        write_code("\n")
    if not quiet:
        show_status(outcome, max_tokens=max_tokens)


def show_status(outcome: "Outcome", *, max_tokens: int) -> None:
    """Whether the answer was verified, how long it is, and why it is cut."""
    answered = outcome.answered
    completion = answered.chosen.candidate.completion
    parts = [answered.label]
    if completion is None:
        parts.append("from the local index")
    else:
        parts += _size(completion, max_tokens)
    if answered.source is not None:
        parts.append(str(answered.source))
    print_status(harmless(" · ".join(parts)))


def _size(completion: "Completion", max_tokens: int) -> list[str]:
    parts = [f"{len(completion.token_ids)} tokens"]
    if completion.decode_tokens_per_s is not None:
        parts.append(f"{completion.decode_tokens_per_s:.0f} tokens/s")
    if completion.finish_reason == "length":
        parts.append(f"cut at --max-tokens {max_tokens}")
    if completion.finish_reason == "context":
        parts.append("cut where the context ends")
    return parts


def show_nothing(outcome: "Outcome") -> None:
    """No answer passed and only one that did was wanted."""
    print_status(harmless(outcome.answered.label))
