"""Rows of data sets that may be broken: what cannot be used is counted, named by file and line, and skipped.

`hrm_edge.data_files` stops at the first bad line, which is right for a benchmark. Training data come from many hands:
one bad row among a million must not end a build, and must not vanish either. Every row that yields nothing is in the
`RowReport`: malformed with its file and line, or left out on purpose with the rule that did it.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from hrm_edge.data_files import LARGEST_LINE_BYTES, LARGEST_UNPACKED_BYTES, parse_object, read_list
from hrm_edge.errors import DataError

MOST_LISTED = 10_000
"""Malformed rows that are kept by file and line; further ones are only counted."""
Item = TypeVar("Item")


class BadRow(DataError):  # noqa: N818 - what is wrong with a row, not a failure of the program
    """What is wrong with one row, without its place."""


@dataclass(frozen=True, kw_only=True)
class MalformedRow:
    """A row that could not be read."""

    file: str
    line: int
    """From 1 up; in a `.json` list the row's place from 1 up; 0 where the whole file is meant."""
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


@dataclass(kw_only=True)
class RowReport:
    """What became of the rows that gave no example. One per process; `add` joins those of several."""

    read: Counter[str] = field(default_factory=Counter)
    """File → rows seen, malformed ones included."""
    malformed: list[MalformedRow] = field(default_factory=list)
    """The first MOST_LISTED."""
    malformed_count: int = 0
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(source or file, rule) → rows left out on purpose: held out, an evaluation exercise, no solution."""

    def skip(self, path: Path, line: int, problem: str) -> None:
        """Count a malformed row."""
        self.malformed_count += 1
        if len(self.malformed) < MOST_LISTED:
            self.malformed.append(MalformedRow(file=str(path), line=line, problem=problem))

    def leave_out(self, source: str, rule: str, count: int = 1) -> None:
        """Count rows that a rule left out."""
        self.left_out[source, rule] += count

    def add(self, other: "RowReport") -> None:
        """Take over another report, as of another process."""
        self.read.update(other.read)
        self.malformed_count += other.malformed_count
        self.malformed.extend(other.malformed[: MOST_LISTED - len(self.malformed)])
        self.left_out.update(other.left_out)

    def lines(self) -> Iterator[str]:
        """The report as text: each malformed row, then each rule with its count."""
        yield from map(str, self.malformed)
        if self.malformed_count > len(self.malformed):
            yield f"… and {self.malformed_count - len(self.malformed):,} more malformed rows"
        for (source, rule), count in sorted(self.left_out.items()):
            yield f"{source}: {count:,} left out, {rule}"


@dataclass(frozen=True)
class Fields:
    """The fields of one row, each read with the type it must have.

    Every method raises BadRow that names the field, what stands there, and what should.
    """

    row: Mapping[str, Any]

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """A field that is text."""
        value = self.row.get(name)
        if not isinstance(value, str) or not (value.strip() or may_be_empty):
            raise self.wrong(name, "text")
        return value

    def texts(self, name: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """A field that is a list of texts."""
        value = self.row.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(name, "a list of texts")
        if not value and not may_be_empty:
            raise self.wrong(name, "a list with a text at least")
        return tuple(value)

    def integer(self, name: str) -> int:
        """A field that is a whole number."""
        value = self.row.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(name, "a whole number")
        return value

    def truth(self, name: str) -> bool:
        """A field that is true or false."""
        value = self.row.get(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def identifier(self, name: str) -> str:
        """A field that is text or a whole number, as text."""
        value = self.row.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise self.wrong(name, "text or a whole number")
        return str(value)

    def day(self, name: str) -> date:
        """A field that starts with a date, `2023-04-01T00:00:00`."""
        try:
            return date.fromisoformat(self.text(name)[:10])
        except ValueError:
            raise self.wrong(name, "a date, 2023-04-01") from None

    def wrong(self, name: str, wanted: str) -> BadRow:
        """The error of a field that is missing or something else."""
        found = f"is {self.row[name]!r:.80}" if name in self.row else "is missing"
        return BadRow(f"{name!r} {found}; {wanted} is needed there")


def find_files(paths: Sequence[Path], patterns: Sequence[str]) -> list[Path]:
    """Files in the order given; a directory stands for those under it that match a pattern, in the patterns' order.

    Raises:
        DataError: a path is not there, or a directory holds no such file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            matches = [match for pattern in patterns for match in sorted(path.glob(pattern)) if match.is_file()]
            if not matches:
                raise DataError(f"{path} holds none of {', '.join(patterns)}: give the directory of the data sets")
            found.extend(matches)
        elif path.is_file():
            found.append(path)
        else:
            raise DataError(f"{path} is not there: give a data set's file, or the directory of the data sets")
    return list(dict.fromkeys(found))


