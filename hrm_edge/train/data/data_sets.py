"""Real data in: shell commands (tldr, nl2bash, cheat sheets) and Python (MBPP train) as requests and fenced answers.

Every example is a request in words, one answer and where it came from. A fixed share is held out by the hash of its
request, so that the same request is never on both sides, whatever the order of the files or the seed.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrm_edge.data_files import read_objects
from hrm_edge.errors import DataError
from hrm_edge.prompt import fenced

HELD_OUT_SHARE = 0.05
LARGEST_LINE_BYTES = 1_000_000
_OPTION_PAIR = re.compile(r"\{\{\[([^|\]]+)\|[^\]]+\]\}\}")
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")
_UNIX_PLATFORMS = frozenset({"common", "linux", "osx"})


@dataclass(frozen=True, kw_only=True)
class Example:
    """One request and its answer."""

    request: str
    """What a person asks, in words."""
    code: str
    """The answer without its fence."""
    language: str
    """`bash` or `python`: the tag of the fence."""
    source: str
    """The data set's name, as in the model card."""
    command: str = ""
    """The program a shell answer is about, where the data set names it: a hint the request may carry."""

    @property
    def response(self) -> str:
        """The answer as the model writes it: one fenced block."""
        return fenced(self.code, self.language)

    @property
    def held_out(self) -> bool:
        """Whether the request belongs to the evaluation share: decided by its words alone."""
        words = " ".join(re.findall(r"[a-z0-9]+", self.request.lower()))
        digest = hashlib.sha256(words.encode()).digest()
        return int.from_bytes(digest[:8], "big") < HELD_OUT_SHARE * 2**64


def read_examples(path: Path) -> list[Example]:
    """All examples of one data file, recognised by its fields; `.jsonl` or `.jsonl.gz`.

    Raises:
        DataError: the file is missing, a line is no JSON object, its fields belong to no data set we know, or one of
            them is missing or of another type in some line.
    """
    rows = list(read_objects(path, largest_line=LARGEST_LINE_BYTES))
    if not rows:
        raise DataError(f"{path} holds no lines: give a data set in JSON lines")
    first = rows[0][1]
    for read_row, fields in _READERS.items():
        if fields.keys() <= first.keys():
            for number, row in rows:
                _check_fields(row, fields, f"{path}:{number}")
            return [example for _, row in rows if (example := read_row(row)) is not None]
    raise DataError(
        f"{path} has the fields {', '.join(sorted(first))}: known data sets are tldr (example_command), "
        "nl2bash (nl, cmd), cheat sheets (description, commands), MBPP (text, code, test_list) and rows of your own "
        "(request, code, language)"
    )


def read_example(row: dict[str, Any], data_set: str, place: str) -> Example | None:
    """One row of `tldr`, `nl2bash`, `cheatsheets`, `mbpp` or `own`; None for one that is left out on purpose.

    Raises:
        DataError: a field of that data set is missing or of another type; with `place`.
    """
    read_row = _BY_NAME[data_set]
    _check_fields(row, _READERS[read_row], place)
    return read_row(row)


def _check_fields(row: dict[str, Any], fields: dict[str, type], place: str) -> None:
    for field, kind in fields.items():
        if not isinstance(row.get(field), kind) or row[field] == []:
            raise DataError(f"{place}: {field!r} is {row.get(field)!r:.80}; every line needs a {kind.__name__} there")


def _tldr(row: dict[str, Any]) -> Example | None:
    if row["platform"] not in _UNIX_PLATFORMS or row["alias_page"]:
        return None
    code = _PLACEHOLDER.sub(r"\1", _OPTION_PAIR.sub(r"\1", row["example_command"]))
    request = re.sub(r"\[(\w)\](?=\w)|\[(\w+)\]", r"\1\2", row["example_description"])  # "[d]elete" marks a mnemonic
    return Example(request=request, code=code, language="bash", source="tldr", command=row["command"])


def _nl2bash(row: dict[str, Any]) -> Example:
    return Example(request=row["nl"].strip(), code=row["cmd"].strip(), language="bash", source="nl2bash")


def _cheatsheet(row: dict[str, Any]) -> Example:
    return Example(
        request=row["description"], code=row["commands"], language="bash", source="cheatsheets", command=row["command"]
    )


def _mbpp(row: dict[str, Any]) -> Example:
    """MBPP asks for a function whose name only the tests give: the first one is part of the request."""
    code = row["code"].replace("\r\n", "\n").replace("\t", "    ").strip()
    code = "\n".join(line.rstrip() for line in code.split("\n"))
    request = f"{row['text'].strip()}\n{row['test_list'][0]}"
    return Example(request=request, code=code, language="python", source="mbpp")


def _own(row: dict[str, Any]) -> Example:
    return Example(request=row["request"], code=row["code"], language=row["language"], source=row.get("source", "own"))


_READERS: dict[Callable[[dict[str, Any]], Example | None], dict[str, type]] = {
    _tldr: {"example_command": str, "example_description": str, "platform": str, "alias_page": bool, "command": str},
    _nl2bash: {"nl": str, "cmd": str},
    _cheatsheet: {"description": str, "commands": str, "command": str},
    _mbpp: {"text": str, "code": str, "test_list": list},
    _own: {"request": str, "code": str, "language": str},
}
"""Reader of a data set → the fields it is recognised by, and their types."""
_BY_NAME = {"tldr": _tldr, "nl2bash": _nl2bash, "cheatsheets": _cheatsheet, "mbpp": _mbpp, "own": _own}
