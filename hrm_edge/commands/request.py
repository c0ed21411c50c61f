"""The text of a request: what was typed or piped in, and the files that go with it."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.errors import PromptError

if TYPE_CHECKING:
    from hrm_edge.assistant.given_tests import GivenTests

LIMIT_BYTES = 2**20
"""Of a file or of standard input. The context of the presets holds a few kilobytes: more is a mistyped path."""


def read_request(prompt: str | None, files: Sequence[Path]) -> str:
    """PROMPT, or else standard input, followed by each file as a fenced block under its name.

    Raises:
        PromptError: nothing was asked, or a file or standard input is missing, too large or no UTF-8 text.
    """
    request = _read_stdin() if prompt is None else prompt
    if not request.strip():
        raise PromptError("the request is empty: say what you want, as in hrm-edge run 'count the lines of *.py'")
    return "\n\n".join([request.strip(), *(_file_block(path) for path in files)])


def tests_among(files: Sequence[Path]) -> "GivenTests | None":
    """The test file among the files of a request, if there is one that can be run.

    Raises:
        PromptError: as read_request.
    """
    from hrm_edge.assistant.given_tests import given_tests

    return given_tests({path.name: _read_file(path) for path in files}) if files else None


def _read_stdin() -> str:
    return _text(sys.stdin.buffer.read(LIMIT_BYTES + 1), "standard input")


def _read_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _text(file.read(LIMIT_BYTES + 1), f"--file {path}")
    except OSError as error:
        raise PromptError(f"--file {path} cannot be read ({error.strerror or error}): check the path") from error


def _file_block(path: Path) -> str:
    contents = _read_file(path)
    # A fence longer than any in the file, so that the file cannot close it.
    longest = max((len(run) for run in re.findall(r"`{3,}", contents)), default=2)
    fence = "`" * (longest + 1)
    newline = "" if contents.endswith("\n") else "\n"
    return f"{path.name}:\n{fence}\n{contents}{newline}{fence}"


def _text(data: bytes, source: str) -> str:
    if len(data) > LIMIT_BYTES:
        raise PromptError(f"{source} has more than {LIMIT_BYTES} bytes: a request holds no such file; give an excerpt")
    if b"\0" in data:
        raise PromptError(f"{source} is not text (a zero byte at {data.index(0)}): give a text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PromptError(f"{source} is not UTF-8 at byte {error.start}: convert it to UTF-8") from error
