"""Small text files of a checkpoint (config.json, tokenizer.json, templates), read with a limit and clear errors."""

import json
from pathlib import Path
from typing import Any

from hrm_edge.errors import CheckpointError

JSON_LIMIT_BYTES = 16 * 10**6
TOKENIZER_LIMIT_BYTES = 256 * 10**6


def file_size(path: Path) -> int:
    """Size of a regular file in bytes.

    Raises:
        CheckpointError: there is no such file, or it is no regular file.
    """
    try:
        if not path.is_file():
            raise CheckpointError(f"{path} is not a file: check the path")
        return path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error


def read_text(path: Path, limit_bytes: int = JSON_LIMIT_BYTES) -> str:
    """The whole of a UTF-8 file.

    Raises:
        CheckpointError: missing, larger than `limit_bytes`, not readable or not UTF-8.
    """
    size = file_size(path)
    if size > limit_bytes:
        raise CheckpointError(f"{path} has {size} bytes: such a file has at most {limit_bytes}; it is damaged")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CheckpointError(f"{path} is not UTF-8 at byte {error.start}: it is damaged; fetch it again") from error
    except OSError as error:
        raise unreadable(path, error) from error


def read_json_object(path: Path) -> dict[str, Any]:
    """A JSON file whose top level is an object. Errors as `read_text` and `parse_json_object`."""
    return parse_json_object(read_text(path), str(path))


def parse_json_object(text: str, source: str) -> dict[str, Any]:
    """JSON text whose top level is an object; `source` names it in errors.

    Raises:
        CheckpointError: malformed, nested beyond reason, a key given twice, or not an object.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{source} is not valid JSON ({error}): it is damaged; fetch it again") from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{source} holds a JSON {type(value).__name__}: it must be an object")
    return value


def unreadable(path: Path, error: OSError) -> CheckpointError:
    """The error for a file that the operating system does not give."""
    return CheckpointError(f"{path} cannot be read ({error.strerror or error}): check the path and its permissions")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found
