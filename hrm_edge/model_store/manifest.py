"""`hrm-edge.json`: what a directory of the store is and where it came from. Without it, the store owns nothing.

A pulled model:     {"kind": "pulled", "name", "commit", "files": {"model.safetensors": {"size", "checksum"}, ...}}
A converted model:  {"kind": "converted", "name", "source", "fingerprint", "bits", "method", "made_by"}

The file is only ever written here: `pull` takes no file of this name from a repository.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hrm_edge.checkpoint.text_files import read_json_object
from hrm_edge.errors import CheckpointError

MANIFEST_NAME = "hrm-edge.json"


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file as it was checked."""

    size: int
    checksum: str
    """`sha256:…` of what Git LFS keeps, `git-blob:…` (SHA-1 of git's blob) of texts that the hub has no SHA-256 of."""


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """A model of the hub, at one commit."""

    name: str
    commit: str
    files: dict[str, StoredFile]


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A quantized model: what it was made of and how; equal ones need not be made again."""

    name: str | None
    """Under which the store lists it; None for a directory elsewhere."""
    source: str
    fingerprint: str
    """Of the source's files: another one means that the source was changed."""
    bits: int
    method: str
    made_by: str
    """hrm-edge's version."""


Manifest = Pulled | Converted


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write it into a directory that is still being filled."""
    text = json.dumps({"kind": type(manifest).__name__.lower(), **asdict(manifest)}, indent=2, ensure_ascii=False)
    (directory / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(directory: Path) -> Manifest | None:
    """What `directory` is, or None where it is nothing of ours.

    Raises:
        CheckpointError: its manifest cannot be read or was changed.
    """
    path = directory / MANIFEST_NAME
    if not path.is_file():
        return None
    stated = read_json_object(path)
    kind = stated.pop("kind", None)
    try:
        if kind == "pulled":
            return _pulled(stated)
        if kind == "converted":
            return Converted(**stated)
    except (TypeError, AttributeError) as error:
        raise _changed(path, str(error)) from error
    raise _changed(path, f"its kind is {str(kind)[:40]!r}")


def _pulled(stated: dict[str, Any]) -> Pulled:
    files = {name: StoredFile(**entry) for name, entry in stated.pop("files", {}).items()}
    return Pulled(files=files, **stated)


def _changed(path: Path, why: str) -> CheckpointError:
    return CheckpointError(f"{path} is not as hrm-edge wrote it ({why}): remove the model and get it again")
