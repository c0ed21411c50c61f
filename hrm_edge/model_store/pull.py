"""A model from the hub into the store: config first, then what it says is worth fetching, and in its place whole.

    1. the hub's answer: commit, files, sizes, checksums
    2. config.json: a model that hrm-edge does not run ends here, after a few kilobytes
    3. free disk, then tokenizer, templates and safetensors (hrm_edge.model_store.transfer)
    4. the checkpoint is opened: headers, shapes and tokenizer are those of its config
    5. one rename makes it a model of the store

What has arrived stays in the store's unfinished folder until step 5, for the next call to go on with.
"""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.huggingface import WEIGHTS_NAME, weight_files
from hrm_edge.checkpoint.text_files import read_json_object
from hrm_edge.errors import HrmEdgeError, HubError, ModelStoreError
from hrm_edge.files import whole_directory
from hrm_edge.model_store.hub import CONFIG_NAME, RemoteFile, Repository, find_repository
from hrm_edge.model_store.manifest import Pulled, StoredFile, write_manifest
from hrm_edge.model_store.names import ModelName
from hrm_edge.model_store.store import MODELS_VARIABLE, Entry, ModelStore, directory_bytes
from hrm_edge.model_store.transfer import OnBytes, fetch

ByteStage = Callable[[str, int], AbstractContextManager[OnBytes]]
"""Opens a progress display of a label and a number of bytes."""
FREE_DISK_MARGIN = 64 * 2**20
"""Beside the files: for the manifest, the file system's own needs and everybody else."""
COMMIT_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class PullResult:
    """A model that is in the store now."""

    entry: Entry
    manifest: Pulled
    fetched: bool
    """False where the store had this very commit."""
    notice: str | None
    """What a user should know about it, if anything."""


def pull(name: ModelName, store: ModelStore, stage: ByteStage) -> PullResult:
    """Have the newest commit of `name` in the store.

    Raises:
        HubError: the hub does not give it, or gives what is damaged.
        ArchitectureError, CheckpointError: it is no hrm_text model, or a broken one.
        ModelStoreError: its name is taken by a converted model, or another process pulls it.
        ExportError: the disk is full or cannot be written.
    """
    with store.locked(name):
        _refuse_converted(name, store.find(name))
        repository = find_repository(name)
        have = store.find(name)
        if have is not None and isinstance(have.manifest, Pulled) and _is_whole(have, have.manifest, repository):
            return PullResult(entry=have, manifest=have.manifest, fetched=False, notice=None)
        return _fetch_all(repository, store, stage)


def _refuse_converted(name: ModelName, entry: Entry | None) -> None:
    if entry is not None and not isinstance(entry.manifest, Pulled):
        raise ModelStoreError(f"{name} is a converted model here and would be replaced: hrm-edge remove {name} first")


def _is_whole(entry: Entry, manifest: Pulled, repository: Repository) -> bool:
    sizes = {name: file.size for name, file in manifest.files.items()}
    found = {name: (entry.path / name).stat().st_size for name in sizes if (entry.path / name).is_file()}
    return manifest.commit == repository.commit and found == sizes


def _fetch_all(repository: Repository, store: ModelStore, stage: ByteStage) -> PullResult:
    name, target = repository.name, store.path_of(repository.name)
    working = _working_directory(repository, store)
    with whole_directory(target) as part:  # made at once: a place that cannot be written costs no download
        files = _fetch_files(repository, working, stage)
        notice = _check(name, working)
        for file in files:
            (working / file.name).rename(part / file.name)
        stored = {file.name: StoredFile(size=file.size, checksum=file.checksum) for file in files}
        manifest = Pulled(name=str(name), commit=repository.commit, files=stored)
        write_manifest(part, manifest)
    shutil.rmtree(working.parent, ignore_errors=True)
    return PullResult(
        entry=Entry(name=str(name), path=target, manifest=manifest), manifest=manifest, fetched=True, notice=notice
    )


def _working_directory(repository: Repository, store: ModelStore) -> Path:
    """Of this commit; what is there of an earlier one will never be finished."""
    home = store.working_directory(repository.name)
    working = home / repository.commit[:COMMIT_SHOWN]
    for other in home.iterdir() if home.is_dir() else []:
        if other != working:
            shutil.rmtree(other, ignore_errors=True)
    working.mkdir(parents=True, exist_ok=True)
    return working


def _fetch_files(repository: Repository, working: Path, stage: ByteStage) -> list[RemoteFile]:
    config, *texts = repository.texts()
    fetch(repository, config, working, lambda _: None)
    _check_architecture(repository.name, working)
    for text in texts:
        fetch(repository, text, working, lambda _: None)
    shards = [WEIGHTS_NAME] if WEIGHTS_NAME in repository.files else [path.name for path in weight_files(working)]
    weights = repository.weights(shards)
    _check_free_disk(repository.name, weights, working)
    with stage(f"pulling {repository.name}", sum(file.size for file in weights)) as on_bytes:
        for file in weights:
            fetch(repository, file, working, on_bytes)
    return [config, *texts, *weights]


def _check_architecture(name: ModelName, working: Path) -> None:
    try:
        Architecture.from_config(read_json_object(working / CONFIG_NAME))
    except HrmEdgeError as error:
        shutil.rmtree(working)
        raise type(error)(f"{name}: {error}") from None


def _check_free_disk(name: ModelName, weights: list[RemoteFile], working: Path) -> None:
    needed = sum(file.size for file in weights) + FREE_DISK_MARGIN - directory_bytes(working)
    free = shutil.disk_usage(working).free
    if needed > free:
        raise HubError(
            f"{name} needs {needed / 1e9:.2f} GB more and the disk of {working.parent.parent} has {free / 1e9:.2f} GB "
            f"free: free some, or set {MODELS_VARIABLE} to another disk"
        )


def _check(name: ModelName, working: Path) -> str | None:
    """Open what has arrived, as every command will; what is wrong with it is final, so that it is not kept."""
    try:
        with open_checkpoint(working) as checkpoint:
            if checkpoint.tokenizer_json is not None:
                from hrm_edge.tokenizer import Tokenizer

                Tokenizer.from_json(checkpoint.tokenizer_json)
    except HrmEdgeError as error:
        shutil.rmtree(working)
        raise type(error)(f"{name}: {error}") from None
    if "auto_map" in read_json_object(working / CONFIG_NAME):
        return "its config names code of its own (auto_map): it was neither fetched nor run"
    return None
