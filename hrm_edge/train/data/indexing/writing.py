"""Write a local index: rows in the order given, until they are used up or the file is as large as it may be."""

import sqlite3
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from hrm_edge.files import whole_file
from hrm_edge.local_index import APPLICATION_ID, SCHEMA, VERSION, Entry

_CHECKED_EVERY = 200
"""Requests between two looks at the size."""
_ROOM = 0.75
"""Share of the largest size at which rows end: the words are merged and the file is packed afterwards."""


def write_index(out: Path, entries: Iterable[Entry], *, most_bytes: int | None = None) -> int:
    """Write the index; entries with the same request that follow each other are one request with several answers.

    Args:
        out: the file.
        entries: the most useful first, where `most_bytes` may end them.
        most_bytes: the largest size of the file.

    Returns:
        How many requests it holds.

    Raises:
        ExportError: the directory cannot be written or the disk is full.
    """
    with whole_file(out) as part:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            return _fill(connection, entries, most_bytes)
        finally:
            connection.close()


def _fill(connection: sqlite3.Connection, entries: Iterable[Entry], most_bytes: int | None) -> int:
    run = connection.execute
    run("PRAGMA page_size = 4096")
    run("PRAGMA journal_mode = OFF")
    run("PRAGMA synchronous = OFF")
    run(f"PRAGMA application_id = {APPLICATION_ID}")
    run(f"PRAGMA user_version = {VERSION}")
    for statement in SCHEMA:
        run(statement)
    run("BEGIN")
    count = 0
    for _, group in groupby(entries, key=lambda entry: (entry.group, entry.request)):
        answers = {entry.language: entry for entry in reversed(list(group))}
        first = next(iter(answers.values()))
        count += 1
        run(
            "INSERT INTO requests VALUES (?, ?, ?, ?, ?)",
            (count, first.request, first.group, first.source, first.licence),
        )
        run("INSERT INTO words(rowid, text) VALUES (?, ?)", (count, first.request))
        rows = [(count, language, entry.code) for language, entry in sorted(answers.items())]
        connection.executemany("INSERT INTO answers VALUES (?, ?, ?)", rows)
        if most_bytes is not None and count % _CHECKED_EVERY == 0 and _size(connection) > _ROOM * most_bytes:
            break
    run("COMMIT")
    run("INSERT INTO words(words) VALUES ('optimize')")
    run("VACUUM")
    return count


def _size(connection: sqlite3.Connection) -> int:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return int(pages) * 4096
