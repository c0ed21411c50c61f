"""What is in a build: counted from the shards themselves; what was dropped, from their manifests."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.manifest import SOURCES, read_json
from hrm_edge.train.data.pipeline.shards import Shards

DIFFICULTY_BINS = 10
LENGTH_EDGES = (32, 64, 128, 256, 512, 1024, 2048, 4096)
PROSE = "text"
_NAMES = ("source", "task", "language", "licence")
_KINDS = (*_NAMES, "executed")


@dataclass(kw_only=True)
class Share:
    """One row of a table of the mix."""

    examples: int = 0
    tokens: int = 0
    answer_tokens: int = 0
    executed: int = 0
    """Examples whose code was run and did what it should."""
    not_executed: int = 0
    """Examples whose code was run by nobody, or failed."""

    @property
    def executed_share(self) -> float | None:
        """Of the examples with code; None where there is none."""
        code = self.executed + self.not_executed
        return self.executed / code if code else None


@dataclass(frozen=True, kw_only=True)
class Stats:
    """The mix of a build. Counts of tokens leave padding out."""

    name: str
    shards: int
    of_shards: int
    rows: int
    longest: int
    examples: int
    tokens: int
    answer_tokens: int
    padding_share: float
    """Of all places in the rows."""
    bytes: int
    repeated: int
    """Examples that occur more than once over all shards."""
    executed_share: float | None
    """Of the examples with code to run, those that were."""
    with_neighbours: int
    sources: Mapping[str, Share]
    tasks: Mapping[str, Share]
    languages: Mapping[str, Share]
    licences: Mapping[str, Share]
    by_task_and_language: Mapping[str, Mapping[str, int]]
    """Task → language → tokens."""
    difficulty: Sequence[int]
    """Examples in each tenth from 0 to 1."""
    difficulty_unknown: int
    difficulty_by_step: Sequence[float | None]
    """Mean of each step of the order, in order."""
    lengths: Mapping[str, int]
    """`up to 64` → examples."""
    dropped: Mapping[str, Mapping[str, int]]
    """Rule → source → examples."""
    not_drawn: Mapping[str, int]
    ran_dry: Sequence[str]
    """Sources that had less than their share in some shard."""
    overlaps: Sequence[Mapping[str, str]]
    """Examples dropped for an evaluation problem, with an excerpt."""
    overlap_sets: Mapping[str, int]
    """Evaluation set → examples of `overlaps` that it dropped."""
    malformed: Sequence[str]
    """Rows that could not be read or were left out, by file and line or by rule."""
    evaluation: Mapping[str, int]
    """Evaluation set → problems that were compared with."""

    def to_json(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return asdict(self)


def collect_stats(shards: Shards) -> Stats:
    """Count everything.

    Raises:
        DataError: sources.json is damaged.
    """
    mixes: dict[str, dict[str, Share]] = {name: defaultdict(Share) for name in _NAMES}
    total, matrix = Share(), defaultdict(Counter)  # type: ignore[var-annotated]
    for row in _grouped(shards):
        for name in _NAMES:
            _add(mixes[name][row[name]], row)
        _add(total, row)
        matrix[row["task"]][row["language"]] += row["tokens"]
    tokens = total.tokens
    difficulty, lengths = _column(shards, "difficulty"), _lengths(shards)
    identities = _column(shards, "identity")
    places = len(shards) * shards.layout.longest
    manifests = [shard.manifest for shard in shards.shards]
    overlaps = [overlap for manifest in manifests for overlap in manifest.overlaps]
    report = _sources_report(shards.directory)
    return Stats(
        name=str(shards.build.get("name", "")),
        shards=len(shards.shards),
        of_shards=int(shards.build["shards"]),
        rows=len(shards),
        longest=shards.layout.longest,
        examples=total.examples,
        tokens=tokens,
        answer_tokens=total.answer_tokens,
        padding_share=1 - tokens / places if places else 0.0,
        bytes=sum(manifest.bytes for manifest in manifests),
        repeated=len(identities) - len(np.unique(identities)),
        executed_share=total.executed_share,
        with_neighbours=int(np.count_nonzero(_column(shards, "neighbours"))),
        sources=_by_tokens(mixes["source"]),
        tasks=_by_tokens(mixes["task"]),
        languages=_by_tokens(mixes["language"]),
        licences=_by_tokens(mixes["licence"]),
        by_task_and_language={task: dict(counts.most_common()) for task, counts in sorted(matrix.items())},
        difficulty=_histogram(difficulty),
        difficulty_unknown=int(np.isnan(difficulty).sum()),
        difficulty_by_step=_by_step(shards),
        lengths=_length_table(lengths),
        dropped=_joined([*(manifest.dropped for manifest in manifests), _dropped_before(report)]),
        not_drawn=dict(sorted(sum((Counter(manifest.not_drawn) for manifest in manifests), Counter()).items())),
        ran_dry=sorted({name for manifest in manifests for name in manifest.ran_dry}),
        overlaps=overlaps,
        overlap_sets=dict(Counter(overlap["problem"].rpartition(" ")[0] for overlap in overlaps).most_common()),
        malformed=[*report["notes"], *(line for manifest in manifests for line in manifest.malformed)],
        evaluation=report["evaluation"],
    )


def _grouped(shards: Shards) -> Iterable[dict[str, Any]]:
    """Counts for each combination of source, task, language, licence and whether it was run."""
    for shard in shards.shards:
        for batch in shard.batches:
            columns = {name: batch.column(name).flatten() for name in (*_KINDS, "request_tokens", "answer_tokens")}
            table = pa.table({name: column for name, column in columns.items() if name != "request_tokens"})
            request = columns["request_tokens"].cast(pa.int64()).to_numpy(zero_copy_only=False)
            answer = columns["answer_tokens"].cast(pa.int64()).to_numpy(zero_copy_only=False)
            table = table.append_column("tokens", pa.array(request + answer))
            sums = table.group_by(list(_KINDS)).aggregate(
                [("tokens", "sum"), ("tokens", "count"), ("answer_tokens", "sum")]
            )
            for row in sums.to_pylist():
                yield {
                    **{name: row[name] for name in _KINDS},
                    "tokens": row["tokens_sum"],
                    "examples": row["tokens_count"],
                    "answer_tokens": row["answer_tokens_sum"],
                }


def _add(share: Share, row: Mapping[str, Any]) -> None:
    share.examples += row["examples"]
    share.tokens += row["tokens"]
    share.answer_tokens += row["answer_tokens"]
    if row["executed"]:
        share.executed += row["examples"]
    elif row["executed"] is False or row["language"] != PROSE:
        share.not_executed += row["examples"]


def _by_tokens(mix: Mapping[str, Share]) -> dict[str, Share]:
    return dict(sorted(mix.items(), key=lambda entry: (-entry[1].tokens, entry[0])))


def _column(shards: Shards, name: str) -> NDArray[Any]:
    """A column of all examples; what is missing is NaN."""
    found = [batch.column(name).flatten() for shard in shards.shards for batch in shard.batches]
    arrays = [column.to_numpy(zero_copy_only=False) for column in found]
    return np.concatenate(arrays) if arrays else np.empty(0)


def _lengths(shards: Shards) -> NDArray[np.int64]:
    return _column(shards, "request_tokens").astype(np.int64) + _column(shards, "answer_tokens").astype(np.int64)


def _histogram(difficulty: NDArray[Any]) -> list[int]:
    known = np.clip(difficulty[~np.isnan(difficulty)], 0.0, 1.0)
    return [int(count) for count in np.histogram(known, DIFFICULTY_BINS, (0.0, 1.0))[0]]


def _by_step(shards: Shards) -> list[float | None]:
    steps = [
        np.repeat(batch.column("step").to_numpy(), batch.column("difficulty").value_lengths().to_numpy())
        for shard in shards.shards
        for batch in shard.batches
    ]
    step = np.concatenate(steps) if steps else np.empty(0, np.uint16)
    difficulty = _column(shards, "difficulty")
    found: list[float | None] = []
    for number in range(int(step.max()) + 1 if len(step) else 0):
        inside = difficulty[(step == number) & ~np.isnan(difficulty)]
        found.append(float(inside.mean()) if len(inside) else None)
    return found


def _length_table(lengths: NDArray[np.int64]) -> dict[str, int]:
    edges = [0, *LENGTH_EDGES, 2**31]
    names = [*(f"up to {edge}" for edge in LENGTH_EDGES), f"more than {LENGTH_EDGES[-1]}"]
    counts = np.histogram(lengths - 1, edges)[0]
    last = max((place for place, count in enumerate(counts) if count), default=0)
    return {name: int(count) for name, count in zip(names[: last + 1], counts[: last + 1], strict=True)}


def _joined(tables: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    joined: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for table in tables:
        for rule, counts in table.items():
            joined[rule].update(counts)
    return {rule: dict(sorted(counts.items())) for rule, counts in sorted(joined.items()) if counts}


def _dropped_before(report: Mapping[str, Any]) -> dict[str, Mapping[str, int]]:
    """What was left out before the examples were divided among shards."""
    return {"duplicate": report["duplicates"], "beyond the recipe's number": report["beyond"]}


def _sources_report(directory: Path) -> dict[str, Any]:
    """sources.json, every value of the type it must have."""
    path = directory / SOURCES
    values = read_json(path)
    for name in ("duplicates", "beyond", "evaluation"):
        counts = values.get(name)
        if not isinstance(counts, dict) or not all(type(count) is int for count in counts.values()):
            raise DataError(f"{path}: {name!r} is no object of whole numbers: build the directory again")
    notes = values.get("notes")
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise DataError(f"{path}: 'notes' is no list of texts: build the directory again")
    return values
