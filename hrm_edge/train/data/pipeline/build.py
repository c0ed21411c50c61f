"""`hrm-edge data build`: a recipe becomes a directory of shards.

Every shard is made from (recipe, number) alone, so processes and machines share nothing: a command makes a range of
them, with any number of processes, and the bytes are the same. What is finished is kept: a build that was interrupted
or killed goes on with the shards that are missing. A directory belongs to one recipe, one tokenizer, one version of the
data and of hrm-edge; anything else is an error.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrm_edge import __version__
from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.files import whole_file
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.data.pipeline.decontamination import GramIndex
from hrm_edge.train.data.pipeline.manifest import (
    BUILD,
    FORMAT,
    SOURCES,
    TOKENIZER,
    ShardManifest,
    file_sha256,
    json_text,
    read_json,
    read_manifest,
    shard_name,
    write_json,
)
from hrm_edge.train.data.pipeline.neighbours import Neighbours
from hrm_edge.train.data.pipeline.recipe import Recipe
from hrm_edge.train.data.pipeline.shard import Job, layout_of
from hrm_edge.train.data.pipeline.stale import remove_stale_parts
from hrm_edge.train.data.pipeline.state import write_dataset_files
from hrm_edge.train.data.pipeline.supply import (
    FindSource,
    OpenSource,
    Supply,
    is_endless,
    load_supply,
    open_sources,
    source_paths,
)
from hrm_edge.train.data.pipeline.tokenizers import open_tokenizer
from hrm_edge.train.data.pipeline.workers import build_shards
from hrm_edge.train.data.sources.registry import source as find_source
from hrm_edge.train.data.sources.rows import find_files


@dataclass(frozen=True, kw_only=True)
class BuildState:
    """How far a build is."""

    doing: str
    """`reading evaluation sets`, `reading sources`, `building`."""
    tokens: int = 0
    """Made by this command."""
    expected: int | None = None
    """Tokens this command will make, where the recipe says."""
    shards: int = 0
    """Finished, those of earlier commands included."""
    of: int = 0
    """In the command's range."""


OnState = Callable[[BuildState], None]


@dataclass(frozen=True, kw_only=True)
class BuildResult:
    """What a command leaves in its range."""

    manifests: tuple[ShardManifest, ...]
    kept: int
    """Shards that were finished before."""
    complete: bool
    """Whether all shards of the recipe are in the directory."""


def build(
    recipe: Recipe,
    out: Path,
    *,
    workers: int = 1,
    shards: range | None = None,
    find: FindSource = find_source,
    neighbours: Neighbours | None = None,
    on_state: OnState = lambda _: None,
) -> BuildResult:
    """Make the shards of a recipe that are not there yet.

    Args:
        recipe: what to build.
        out: the directory; it may hold finished shards of the same recipe.
        workers: processes; the bytes do not depend on it.
        shards: which shards; None for all.
        find: the table of sources.
        neighbours: the index that a recipe with neighbours retrieves from; it must be picklable.
        on_state: told how far it is.

    Raises:
        DataError: bad options or data, or the directory belongs to another recipe.
        CheckpointError: the tokenizer cannot be read or lacks our markers.
        ExportError: the disk is full, or the directory cannot be written.
    """
    chosen = _chosen(recipe, shards)
    if recipe.neighbours.share and neighbours is None:
        raise DataError(f"recipe {recipe.name!r} asks for neighbours, and no local index was opened for it")
    sources = open_sources(recipe, find)
    tokenizer_json = open_tokenizer(recipe)
    on_state(BuildState(doing="reading evaluation sets", of=len(chosen)))
    grams = GramIndex.of_recipe(recipe)
    build_text = json_text(_common(recipe, sources, grams, neighbours, tokenizer_json))
    _claim(out, build_text, tokenizer_json)
    finished = [shard for shard in chosen if _is_finished(out, shard, recipe.shards)]
    missing = [shard for shard in chosen if shard not in finished]
    if missing:
        on_state(BuildState(doing="reading sources", shards=len(finished), of=len(chosen)))
        supply = load_supply(recipe, sources, missing)
        write_json(out / SOURCES, _sources_report(recipe, supply, grams))
        remove_stale_parts(out, (shard_name(shard, recipe.shards, "") for shard in missing))
        job = Job(
            recipe=recipe,
            sources=sources,
            examples=supply.examples,
            identities=frozenset(supply.identities),
            grams=grams,
            neighbours=neighbours,
            tokenizer_json=tokenizer_json,
            build=hashlib.sha256(build_text.encode()).hexdigest(),
            out=out,
        )
        _run(job, missing, workers, on_state, len(finished), len(chosen))
    complete = _complete(recipe, out)
    found = (read_manifest(out, shard, recipe.shards) for shard in chosen)
    return BuildResult(
        manifests=tuple(manifest for manifest in found if manifest is not None), kept=len(finished), complete=complete
    )


