"""What each shard can draw from: sources with an end, read once and divided, and sources without, walked by index.

A source is a `SourceKind`. One that also is an `EndlessSource` is never read whole: each shard walks the indices of the
problems it owns (pipeline/identity.py says why nothing comes twice).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeGuard

from hrm_edge.errors import DataError
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.pipeline.identity import identity, lot, owner
from hrm_edge.train.data.pipeline.recipe import Recipe, SourceShare
from hrm_edge.train.data.sources.registry import SOURCES
from hrm_edge.train.data.sources.registry import source as find_source
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.sources.source import SourceKind

FindSource = Callable[[str, Mapping[str, Any]], SourceKind]


class EndlessSource(SourceKind, Protocol):
    """A source whose problem number n is made from the seed and n alone."""

    @property
    def first(self) -> int:
        """The first problem's number."""
        ...

    @property
    def last(self) -> int | None:
        """The last problem's number, which is included; None where there is no end."""
        ...

    def key(self, index: int, *, seed: int) -> str:
        """What problem `index` is about, before anything is rendered.

        Problems of different keys never give an equal example. It is asked of every index by every process, so it
        should take well under a millisecond.
        """
        ...

    def problem(self, index: int, *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """Every example of problem `index`."""
        ...


@dataclass(frozen=True, kw_only=True)
class OpenSource:
    """A source of the recipe with its options."""

    share: SourceShare
    kind: SourceKind


@dataclass(kw_only=True)
class Supply:
    """The examples of the sources with an end, for the shards of one command."""

    examples: dict[int, dict[str, list[TrainingExample]]]
    """Shard → source → its examples there, in the order of the source."""
    identities: set[int] = field(default_factory=set)
    """Of every example of those sources, whatever its shard."""
    given: Counter[str] = field(default_factory=Counter)
    """Source → examples it gave, over all shards."""
    duplicates: Counter[str] = field(default_factory=Counter)
    """Source → examples equal to one before, over all shards."""
    beyond: Counter[str] = field(default_factory=Counter)
    """Source → examples beyond the recipe's `examples`, over all shards."""
    rows: RowReport = field(default_factory=RowReport)


def is_endless(kind: SourceKind) -> TypeGuard[EndlessSource]:
    """Whether a source is walked by index."""
    return all(hasattr(kind, name) for name in ("first", "last", "key", "problem"))


def open_sources(recipe: Recipe, find: FindSource = find_source) -> list[OpenSource]:
    """The sources of a recipe, those of weight 0 left out.

    Raises:
        DataError: no source has that name, or not that option, or a source has no end and the recipe sets none.
    """
    shares = recipe.sources or tuple(
        SourceShare(name=name, options={}) for name, kind in SOURCES.items() if kind.by_default
    )
    opened = [OpenSource(share=share, kind=find(share.name, share.options)) for share in shares if share.weight]
    for source in opened:
        bounds = (recipe.tokens, source.share.examples)
        if is_endless(source.kind) and source.kind.last is None and bounds == (None, None):
            raise DataError(
                f"source {source.share.name!r} has no end: give the recipe tokens, or the source examples or last"
            )
    return opened


def source_paths(recipe: Recipe, source: OpenSource) -> list[Path]:
    """Where a source reads: its own paths, the data directory, or nowhere."""
    if source.share.paths:
        return [recipe.path(written) for written in source.share.paths]
    return [recipe.base] if source.kind.files else []


def load_supply(recipe: Recipe, sources: Sequence[OpenSource], shards: Sequence[int]) -> Supply:
    """Read the sources with an end and keep what these shards own.

    Raises:
        DataError: a path is not there, or holds none of the source's files.
    """
    supply = Supply(examples={shard: {} for shard in shards})
    for source in sources:
        if not is_endless(source.kind):
            _load(recipe, source, supply)
    return supply


def _load(recipe: Recipe, source: OpenSource, supply: Supply) -> None:
    name, most = source.share.name, source.share.examples
    kept: list[tuple[int, TrainingExample]] = []
    for example in source.kind.examples(source_paths(recipe, source), seed=recipe.seed, report=supply.rows):
        supply.given[name] += 1
        number = identity(example.request, example.response)
        if number in supply.identities and recipe.deduplicate:
            supply.duplicates[name] += 1
            continue
        supply.identities.add(number)
        # With an upper bound every example is in the lottery; otherwise only those of this command's shards matter.
        if most is not None or owner(number, recipe.shards) in supply.examples:
            kept.append((number, example))
    if most is not None and len(kept) > most:
        supply.beyond[name] = len(kept) - most
        winners = sorted(lot(number, recipe.seed) for number, _ in kept)[:most]
        bound = winners[-1]
        kept = [pair for pair in kept if lot(pair[0], recipe.seed) <= bound]
    for number, example in kept:
        of_shard = supply.examples.get(owner(number, recipe.shards))
        if of_shard is not None:
            of_shard.setdefault(name, []).append(example)


class OwnedIndices:
    """The problem numbers of an endless source that a shard owns; one process asks each key once for all its shards."""

    def __init__(self, source: EndlessSource, *, seed: int, shards: int) -> None:
        self._source = source
        self._seed = seed
        self._shards = shards
        self._owners: list[int] = []

    def of(self, shard: int) -> Iterator[int]:
        """Ascending, up to the source's last."""
        last = self._source.last
        index = self._source.first
        while last is None or index <= last:
            place = index - self._source.first
            if place == len(self._owners):
                self._owners.append(owner(self._source.key(index, seed=self._seed), self._shards))
            if self._owners[place] == shard:
                yield index
            index += 1
