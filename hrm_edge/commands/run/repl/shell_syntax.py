"""A shell command taken apart without running it: which programs it starts, with which words, and what it redirects.

Enough of POSIX's grammar (Shell Command Language, 2.2 and 2.10) to say what a command may destroy: quotes, escapes,
comments, lists and pipelines, redirections, and the commands inside $(…), `…`, <(…), and the quoted scripts of `sh -c`.
Words are not expanded: `$FILE` stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

OPERATORS = ("<<<", "&>>", "<<-", "&&", "||", ";;", "|&", ">>", "<<", ">|", ">&", "<&", "&>", "<>", "|", "&", ";", "(",
             ")", "<", ">", "\n")  # fmt: skip
"""Longest first."""
_PIPES = frozenset({"|", "|&"})
_REDIRECTIONS = frozenset({">", ">>", ">|", ">&", "&>", "&>>", "<", "<<", "<<-", "<<<", "<&", "<>"})
_RESERVED = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "for", "{", "}", "!", "time"}
)
_DEEPEST = 8
"""Commands inside commands: beyond, they are not looked at."""


class UnreadableCommandError(ValueError):
    """A command with a quote or bracket that never ends."""


@dataclass(frozen=True, kw_only=True)
class Redirection:
    """`> file`."""

    operator: str
    target: str


@dataclass(kw_only=True)
class SimpleCommand:
    """A program and its words."""

    words: list[str] = field(default_factory=list)
    redirections: list[Redirection] = field(default_factory=list)
    piped_from: "SimpleCommand | None" = None
    """The command whose output it reads."""
    inner: list["SimpleCommand"] = field(default_factory=list)
    """Commands whose output stands in its words: $(…), `…`, <(…)."""


@dataclass(frozen=True)
class _Token:
    text: str
    is_operator: bool = False
    inner: tuple[str, ...] = ()
    """Scripts of the substitutions in a word."""


def simple_commands(script: str, depth: int = 0) -> list[SimpleCommand]:
    """Every simple command, those inside substitutions after the one they stand in.

    Raises:
        UnreadableCommandError: a quote or a substitution never ends.
    """
    if depth > _DEEPEST:
        return []
    found: list[SimpleCommand] = []
    current, previous, operator = SimpleCommand(), None, ""
    tokens = iter(_tokens(script))
    for token in tokens:
        if not token.is_operator:
            current.words.append(token.text)
            _add_inner(current, token, depth)
        elif token.text in _REDIRECTIONS:
            operator = token.text
            target = next(tokens, _Token(""))
            if current.words and current.words[-1].isdigit() and operator[0] in "<>":
                current.words.pop()  # the descriptor; `echo 2 > f` loses a word too, which changes no verdict
            current.redirections.append(Redirection(operator=operator, target=target.text))
            _add_inner(current, target, depth)
        else:
            _end(found, current)
            previous = current if token.text in _PIPES else None
            current = SimpleCommand(piped_from=previous)
    _end(found, current)
    return [each for command in found for each in (command, *command.inner)]


def _add_inner(command: SimpleCommand, token: _Token, depth: int) -> None:
    for script in token.inner:
        command.inner.extend(simple_commands(script, depth + 1))


def _end(found: list[SimpleCommand], command: SimpleCommand) -> None:
    while command.words and command.words[0] in _RESERVED:
        command.words.pop(0)
    if command.words or command.redirections:
        found.append(command)


def _tokens(script: str) -> Sequence[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(script):
        character = script[position]
        if character in " \t\r":
            position += 1
        elif character == "#":
            position = _until(script, position, "\n")
        elif script.startswith(("<(", ">("), position):
            token, position = _word(script, position)
            tokens.append(token)
        elif operator := next((each for each in OPERATORS if script.startswith(each, position)), ""):
            tokens.append(_Token(operator, is_operator=True))
            position += len(operator)
        else:
            token, position = _word(script, position)
            tokens.append(token)
    return tokens


def _word(script: str, position: int) -> tuple[_Token, int]:
    """One word from `position` on, unquoted, and where it ends."""
    text: list[str] = []
    inner: list[str] = []
    while position < len(script):
        character = script[position]
        if character == "\\":
            text.append(script[position + 1 : position + 2].replace("\n", ""))
            position += 2
        elif character == "'":
            end = _closing(script, position + 1, "'")
            text.append(script[position + 1 : end])
            position = end + 1
        elif character == '"':
            quoted, position = _double_quoted(script, position + 1, inner)
            text.append(quoted)
        elif character == "`" or script.startswith(("$(", "<(", ">("), position):
            whole, position = _substitution(script, position, inner)
            text.append(whole)
        elif character in " \t\r\n;&|()<>":
            break
        else:
            text.append(character)
            position += 1
    return _Token("".join(text), inner=tuple(inner)), position


def _double_quoted(script: str, position: int, inner: list[str]) -> tuple[str, int]:
    text: list[str] = []
    while position < len(script):
        character = script[position]
        if character == '"':
            return "".join(text), position + 1
        if character == "\\" and script[position + 1 : position + 2] in ("$", "`", '"', "\\", "\n"):
            text.append(script[position + 1].replace("\n", ""))
            position += 2
        elif character == "`" or script.startswith("$(", position):
            whole, position = _substitution(script, position, inner)
            text.append(whole)
        else:
            text.append(character)
            position += 1
    raise UnreadableCommandError("a double quote is never closed")


def _substitution(script: str, position: int, inner: list[str]) -> tuple[str, int]:
    """The substitution that begins at `position`, as it is written; its script goes to `inner`."""
    if script[position] == "`":
        end = _closing(script, position + 1, "`")
        inner.append(script[position + 1 : end])
        return script[position : end + 1], end + 1
    end = _closing_bracket(script, position + 2)
    inner.append(script[position + 2 : end])
    return script[position : end + 1], end + 1


def _closing_bracket(script: str, position: int) -> int:
    """Where the bracket closes that is open at `position`; brackets in quotes do not count."""
    depth = 1
    while position < len(script):
        character = script[position]
        if character == "\\":
            position += 1
        elif character == "'":
            position = _closing(script, position + 1, "'")
        elif character == '"':
            position = _double_quoted(script, position + 1, [])[1] - 1
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return position
        position += 1
    raise UnreadableCommandError("a bracket is never closed")


def _closing(script: str, position: int, quote: str) -> int:
    end = script.find(quote, position)
    if end < 0:
        raise UnreadableCommandError(f"a {quote} is never closed")
    return end


def _until(script: str, position: int, stop: str) -> int:
    end = script.find(stop, position)
    return len(script) if end < 0 else end
