"""Outputs are written beside their place and renamed: a file or directory is whole or not there.

A name of our own (`.name.<pid>-<random>.part`) means that two processes writing the same output never touch each
other's bytes; the last rename wins. Whatever stops the writer (an error, Ctrl-C, a full disk), the part is removed.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hrm_edge.errors import ExportError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a path to write to; on success it replaces `path`, on any failure it is removed.

    Raises:
        ExportError: the directory cannot be written or the disk is full.
    """
    part = _part_beside(path)
    try:
        with _disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield part
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_directory(path: Path) -> Iterator[Path]:
    """Yield a directory to fill; on success it takes the place of `path`, on any failure it is removed.

    An existing `path` is replaced only if it is empty or one of ours (it holds a config.json or a model file): a
    mistyped `--out` never deletes a home directory.
    """
    part = _part_beside(path)
    try:
        with _disk_errors(path):
            _refuse_foreign_directory(path)
            part.mkdir(parents=True)
            yield part
            if path.exists():
                shutil.rmtree(path)
            part.replace(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _part_beside(path: Path) -> Path:
    return path.parent / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part"


def _refuse_foreign_directory(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise ExportError(f"{path} is a file: the output is a directory; choose another --out")
    names = {entry.name for entry in path.iterdir()}
    if names and not names & {"config.json", "model.gguf", "model.onnx"}:
        raise ExportError(f"{path} holds other files and no model: it will not be replaced; choose another --out")


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ExportError(f"{path}: the disk is full; free some space and run the command again") from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.ENOTDIR, errno.EPERM):
            raise ExportError(f"{path} cannot be written ({error.strerror}): choose another place") from error
        raise
