"""The text files of one exercise of a checkout. A checkout is hostile: links, devices and huge files are refused.

Everything is read in one walk, and what the exercise's own configuration names is then looked up among the files found:
a path that someone else wrote never reaches the file system.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from hrm_edge.errors import DataError

LARGEST_FILE_BYTES = 2 * 2**20
"""Catch, in one header, has 650 kB."""
LARGEST_EXERCISE_BYTES = 8 * 2**20
MOST_FILES = 500
SKIPPED = frozenset(
    {".git", ".approaches", ".articles", "gradle", "gradlew", "gradlew.bat", "node_modules", "LICENSE", "target"}
)
"""Folders and files that no test needs."""


def subdirectory(directory: Path, *names: str) -> Path | None:
    """`directory/name/…`; None where it is not there.

    Raises:
        DataError: one of the steps is a link.
    """
    for name in names:
        directory = directory / name
        _refuse_link(directory)
    return directory if directory.is_dir() else None


def read_exercise(directory: Path) -> dict[str, str]:
    """Relative path (with `/`) → text of every file that is UTF-8; newlines of Windows become plain ones.

    Raises:
        DataError: there is a link or something that is neither file nor folder, or more than the bounds above.
    """
    texts: dict[str, str] = {}
    total = 0
    for number, path in enumerate(_files(directory)):
        if number >= MOST_FILES:
            raise DataError(f"{directory} has more than {MOST_FILES} files: an exercise has a dozen")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
        total += len(content)
        if len(content) > LARGEST_FILE_BYTES or total > LARGEST_EXERCISE_BYTES:
            raise DataError(
                f"{path} has more than {LARGEST_FILE_BYTES:,} bytes, or its exercise more than "
                f"{LARGEST_EXERCISE_BYTES:,}: take it out of the checkout"
            )
        try:
            texts[path.relative_to(directory).as_posix()] = content.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue  # a picture or an archive: no test reads one
    return texts


def _files(directory: Path) -> Iterator[Path]:
    """Regular files in a fixed order, whatever the file system's is."""
    _refuse_link(directory)
    with os.scandir(directory) as entries:
        found = sorted((entry for entry in entries if entry.name not in SKIPPED), key=lambda entry: entry.name)
    for entry in found:
        mode = entry.stat(follow_symlinks=False).st_mode
        path = Path(entry.path)
        if stat.S_ISDIR(mode):
            yield from _files(path)
        elif stat.S_ISREG(mode):
            yield path
        else:
            raise DataError(f"{path} is a link or a device: a checkout of exercises has only files and folders")


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise DataError(f"{path} is a link: a checkout of exercises has only files and folders")
