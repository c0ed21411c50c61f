"""What a shell command does, from what is known of it: what people ask for where it is the answer, and its parts.

The local index knows commands by what they were asked for; one of the same shape (shell_match.template) is named. The
parts are told from the table of programs, and an option that is not in it is shown as it is: nothing is guessed.
"""

from collections.abc import Iterator

from hrm_edge.commands.run.repl.programs import PROGRAMS
from hrm_edge.commands.run.repl.shell_syntax import Redirection, SimpleCommand, UnreadableCommandError, simple_commands
from hrm_edge.local_index import LocalIndex
from hrm_edge.shell_match import template

_LOOKED_AT = 24
_REDIRECTIONS = {
    ">": "writes what it prints to", ">|": "writes what it prints to", ">>": "adds what it prints to",
    "<": "reads from",
    "&>": "writes all it prints, errors too, to", "&>>": "adds all it prints, errors too, to", "<<<": "reads the text",
}  # fmt: skip


def explain(command: str, request: str, index: LocalIndex | None) -> list[str]:
    """Lines that say what a command does.

    Args:
        request: what it was the answer to; the index finds its like by that.
        index: None: only the parts.

    Raises:
        DataError: the index is damaged.
    """
    lines = []
    if index is not None and (known := _asked_for(command, request, index)):
        lines.append(known)
    try:
        parts = simple_commands(command)
    except UnreadableCommandError as error:
        return [*lines, f"it cannot be read: {error}"]
    for part in parts:
        lines.extend(_part(part))
    return lines


def _asked_for(command: str, request: str, index: LocalIndex) -> str | None:
    """A request of the index whose answer has the same programs and options."""
    shape = template(command)
    for entry in index.find(f"{request} {command}", language="bash", count=_LOOKED_AT):
        if template(entry.code) == shape:
            return f"the same programs and options as for: {entry.request} ({entry.source}, {entry.licence})"
    return None


def _part(command: SimpleCommand) -> Iterator[str]:
    words = list(command.words)
    if words:
        yield f"{'' if command.piped_from is None else '| '}{_program(words)}"
        known = PROGRAMS.get(words[0])
        options = {} if known is None else known.options
        for word in words[1:]:
            for option, meaning in _meanings(word, options):
                yield f"    {option}  {meaning}"
    for redirection in command.redirections:
        yield f"    {_redirected(redirection)}"


def _program(words: list[str]) -> str:
    known = PROGRAMS.get(words[0])
    arguments = [word for word in words[1:] if not word.startswith("-")]
    told = words[0] if known is None else f"{words[0]}: {known.what}"
    return f"{told}; with {' '.join(arguments)}" if arguments else told


def _meanings(word: str, options: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The options of a word: itself, or the letters of a cluster where all are known."""
    if not word.startswith("-") or word in ("-", "--"):
        return
    name = word.partition("=")[0]
    if name in options:
        yield word, options[name]
    elif not word.startswith("--") and all(f"-{letter}" in options for letter in word[1:]):
        for letter in word[1:]:
            yield f"-{letter}", options[f"-{letter}"]
    else:
        yield word, "(see its manual)"


def _redirected(redirection: Redirection) -> str:
    does = _REDIRECTIONS.get(redirection.operator, redirection.operator)
    return f"{does} {redirection.target}"
