"""The files of a build's directory, and what they say.

    build.json                       what all shards must have in common: recipe, digests of what was read, layout
    tokenizer.json                   what the tokens mean
    sources.json                     what became of the rows of the sources with an end, before they were divided
    shard-00003-of-00008.arrow       rows (pipeline/rows.py)
    shard-00003-of-00008.json        size and digest of the rows, and what this shard's rules dropped
    state.json, dataset_info.json    once all shards are there: what `datasets.load_from_disk` looks for

A shard is finished when its .json is there, which is written last. Nothing in these files is trusted when read.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.files import whole_file
from hrm_edge.train.data.pipeline.rows import Layout

FORMAT = 1
BUILD, TOKENIZER, SOURCES = "build.json", "tokenizer.json", "sources.json"
LARGEST_MANIFEST_BYTES = 64 * 2**20
_CHUNK_BYTES = 2**20


@dataclass(frozen=True, kw_only=True)
class ShardManifest:
    """What is known about one finished shard."""

    shard: int
    shards: int
    build: str
    """SHA-256 of build.json."""
    bytes: int
    """Of the .arrow file."""
    sha256: str
    rows: int
    examples: int
    tokens: int
    """Padding left out."""
    dropped: Mapping[str, Mapping[str, int]]
    """Rule → source → examples."""
    not_drawn: Mapping[str, int]
    """Source → examples that the weights did not ask for."""
    ran_dry: tuple[str, ...]
    """Sources that had less than their share."""
    overlaps: tuple[Mapping[str, str], ...]
    """What was dropped for an evaluation set (screen.Overlap)."""
    malformed: tuple[str, ...]
    """Rows of endless sources that could not be read."""


def shard_name(shard: int, shards: int, suffix: str) -> str:
    """`shard-00003-of-00008.arrow`."""
    return f"shard-{shard:05}-of-{shards:05}.{suffix}"


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """One JSON object, whole or not at all. Raises ExportError where the disk is full."""
    with whole_file(path) as part:
        part.write_text(json_text(value), encoding="utf-8")


def json_text(value: Mapping[str, Any]) -> str:
    """The text of a JSON file of ours: the same value gives the same text. Dates are written as text."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=str) + "\n"


def read_json(path: Path) -> dict[str, Any]:
    """One JSON object.

    Raises:
        DataError: it is not there, larger than any manifest, or no JSON object.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_MANIFEST_BYTES + 1)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}): give a directory that `hrm-edge data build` made"
        ) from None
    if len(content) > LARGEST_MANIFEST_BYTES:
        raise DataError(f"{path} has more than {LARGEST_MANIFEST_BYTES:,} bytes: no build writes such a file")
    value = parse_json(content, str(path))
    if not isinstance(value, dict):
        raise DataError(f"{path} is no JSON object: build the directory again")
    return value


def write_manifest(directory: Path, manifest: ShardManifest) -> None:
    """Say that a shard is finished."""
    write_json(directory / shard_name(manifest.shard, manifest.shards, "json"), asdict(manifest))


def read_manifest(directory: Path, shard: int, shards: int) -> ShardManifest | None:
    """The manifest of a shard; None where it is not finished.

    Raises:
        DataError: the file is there and is no manifest of this shard.
    """
    path = directory / shard_name(shard, shards, "json")
    if not path.exists():
        return None
    values = read_json(path)
    try:
        manifest = ShardManifest(**values)
        _check(manifest)
    except (TypeError, ValueError) as error:
        raise DataError(f"{path} is no manifest of a shard ({error}): delete it, and build again") from None
    if (manifest.shard, manifest.shards) != (shard, shards):
        raise DataError(
            f"{path} is of shard {manifest.shard} of {manifest.shards}: its name says {shard} of {shards}; delete it"
        )
    return manifest


def _check(manifest: ShardManifest) -> None:
    for name in ("shard", "shards", "bytes", "rows", "examples", "tokens"):
        value = getattr(manifest, name)
        if type(value) is not int or value < 0:
            raise ValueError(f"{name} is {value!r:.40}")
    for name in ("build", "sha256"):
        if not isinstance(getattr(manifest, name), str):
            raise ValueError(f"{name} is {getattr(manifest, name)!r:.40}")
    _check_counts("not_drawn", manifest.not_drawn)
    if not isinstance(manifest.dropped, dict):
        raise ValueError("dropped is no object")
    for rule, counts in manifest.dropped.items():
        _check_counts(f"dropped {rule!r:.40}", counts)
    for name in ("ran_dry", "malformed"):
        if not all(isinstance(item, str) for item in getattr(manifest, name)):
            raise ValueError(f"{name} is no list of texts")
    for overlap in manifest.overlaps:
        if not isinstance(overlap, dict) or set(overlap) != {"source", "group", "problem", "excerpt"}:
            raise ValueError(f"an overlap is {overlap!r:.80}")


def _check_counts(name: str, counts: object) -> None:
    if not isinstance(counts, dict) or not all(type(count) is int and count >= 0 for count in counts.values()):
        raise ValueError(f"{name} is no object of whole numbers")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def read_layout(directory: Path) -> tuple[dict[str, Any], Layout, int]:
    """What build.json says: all of it, the layout of the rows, the number of shards.

    Raises:
        DataError: it is not there, or not of this version of the format.
    """
    path = directory / BUILD
    values = read_json(path)
    if values.get("format") != FORMAT:
        raise DataError(f"{path} has format {values.get('format')!r:.20}, and this hrm-edge reads {FORMAT}")
    for name, most in (("longest", 2**16), ("vocab_size", 2**32), ("pad_id", 2**32), ("shards", 100_000)):
        value = values.get(name)
        if type(value) is not int or not 0 <= value <= most:
            raise DataError(f"{path}: {name} is {value!r:.40}; it must be a whole number up to {most:,}")
    layout = Layout(longest=values["longest"], vocab_size=values["vocab_size"], pad_id=values["pad_id"])
    return values, layout, values["shards"]
