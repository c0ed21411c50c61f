"""What a shell command may destroy, so that nobody says yes to it by habit.

A list of what is known to be destructive cannot be whole: a command without a flag is not a safe one. It errs on the
side of a flag too many.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from hrm_edge.commands.run.repl.danger_rules import RULES, Words, has, operands
from hrm_edge.commands.run.repl.shell_syntax import SimpleCommand, UnreadableCommandError, simple_commands

_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "fish"})
_INTERPRETERS = _SHELLS | {"python", "python3", "perl", "ruby", "node"}
_DOWNLOADERS = frozenset({"curl", "wget", "fetch"})
_WRAPPERS: Mapping[str, str] = {
    "sudo": "ugpChrtTUD", "doas": "uC", "env": "uSC", "nohup": "", "time": "fo", "nice": "n", "ionice": "cnp", 
    "xargs": "adEeIiLlnPs",
    "command": "", "exec": "a", "builtin": "", "timeout": "ks", "stdbuf": "ioe", "watch": "nd", "chroot": "",
    "setsid": "",
    "strace": "eop", "busybox": "", "parallel": "jIN", "flock": "wE",
}  # fmt: skip
"""Programs that run another → their options of one letter that take a word."""
_TAKES_WORD_FIRST = frozenset({"timeout", "chroot", "flock"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_FORK_BOMB = re.compile(r"([\w:.]{1,40})\s?\(\s?\)\s?\{[^}]{0,100}?\1\s?\|\s?\1\s?&")
_SQL = re.compile(r"\b(?:drop\s+(?:table|database|schema)|truncate\s+table|delete\s+from)\b", re.IGNORECASE)
_HARMLESS_DEVICES = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/fd/")
_DEEPEST = 8


def dangers(command: str, directory: Path | None = None) -> list[str]:
    """Why a command is destructive, one line each; none where nothing is known against it.

    Args:
        directory: where it would run, to see which files it would overwrite; None: the current one.
    """
    try:
        parts = simple_commands(command)
    except UnreadableCommandError as error:
        return [f"it cannot be read: {error}"]
    found = ["a fork bomb: it starts copies of itself until the machine stops"] if _FORK_BOMB.search(command) else []
    place = directory or Path()
    for part in parts:
        found.extend(_of_command(part, place, 0))
    return list(dict.fromkeys(found))


def _of_command(command: SimpleCommand, place: Path, depth: int) -> Iterator[str]:
    yield from _overwritten(command, place)
    words: Words = command.words
    while words:
        words = _without_assignments(words)
        if not words:
            return
        name, arguments = _base(words[0]), words[1:]
        yield from _of_program(name, arguments, place)
        yield from _of_scripts(command, name, arguments, place, depth)
        words = _wrapped(name, arguments)


def _of_program(name: str, arguments: Words, place: Path) -> Iterator[str]:
    if name.startswith(("mkfs", "mke2fs", "mkswap", "wipefs", "blkdiscard")):
        yield f"{name} wipes a disk"
    if rule := RULES.get(name):
        yield from rule(arguments)
    if name in ("mv", "cp", "install", "ln"):
        yield from _onto_existing(name, arguments, place)
    if name == "tee" and not has(arguments, "a", "append"):
        yield from (f"overwrites {word}" for word in operands(arguments) if _is_filled_file(word, place))


def _of_scripts(command: SimpleCommand, name: str, arguments: Words, place: Path, depth: int) -> Iterator[str]:
    """Scripts in words (sh -c '…', eval, ssh) and from elsewhere (curl | sh)."""
    if name in _INTERPRETERS | {"source", ".", "eval"}:
        sources = [*_upstream(command), *command.inner]
        if any(_program(source) in _DOWNLOADERS for source in sources):
            yield f"runs what it downloads with {name}, unread"
    if depth >= _DEEPEST:
        return
    scripts: list[str] = []
    if name in _SHELLS or name == "su":
        options = [place for place, word in enumerate(arguments) if re.fullmatch(r"-[a-z]*c", word)]
        scripts += [arguments[options[0] + 1]] if options and options[0] + 1 < len(arguments) else []
    elif name == "eval":
        scripts.append(" ".join(arguments))
    elif name == "ssh":
        # which words its options take is not known here: each may be the first of the command
        scripts += [" ".join(arguments[first:]) for first in range(1, min(len(arguments), _DEEPEST))]
    elif name in ("psql", "mysql", "sqlite3", "mariadb") and any(_SQL.search(word) for word in arguments):
        yield "deletes data or tables of a database"
    elif name in ("find", "fd"):
        scripts += [" ".join(map(_quoted, each)) for each in _executed(arguments)]
    for script in scripts:
        try:
            inner = simple_commands(script)
        except UnreadableCommandError:
            continue
        for part in inner:
            yield from _of_command(part, place, depth + 1)


def _executed(arguments: Words) -> Iterator[Words]:
    """What find runs for each file."""
    for place, word in enumerate(arguments):
        if word in ("-exec", "-execdir", "-ok", "-okdir", "-x", "-X"):
            ends = [end for end in range(place + 1, len(arguments)) if arguments[end] in (";", "+")]
            yield arguments[place + 1 : ends[0] if ends else len(arguments)]


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _upstream(command: SimpleCommand) -> Iterator[SimpleCommand]:
    source = command.piped_from
    while source is not None:
        yield source
        yield from source.inner
        source = source.piped_from


def _program(command: SimpleCommand) -> str:
    """The program that a command comes to, past sudo and its like."""
    words = _without_assignments(command.words)
    while words and (inner := _wrapped(_base(words[0]), words[1:])):
        words = _without_assignments(inner)
    return _base(words[0]) if words else ""


def _base(word: str) -> str:
    """The program of a path."""
    return word.rpartition("/")[2]


def _without_assignments(words: Words) -> Words:
    first = next((place for place, word in enumerate(words) if not _ASSIGNMENT.match(word)), len(words))
    return words[first:]


def _wrapped(name: str, arguments: Words) -> Words:
    """What a wrapper runs; nothing for other programs."""
    takes_word = _WRAPPERS.get(name)
    if takes_word is None:
        return ()
    place = 0
    while place < len(arguments) and arguments[place].startswith("-"):
        place += 2 if len(arguments[place]) == 2 and arguments[place][1] in takes_word else 1
    return arguments[place + (name in _TAKES_WORD_FIRST) :]


def _overwritten(command: SimpleCommand, place: Path) -> Iterator[str]:
    for redirection in command.redirections:
        target = redirection.target
        if redirection.operator not in (">", ">|", "&>", ">&") or target.isdigit() or target in ("", "-"):
            continue
        if target.startswith("/dev/"):
            if not target.startswith(_HARMLESS_DEVICES):
                yield f"writes over the device {target}"
        elif "$" in target or "`" in target:
            yield f"overwrites {target}, whatever that is"
        elif _is_filled_file(target, place):
            yield f"overwrites {target}"


def _is_filled_file(name: str, place: Path) -> bool:
    try:
        path = place / Path(name).expanduser()
        return path.is_file() and path.stat().st_size > 0
    except (OSError, RuntimeError, ValueError):  # no home, or no name of a file
        return False


def _onto_existing(name: str, arguments: Words, place: Path) -> Iterator[str]:
    """`mv a b` where b is there."""
    named = operands(arguments)
    if name == "mv" and named and named[-1].startswith("/dev/"):
        yield f"moves files into {named[-1]}, where they are lost"
    if len(named) < 2 or has(arguments, "nib", "no-clobber", "interactive", "backup", "update"):
        return
    if name == "ln" and not has(arguments, "f", "force"):
        return
    *sources, target = named
    try:
        into = (place / Path(target).expanduser()).is_dir()
    except (OSError, RuntimeError, ValueError):
        return
    for source in sources:
        written = str(Path(target, Path(source).name)) if into else target
        if _is_filled_file(written, place):
            yield f"overwrites {written}"
