"""Requests of earlier sessions: a file that only its owner reads."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.commands.terminal import print_status
from hrm_edge.files import CACHE_VARIABLE, cache_directory

if TYPE_CHECKING:
    from prompt_toolkit.history import History

NAME = "history"
LARGEST_BYTES = 2**20
"""Of a file that is read; of a larger one the newest half stays."""


def history_path() -> Path:
    """In the user's state directory of this system, or under HRM_EDGE_CACHE where that is set."""
    if os.environ.get(CACHE_VARIABLE):
        return cache_directory() / NAME
    from platformdirs import user_state_path

    return user_state_path("hrm-edge", appauthor=False) / NAME


def open_history(path: Path | None = None) -> "History":
    """The history; only of this session where its file cannot be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = path or history_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        _shorten(path)
    except OSError as error:
        print_status(f"{path} cannot be written ({error.strerror}): this session is not remembered")
        return InMemoryHistory()
    return FileHistory(path)


def _shorten(path: Path) -> None:
    """Entries begin with an empty line and a comment."""
    if path.stat().st_size <= LARGEST_BYTES:
        return
    with path.open("rb+") as file:
        file.seek(-LARGEST_BYTES // 2, os.SEEK_END)
        _, start, newest = file.read().partition(b"\n\n# ")
        file.seek(0)
        file.write(start + newest)
        file.truncate()
