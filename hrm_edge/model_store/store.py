"""The directory of models: what lies in it, a model by its name, and removal of what is ours and nothing else.

    <models>/owner--name/                pulled: safetensors, config and tokenizer, and hrm-edge.json
             owner--name-4bit/           converted: quantized checkpoint, model.gguf, model.onnx, verify.json
             .unfinished/owner--name/    what an interrupted pull or conversion goes on with

`<models>` is `models` in the user's data directory for hrm-edge, or HRM_EDGE_MODELS. A directory without our manifest
is never listed, replaced or removed.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hrm_edge.errors import CheckpointError, ModelStoreError
from hrm_edge.model_store.manifest import Manifest, read_manifest
from hrm_edge.model_store.names import ModelName

MODELS_VARIABLE = "HRM_EDGE_MODELS"
UNFINISHED = ".unfinished"
_REMOVED = ".removed"
FILE_OF_RUNTIME = {"onnx": "model.onnx", "llama-cpp": "model.gguf"}
"""As a conversion names them; torch reads the directory."""


def models_directory() -> Path:
    """HRM_EDGE_MODELS, or the place this system keeps a user's data in."""
    chosen = os.environ.get(MODELS_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("hrm-edge", appauthor=False) / "models"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One model of the store."""

    name: str
    path: Path
    manifest: Manifest

    @property
    def disk_bytes(self) -> int:
        return directory_bytes(self.path)


class ModelStore:
    """The models under one directory, which need not exist yet."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = models_directory() if directory is None else directory

    def path_of(self, name: ModelName) -> Path:
        """Where the model of this name is, or would be."""
        return self.directory / name.directory_name

    def find(self, name: ModelName) -> Entry | None:
        """The model of this name, or None.

        Raises:
            CheckpointError: its manifest cannot be read.
        """
        path = self.path_of(name)
        manifest = None if path.is_symlink() else read_manifest(path)
        return None if manifest is None else Entry(name=str(name), path=path, manifest=manifest)

    def entries(self) -> tuple[list[Entry], list[CheckpointError]]:
        """Every model by name, and what is wrong with those that cannot be listed."""
        found, errors = [], []
        for path in sorted(self.directory.iterdir()) if self.directory.is_dir() else []:
            if path.name.startswith(".") or path.is_symlink() or not path.is_dir():
                continue
            try:
                manifest = read_manifest(path)
            except CheckpointError as error:
                errors.append(error)
                continue
            if manifest is not None:
                found.append(Entry(name=manifest.name or path.name, path=path, manifest=manifest))
        return found, errors

    def unfinished(self) -> list[tuple[str, int]]:
        """Directory name and bytes of what interrupted commands left to go on with."""
        directory = self.directory / UNFINISHED
        paths = sorted(directory.glob("[!.]*/")) if directory.is_dir() else []
        return [(path.name, size) for path in paths if (size := directory_bytes(path))]

    def removable(self, name: ModelName) -> list[Path]:
        """What `remove` would delete: the model if it is ours, and what an interrupted command left of it.

        Raises:
            ModelStoreError: there is no such model, or its directory is none of ours.
        """
        path, unfinished = self.path_of(name), self.directory / UNFINISHED / name.directory_name
        owned = [path] if self._owns(path) else []
        if unfinished.is_dir() and directory_bytes(unfinished):
            owned.append(unfinished)
        if not owned:
            raise ModelStoreError(f"there is no model {name} in {self.directory}: see hrm-edge list")
        return owned

    def remove(self, name: ModelName) -> int:
        """Delete a model and what is unfinished of it; return the bytes that were freed. Errors as `removable`.

        It is renamed first, so that an interruption leaves no half model under its name; what one left, the next
        removal clears away.
        """
        freed = 0
        with self.locked(name):
            for path in self.removable(name):
                freed += directory_bytes(path)
                path.rename(self.directory / UNFINISHED / f"{_REMOVED}-{secrets.token_hex(4)}")
            for doomed in (self.directory / UNFINISHED).glob(f"{_REMOVED}-*"):
                shutil.rmtree(doomed, ignore_errors=True)
        return freed

    def working_directory(self, name: ModelName) -> Path:
        """Where a pull or conversion keeps what it has so far; on the same disk, so that it can be renamed."""
        return self.directory / UNFINISHED / name.directory_name

    @contextmanager
    def locked(self, name: ModelName) -> Iterator[None]:
        """Keep other processes from pulling, converting or removing the same model.

        Raises:
            ModelStoreError: one of them is at it, or the directory cannot be written.
        """
        with locked_directory(self.working_directory(name), str(name)):
            yield

    def _owns(self, path: Path) -> bool:
        if not path.is_dir():
            return False
        try:
            if not path.is_symlink() and read_manifest(path) is not None:
                return True
        except CheckpointError:
            return True  # ours, and damaged: removing it is the mend
        raise ModelStoreError(f"{path} was not put there by hrm-edge pull or convert: remove it yourself")


def resolve_model(text: str, *, runtime: str | None = None) -> Path:
    """The path a user means: one that exists, else the store's model of that name.

    runtime: the one that will open it at the model's own depth; of a converted model it then gets the file made for
        it. None gives the directory, from which any runtime and any number of cycles can be exported.

    Raises:
        ModelStoreError: neither; the message says how to get it.
    """
    if Path(text).exists():
        return Path(text)
    try:
        name = ModelName.parse(text)
    except ModelStoreError:
        raise ModelStoreError(
            f"{text} does not exist: check the path, or see hrm-edge list for models by name"
        ) from None
    entry = ModelStore().find(name)
    if entry is None:
        raise ModelStoreError(
            f"{text} does not exist, and no model of hrm-edge list has that name: check the path, or get it with "
            f"hrm-edge pull {text}"
        )
    made = entry.path / FILE_OF_RUNTIME.get(runtime or "", "")
    return made if made.exists() else entry.path


@contextmanager
def locked_directory(directory: Path, what: str) -> Iterator[None]:
    """Hold `directory`.lock, which is beside the directory. `what` names in errors what is being made.

    Raises:
        ModelStoreError: another process holds it, or the place cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(directory.with_name(f"{directory.name}.lock"), timeout=0)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise ModelStoreError(f"another hrm-edge is at work on {what}: wait until it has ended") from None
    except OSError as error:
        raise ModelStoreError(
            f"{directory.parent} cannot be written ({error.strerror or error}): set {MODELS_VARIABLE} to another place"
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file: there it stays, empty
            Path(lock.lock_file).unlink()
        lock.release()


def directory_bytes(directory: Path) -> int:
    """Bytes of all files in it, links not followed."""
    return sum(path.lstat().st_size for path in directory.rglob("*") if not path.is_dir())
