"""/file, /apply, /save, /undo, /clear: the files of a conversation."""

import shlex
import sys
from pathlib import Path

from hrm_edge.commands.run.confirmation import confirmed
from hrm_edge.commands.run.file_changes import Change, apply_changes, contents_of
from hrm_edge.commands.run.repl.session import Session
from hrm_edge.commands.run.request import read_files
from hrm_edge.commands.terminal import print_status
from hrm_edge.errors import ExportError, PromptError

_CLEAR_SCREEN = "\x1b[H\x1b[2J\x1b[3J"


def add(session: Session, argument: str) -> None:
    paths = [Path(word).expanduser() for word in _words(argument)]
    if Path("-") in paths:
        raise PromptError("/file - would read what you type: give the path of a file")
    files = list(dict.fromkeys([*session.files, *paths]))
    read_files(files)
    session.files = files
    print_status("\n".join(map(str, files)) or "no file: /file PATH adds one")


def apply(session: Session, argument: str) -> None:
    del argument
    session.apply()


def save(session: Session, argument: str) -> None:
    """A file that is there already is replaced after a yes; /undo puts it back."""
    words = _words(argument)
    if len(words) != 1:
        raise PromptError("/save takes one path: quote it where it has spaces")
    if session.last is None or not session.last.answered.answer.strip():
        raise PromptError("there is no answer to save: ask for one")
    path = Path(words[0]).expanduser()
    if path.is_dir():
        raise ExportError(f"{path} is a folder: give the name of a file in it")
    text = session.last.answered.answer
    contents = (text if text.endswith("\n") else f"{text}\n").encode()
    before = contents_of(path)
    if before is not None and not confirmed(f"Replace {path}?"):
        print_status("nothing was saved")
        return
    change = Change(path=path, before=before, after=contents)
    apply_changes([change])
    session.applied.append((change,))
    print_status(f"saved {path}")


def undo(session: Session, argument: str) -> None:
    del argument
    session.undo()


def clear(session: Session, argument: str) -> None:
    """What can be undone stays."""
    del argument
    session.files, session.last, session.changes = [], None, ()
    if sys.stdout.isatty():
        sys.stdout.write(_CLEAR_SCREEN)
        sys.stdout.flush()


def _words(argument: str) -> list[str]:
    """Paths as a shell splits them; whole where there are no quotes to split by."""
    try:
        return shlex.split(argument)
    except ValueError:
        return [argument]
