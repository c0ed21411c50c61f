"""Files of requests, with or without their answers: what `verify --prompts` and `quantize --calibration` read.

    {"prompt": "find all python files", "answer": "```bash\\nfind . -name '*.py'\\n```"}

A `.jsonl` file holds one such object per line, `answer` optional; any other file is text, one request per line.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from hrm_edge.errors import DataError


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One request and, where the file brings one, the response to it, fence included."""

    prompt: str
    answer: str | None = None


def read_prompts(path: Path) -> list[Prompt]:
    """Prompts of a `.jsonl` file (objects with `prompt` and optional `answer`) or of a text file, one per line.

    Raises:
        DataError: the file cannot be read, a line is no such object, or there is none.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # U+2028 inside a text ends no line
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 at byte {error.start}: convert it to UTF-8") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}): check the path") from error
    read = _jsonl_prompt if path.suffix == ".jsonl" else _text_prompt
    prompts = [read(line, f"{path} line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not prompts:
        raise DataError(f"{path} holds no prompt: write one per line")
    return prompts


def _text_prompt(line: str, _place: str) -> Prompt:
    return Prompt(prompt=line.strip())


def _jsonl_prompt(line: str, place: str) -> Prompt:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise DataError(f"{place} is no JSON ({error}): write one object per line") from error
    if not isinstance(value, dict) or not isinstance(value.get("prompt"), str):
        raise DataError(f"{place} has no text under 'prompt': each line is an object with one")
    answer = value.get("answer")
    if answer is not None and not isinstance(answer, str):
        raise DataError(f"{place}: 'answer' is a {type(answer).__name__}; it must be text")
    return Prompt(prompt=value["prompt"], answer=answer)