def _chosen(recipe: Recipe, shards: range | None) -> range:
    if shards is None:
        return range(recipe.shards)
    if not shards or shards.start < 0 or shards.stop > recipe.shards:
        raise DataError(
            f"--shards {shards.start}:{shards.stop}: recipe {recipe.name!r} has shards 0 to {recipe.shards - 1}; "
            f"give a range A:B of them, B not included, as 0:{recipe.shards}"
        )
    return shards


def _common(
    recipe: Recipe,
    sources: Sequence[OpenSource],
    grams: GramIndex | None,
    neighbours: Neighbours | None,
    tokenizer_json: str,
) -> dict[str, Any]:
    """What every shard of the directory depends on. Paths of this machine are left out, contents are in."""
    layout = layout_of(recipe, Tokenizer.from_json(tokenizer_json))
    return {
        "format": FORMAT,
        "hrm_edge": __version__,
        "name": recipe.name,
        "recipe": {key: value for key, value in recipe.written.items() if key != "data"},
        "sources": [source.share.name for source in sources],
        "licences": {source.share.name: source.kind.licence for source in sources},
        "files": {source.share.name: _digests(recipe, source) for source in sources},
        "neighbours": None if neighbours is None else neighbours.sha256,
        "evaluation": None if grams is None else grams.sha256(),
        "tokenizer": hashlib.sha256(tokenizer_json.encode()).hexdigest(),
        "longest": layout.longest,
        "vocab_size": layout.vocab_size,
        "pad_id": layout.pad_id,
        "shards": recipe.shards,
    }


def _digests(recipe: Recipe, source: OpenSource) -> dict[str, str]:
    if is_endless(source.kind) or not source.kind.files:
        return {}
    files = find_files(source_paths(recipe, source), source.kind.files)
    return {file.name: file_sha256(file) for file in files} if len(files) < 100 else {"all": _joint_digest(files)}


def _joint_digest(files: Iterable[Path]) -> str:
    joint = hashlib.sha256()
    for file in files:
        joint.update(f"{file.name} {file_sha256(file)}\n".encode())
    return joint.hexdigest()


def _claim(out: Path, build_text: str, tokenizer_json: str) -> None:
    """Make the directory this build's own, or see that it is."""
    path = out / BUILD
    if not path.exists():
        if out.is_dir() and any(out.glob("shard-*")):
            raise DataError(f"{out} holds shards and no {BUILD}: choose another --out, or delete them")
        # The tokenizer first: once build.json is there, the directory is complete but for its shards.
        for place, text in ((out / TOKENIZER, tokenizer_json), (path, build_text)):
            with whole_file(place) as part:
                part.write_text(text, encoding="utf-8")
        return
    before = read_json(path)
    now = parse_json(build_text, BUILD)
    for name in now:
        if before.get(name) != now[name]:
            changed = _first_difference(name, before.get(name), now[name])
            raise DataError(f"{out} holds a build with another {changed}: choose another --out, or delete it")


def _first_difference(name: str, before: object, now: object) -> str:
    """`recipe.seed (1 there, 2 now)`: the innermost key whose values differ."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted(before.keys() | now.keys()):
            if before.get(key) != now.get(key):
                return _first_difference(f"{name}.{key}", before.get(key), now.get(key))
    return f"{name} ({before!r:.60} there, {now!r:.60} now)"


def _is_finished(out: Path, shard: int, shards: int) -> bool:
    """Whether a shard is there as its manifest says; one that is damaged is made again."""
    manifest = read_manifest(out, shard, shards)
    path = out / shard_name(shard, shards, "arrow")
    if manifest is None or not path.is_file() or path.stat().st_size != manifest.bytes:
        return False
    return file_sha256(path) == manifest.sha256


def _run(job: Job, missing: Sequence[int], workers: int, on_state: OnState, finished: int, of: int) -> None:
    total = job.recipe.tokens
    expected = None if total is None else total * len(missing) // job.recipe.shards
    tokens, done = 0, finished

    def show(more: int, shards: int) -> None:
        nonlocal tokens, done
        tokens, done = tokens + more, done + shards
        on_state(BuildState(doing="building", tokens=tokens, expected=expected, shards=done, of=of))

    show(0, 0)
    build_shards(job, missing, workers, show)


def _sources_report(recipe: Recipe, supply: Supply, grams: GramIndex | None) -> dict[str, Any]:
    """Files are named from the data directory, which is another one on another machine."""
    return {
        "given": dict(supply.given),
        "duplicates": dict(supply.duplicates),
        "beyond": dict(supply.beyond),
        "rows_read": supply.rows.read.total(),
        "rows_malformed": supply.rows.malformed_count,
        "notes": [line.removeprefix(f"{recipe.base}/") for line in supply.rows.lines()],
        "evaluation": {} if grams is None else grams.sets,
        "boilerplate_grams": 0 if grams is None else grams.boilerplate,
    }


def _complete(recipe: Recipe, out: Path) -> bool:
    """Whether every shard is finished; then the directory is made loadable as a whole."""
    names = [shard_name(shard, recipe.shards, "") for shard in range(recipe.shards)]
    if not all((out / f"{name}json").exists() and (out / f"{name}arrow").exists() for name in names):
        return False
    write_dataset_files(out, [f"{name}arrow" for name in names])
    return True
