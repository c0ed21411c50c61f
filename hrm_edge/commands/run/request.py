"""The text of a request: what was typed or piped in, and the files that go with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.commands.run.standard_input import piped_text, read_all
from hrm_edge.errors import PromptError

if TYPE_CHECKING:
    from hrm_edge.assistant.given_tests import GivenTests

LIMIT_BYTES = 2**20
"""Of a file or of standard input. The context of the presets holds a few kilobytes: more is a mistyped path."""
STANDARD_INPUT = "standard input"
"""What the model is told that piped text is called."""
_DASH = Path("-")
_CHANGES = re.compile(
    r"(?:please |can you |could you )?(?:add|change|convert|correct|edit|extract|fix|inline|make|mend|modify|move"
    r"|refactor|remove|rename|repair|replace|rewrite|simplify|update)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class GivenFile:
    """A text that goes with a request."""

    path: Path | None
    """None for standard input, which cannot be edited."""
    name: str
    """What the request calls it, and an edit of it must."""
    text: str
    """With newlines of Unix."""
    contents: bytes
    """As it was read."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked."""

    text: str
    """What the model is shown."""
    files: tuple[GivenFile, ...] = ()
    tests: "GivenTests | None" = None
    """What the answer must pass."""


def read_request(prompt: str | None, paths: Sequence[Path], *, piped: bool = True) -> Request:
    """PROMPT, or else standard input, with each file as a fenced block under its name.

    Args:
        paths: `-` is standard input.
        piped: whether text that is piped in beside a PROMPT goes with it.

    Raises:
        PromptError: nothing was asked, or a file or standard input is missing, too large or no UTF-8 text.
    """
    if prompt is None:
        if _DASH in paths:
            raise PromptError("--file - is standard input, so it cannot be the request too: give a PROMPT")
        prompt = _text(read_all(LIMIT_BYTES + 1), STANDARD_INPUT)
        piped = False
    if not prompt.strip():
        raise PromptError("the request is empty: say what you want, as in hrm-edge run 'count the lines of *.py'")
    files = read_files(paths)
    if piped and _DASH not in paths:
        files += _piped_file()
    tests = tests_among(files)
    return Request(text=_composed(prompt.strip(), files, tests), files=files, tests=tests)


def read_files(paths: Sequence[Path]) -> tuple[GivenFile, ...]:
    """The files of a request. Two with the same name are called by their paths.

    Raises:
        PromptError: one is missing, too large, no UTF-8 text or given twice.
    """
    names = [path.name for path in paths]
    files = []
    for path in dict.fromkeys(paths):
        if path == _DASH:
            contents = read_all(LIMIT_BYTES + 1)
            files.append(GivenFile(path=None, name=STANDARD_INPUT, text=_text(contents, "--file -"), contents=contents))
            continue
        contents = _read_file(path)
        text = _text(contents, f"--file {path}")
        if text.count("\r\n") == text.count("\n"):
            text = text.replace("\r\n", "\n")
        name = path.name if names.count(path.name) == 1 else path.as_posix()
        files.append(GivenFile(path=path, name=name, text=text, contents=contents))
    return tuple(files)


def tests_among(files: Sequence[GivenFile]) -> "GivenTests | None":
    """The test file among the files of a request, if there is one that can be run."""
    from hrm_edge.assistant.given_tests import given_tests

    texts = {file.path.name: file.text for file in files if file.path is not None}
    return given_tests(texts) if texts else None


def asks_for_change(prompt: str) -> bool:
    """Whether a request says to change something, and not to explain or write it: by its first verb."""
    return _CHANGES.match(prompt.strip()) is not None


def _composed(prompt: str, files: Sequence[GivenFile], tests: "GivenTests | None") -> str:
    """The request as the model is shown it; one for a change as it was trained on (exercises.edit_request).

    An answer that tests are run against is a whole module, so then no blocks are asked for.
    """
    editable = {file.name: file.text for file in files if file.path is not None}
    if not editable or tests is not None or not asks_for_change(prompt):
        return "\n\n".join([prompt, *map(_file_block, files)])
    from hrm_edge.errors import EditError
    from hrm_edge.problems.exercises import edit_request

    others = [_file_block(file) for file in files if file.path is None]
    try:
        return edit_request("\n\n".join(others), prompt, editable, "diff").strip()
    except EditError:  # a text that the format cannot hold, as one with its marks
        return "\n\n".join([prompt, *map(_file_block, files)])


def _piped_file() -> tuple[GivenFile, ...]:
    """What is piped in beside a PROMPT; nothing where that is blank."""
    contents = piped_text(LIMIT_BYTES + 1)
    text = _text(contents, STANDARD_INPUT)
    return (GivenFile(path=None, name=STANDARD_INPUT, text=text, contents=contents),) if text.strip() else ()


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise PromptError(f"--file {path} cannot be read ({error.strerror or error}): check the path") from error


def _file_block(file: GivenFile) -> str:
    # A fence longer than any in the file, so that the file cannot close it.
    longest = max((len(run) for run in re.findall(r"`{3,}", file.text)), default=2)
    fence = "`" * (longest + 1)
    newline = "" if file.text.endswith("\n") else "\n"
    return f"{file.name}:\n{fence}\n{file.text}{newline}{fence}"


def _text(data: bytes, source: str) -> str:
    if len(data) > LIMIT_BYTES:
        raise PromptError(f"{source} has more than {LIMIT_BYTES} bytes: a request holds no such file; give an excerpt")
    if b"\0" in data:
        raise PromptError(f"{source} is not text (a zero byte at {data.index(0)}): give a text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PromptError(f"{source} is not UTF-8 at byte {error.start}: convert it to UTF-8") from error
