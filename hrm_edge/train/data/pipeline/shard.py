"""One shard, from (recipe, number) alone: draw, screen, order, pack, write."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from hrm_edge.files import whole_file
from hrm_edge.tokenizer import PAD_TOKEN, Tokenizer
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.pipeline.decontamination import GramIndex
from hrm_edge.train.data.pipeline.manifest import ShardManifest, file_sha256, shard_name, write_manifest
from hrm_edge.train.data.pipeline.neighbours import Neighbours
from hrm_edge.train.data.pipeline.order import in_steps
from hrm_edge.train.data.pipeline.packing import PackedRow, pack
from hrm_edge.train.data.pipeline.prepared import Prepared
from hrm_edge.train.data.pipeline.recipe import Recipe
from hrm_edge.train.data.pipeline.rows import Layout, write_rows
from hrm_edge.train.data.pipeline.sampling import FairShares, Flow
from hrm_edge.train.data.pipeline.screen import Screen
from hrm_edge.train.data.pipeline.supply import EndlessSource, OpenSource, OwnedIndices, is_endless
from hrm_edge.train.data.sources.rows import RowReport

WEIGHTLESS = "task or language of weight 0"
OnTokens = Callable[[int], None]
"""Told after each example how many tokens it has."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a process needs to make shards. It can be pickled."""

    recipe: Recipe
    sources: Sequence[OpenSource]
    examples: Mapping[int, Mapping[str, Sequence[TrainingExample]]]
    """Shard → source with an end → its examples there."""
    identities: frozenset[int]
    """Of every example of the sources with an end."""
    grams: GramIndex | None
    neighbours: Neighbours | None
    tokenizer_json: str
    build: str
    """SHA-256 of build.json."""
    out: Path


class ShardBuilder:
    """Makes the shards of one process, one after another."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._tokenizer = Tokenizer.from_json(job.tokenizer_json)
        self._layout = layout_of(job.recipe, self._tokenizer)
        self._owned = {
            source.share.name: OwnedIndices(source.kind, seed=job.recipe.seed, shards=job.recipe.shards)
            for source in job.sources
            if is_endless(source.kind)
        }

    def build(self, shard: int, on_tokens: OnTokens) -> ShardManifest:
        """Make one shard and write it.

        Raises:
            ExportError: the disk is full, or the directory cannot be written.
        """
        recipe, job = self._job.recipe, self._job
        rng = random.Random(f"{recipe.seed}/{shard}")
        screen = Screen(recipe, self._tokenizer, job.grams, job.neighbours, job.identities)
        draw = _Draw(job, shard, self._owned, screen, rng)
        drawn = draw.examples(on_tokens)
        steps = in_steps(drawn, [prepared.example.difficulty for prepared in drawn], recipe.order, rng)
        rows = pack(steps, recipe.longest, rng)
        path = job.out / shard_name(shard, recipe.shards, "arrow")
        with whole_file(path) as part:
            write_rows(part, rows, self._layout)
            size, sha256 = part.stat().st_size, file_sha256(part)
        manifest = _manifest(job, shard, rows, screen, draw, size, sha256)
        write_manifest(job.out, manifest)
        return manifest


def layout_of(recipe: Recipe, tokenizer: Tokenizer) -> Layout:
    """The layout of a recipe's rows. Raises CheckpointError where the tokenizer lacks our markers."""
    return Layout(longest=recipe.longest, vocab_size=tokenizer.vocab_size, pad_id=tokenizer.token_id(PAD_TOKEN))


class _Draw:
    """The flows of a shard, drawn from until its share of the tokens is reached."""

    def __init__(
        self, job: Job, shard: int, owned: Mapping[str, OwnedIndices], screen: Screen, rng: random.Random
    ) -> None:
        self._recipe = job.recipe
        self._screen = screen
        self._budget = _part(job.recipe.tokens, shard, job.recipe.shards)
        self.rows = RowReport()
        self._shares = FairShares({source.share.name: source.share.weight for source in job.sources})
        self._left: dict[str, int | None] = {}
        self._endless: dict[str, bool] = {}
        self.flows: dict[str, Flow] = {}
        self.ran_dry: list[str] = []
        for source in job.sources:
            name, kind = source.share.name, source.kind
            endless = is_endless(kind)
            stream = self._stream(kind, owned[name].of(shard)) if is_endless(kind) else iter(())
            waiting = job.examples.get(shard, {}).get(name, ())
            self.flows[name] = Flow(waiting, stream, tasks=job.recipe.tasks, languages=job.recipe.languages, rng=rng)
            # The lottery has bounded a source with an end already, over all shards.
            self._left[name] = _part(source.share.examples, shard, job.recipe.shards) if endless else None
            self._endless[name] = endless
            self._shares.join(name)

    def examples(self, on_tokens: OnTokens) -> list[Prepared]:
        """What the shard holds, in the order it was drawn."""
        drawn: list[Prepared] = []
        tokens = 0
        while (self._budget is None or tokens < self._budget) and (name := self._shares.neediest()) is not None:
            prepared = self._next(name)
            if prepared is None:
                self._shares.leave(name)
                if self._budget is not None and self._left[name] != 0:
                    self.ran_dry.append(name)
                continue
            drawn.append(prepared)
            tokens += prepared.length
            self._shares.spend(name, prepared.length)
            on_tokens(prepared.length)
        for flow in self.flows.values():
            flow.close()
        return drawn

    def _next(self, name: str) -> Prepared | None:
        """The next example of a source that no rule drops."""
        if self._left[name] == 0:
            return None
        flow = self.flows[name]
        while (example := flow.draw()) is not None:
            prepared = self._screen.prepare(example, endless=self._endless[name])
            if prepared is not None:
                flow.spend(example, prepared.length)
                left = self._left[name]
                self._left[name] = None if left is None else left - 1
                return prepared
        return None

    def _stream(self, kind: EndlessSource, indices: Iterator[int]) -> Iterator[TrainingExample]:
        for index in indices:
            yield from kind.problem(index, seed=self._recipe.seed, report=self.rows)


def _part(total: int | None, shard: int, shards: int) -> int | None:
    """A shard's part of a number: parts differ by one at most and add up."""
    return None if total is None else total * (shard + 1) // shards - total * shard // shards


def _manifest(
    job: Job,
    shard: int,
    rows: Sequence[PackedRow[Prepared]],
    screen: Screen,
    draw: _Draw,
    size: int,
    sha256: str,
) -> ShardManifest:
    for name, flow in draw.flows.items():
        screen.dropped.count(WEIGHTLESS, name, flow.excluded)
    not_drawn = {name: flow.not_drawn.total() for name, flow in draw.flows.items()}
    return ShardManifest(
        shard=shard,
        shards=job.recipe.shards,
        build=job.build,
        bytes=size,
        sha256=sha256,
        rows=len(rows),
        examples=sum(len(row.examples) for row in rows),
        tokens=sum(prepared.length for row in rows for prepared in row.examples),
        dropped=screen.dropped.to_json(),
        not_drawn={name: count for name, count in sorted(not_drawn.items()) if count},
        ran_dry=tuple(sorted(draw.ran_dry)),
        overlaps=tuple(asdict(overlap) for overlap in screen.dropped.overlaps),
        malformed=tuple(draw.rows.lines()),
    )