def read_rows(path: Path, report: RowReport) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, object) of every row that is one; the others go to the report.

    A `.json` list counts its rows from 1 up. Where a file breaks off (a damaged .gz), what was read before counts.

    Raises:
        DataError: the file is not there, cannot be opened, or is a `.json` file that is no list.
    """
    rows = _list_rows(path) if path.suffix == ".json" else _line_rows(path, report)
    for line, row in rows:
        report.read[str(path)] += 1
        if isinstance(row, BadRow):
            report.skip(path, line, str(row))
        else:
            yield line, row


def convert_rows(
    path: Path, report: RowReport, convert: Callable[[Fields], Iterable[Item]]
) -> Iterator[tuple[int, Item]]:
    """(line, item) of everything that `convert` makes of each row.

    A row for which it raises DataError (BadRow, mostly) is reported and gives nothing.
    """
    for line, row in read_rows(path, report):
        try:
            items = list(convert(Fields(row)))
        except DataError as problem:
            report.skip(path, line, str(problem))
            continue
        for item in items:
            yield line, item


def _list_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    for number, row in enumerate(read_list(path), 1):
        if not isinstance(row, dict):
            yield number, BadRow(f"{row!r:.80} is no JSON object: every row must be one")
        elif not _is_encodable(row):
            yield number, BadRow("a text holds half of a surrogate pair, which no file takes")
        else:
            yield number, row


def _line_rows(path: Path, report: RowReport) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in _lines(file, path):
                yield number, _row(line)
    except FileNotFoundError:
        raise DataError(f"{path} is not there: give the path of a data set in JSON lines") from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        if number == 0:
            raise DataError(f"{path} cannot be read as JSON lines ({reason}): repair or fetch it again") from error
        report.skip(path, number + 1, f"the file breaks off here ({reason}): fetch it again")


def _lines(file: BinaryIO | gzip.GzipFile, path: Path) -> Iterator[tuple[int, bytes]]:
    """(number, line) of each line that is not empty; of a line past the bound only its start."""
    number = unpacked = 0
    while line := file.readline(LARGEST_LINE_BYTES + 1):
        number += 1
        unpacked += len(line)
        if path.suffix == ".gz" and unpacked > LARGEST_UNPACKED_BYTES:
            raise EOFError(f"more than {LARGEST_UNPACKED_BYTES:,} bytes unpacked")
        if line.strip():
            yield number, line
        while not line.endswith(b"\n") and (line := file.readline(LARGEST_LINE_BYTES)):
            unpacked += len(line)


def _row(line: bytes) -> dict[str, Any] | BadRow:
    if len(line) > LARGEST_LINE_BYTES:
        return BadRow(f"the line has more than {LARGEST_LINE_BYTES:,} bytes: no data set has such a line")
    try:
        row = parse_object(line, "the line")
    except DataError as error:
        return BadRow(str(error))
    if b"\\u" in line and not _is_encodable(row):
        return BadRow("a text holds half of a surrogate pair, which no file takes")
    return row


def _is_encodable(row: dict[str, Any]) -> bool:
    try:
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
