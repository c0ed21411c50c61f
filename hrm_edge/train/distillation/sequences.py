"""Distillation by sequences: a teacher with another tokenizer answers requests, and its answers become training data
(Kim and Rush 2016, arXiv:1606.07947).

    answers = distil_answers(CausalAnswerer("some/model", settings), read_requests(path), out, seed=0)

`out` gets one line per answer that is kept, {"request": …, "code": …, "language": …, "source": the teacher}, which
`hrm-edge train --data` reads. Beside it lies a journal with one line per batch: an interrupted run goes on after the
last whole batch, and since every batch is sampled from a seed of its own it ends with the same bytes as a run that was
never interrupted.

Shards are read without the groups that are held out for measuring. Requests in JSON lines are taken as they are; what
is held out of those the reader of the answers decides, by the request's words.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from hrm_edge.data_files import parse_object, read_objects
from hrm_edge.errors import DataError
from hrm_edge.languages import find_language
from hrm_edge.prompt import parse_answer
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.held_out import is_held_out

JOURNAL_SUFFIX = ".journal"
BATCH = 8


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a teacher is asked."""

    text: str
    language: str
    """Name or alias of the language the answer is to be in."""


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A teacher's answer as it wrote it."""

    text: str
    finished: bool
    """False where it was cut off at the limit of tokens."""


class Answerer(Protocol):
    """A teacher that writes."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """Its name and everything that its answers depend on besides requests and seed, as JSON."""

    def answer(self, requests: Sequence[Request], *, seed: int) -> list[Generated]:
        """One answer per request; the same for the same requests and seed."""


class Outcome(StrEnum):
    """What became of an answer."""

    KEPT = "kept"
    EMPTY = "empty"
    NO_CODE = "no code block"
    CUT_OFF = "too long"
    OTHER_LANGUAGE = "another language"
    FILTERED = "filtered"


@dataclass(frozen=True, kw_only=True)
class DistilledAnswer:
    """One line of the output."""

    request: str
    code: str
    language: str
    source: str


Keep = Callable[[DistilledAnswer], bool]
OnBatch = Callable[[Mapping[Outcome, int]], None]


def read_requests(path: Path) -> list[Request]:
    """The requests of a directory of shards, or of JSON lines with `request` and `language`; each once, in order.

    Raises:
        DataError: nothing there, a line without these fields, or no request at all.
    """
    found = _requests_of_shards(path) if path.is_dir() else _requests_of_lines(path)
    requests = list(dict.fromkeys(found))
    if not requests:
        raise DataError(f"{path} holds no requests: give shards or JSON lines with request and language")
    return requests


def distil_answers(
    answerer: Answerer,
    requests: Sequence[Request],
    out: Path,
    *,
    seed: int,
    keep: Keep | None = None,
    on_batch: OnBatch | None = None,
) -> Mapping[Outcome, int]:
    """Let a teacher answer, and write what is kept to `out`; go on where an earlier run was interrupted.

    Args:
        answerer: the teacher.
        requests: what it is asked.
        out: JSON lines.
        seed: of sampling; batch n is sampled from seed + n.
        keep: says of each answer whether it is worth learning (whether it parses, say); None keeps all.
        on_batch: told after each batch what became of its answers.

    Returns: how many answers became what.

    Raises:
        DataError: `out` holds something else, or the run of another teacher, other requests or another seed.
    """
    journal = _Journal(out, {**answerer.identity, "seed": seed, "batch": BATCH, "requests": _digest(requests)})
    outcomes = journal.resume()
    with out.open("ab") as file:
        for batch in range(journal.batches, -(-len(requests) // BATCH)):
            asked = requests[batch * BATCH : (batch + 1) * BATCH]
            generated = answerer.answer(asked, seed=seed + batch)
            judged = [_judge(*pair, answerer, keep) for pair in zip(asked, generated, strict=True)]
            for answer in judged:
                if isinstance(answer, DistilledAnswer):
                    file.write(json.dumps(asdict(answer), ensure_ascii=False).encode() + b"\n")
            file.flush()
            now = Counter(Outcome.KEPT if isinstance(answer, DistilledAnswer) else answer for answer in judged)
            journal.add(file.tell(), now)
            outcomes += now
            if on_batch is not None:
                on_batch(now)
    return outcomes


def _judge(request: Request, generated: Generated, answerer: Answerer, keep: Keep | None) -> DistilledAnswer | Outcome:
    """The line that an answer becomes, or why it becomes none."""
    if not generated.text.strip():
        return Outcome.EMPTY
    if not generated.finished:
        return Outcome.CUT_OFF
    parsed = parse_answer(generated.text)
    if parsed.language is None:
        return Outcome.NO_CODE
    code = parsed.text.strip("\n")
    if not code.strip():
        return Outcome.EMPTY
    wanted, found = find_language(request.language), find_language(parsed.language)
    if wanted != found:
        return Outcome.OTHER_LANGUAGE
    language = wanted.name if wanted else request.language
    answer = DistilledAnswer(
        request=request.text, code=code, language=language, source=str(answerer.identity["teacher"])
    )
    return answer if keep is None or keep(answer) else Outcome.FILTERED


class _Journal:
    """Which batches are done and how long `out` was after each: the first line says whose run it is."""

    def __init__(self, out: Path, run: Mapping[str, Any]) -> None:
        self._out = out
        self._path = out.with_name(out.name + JOURNAL_SUFFIX)
        self._run = dict(run)
        self.batches = 0

    def resume(self) -> Counter[Outcome]:
        """Cut `out` back to the last whole batch, or begin; what became of the answers so far."""
        if not self._path.exists():
            return self._begin()
        whole = self._path.read_bytes().rpartition(b"\n")[0].split(b"\n")
        entries = [parse_object(line, f"{self._path}:{number}") for number, line in enumerate(whole, 1)]
        self._check_run(entries[0])
        outcomes: Counter[Outcome] = Counter()
        for entry in entries[1:]:
            outcomes.update({Outcome(name): count for name, count in entry["outcomes"].items()})
        self.batches = len(entries) - 1
        length = int(entries[-1]["bytes"])
        if not self._out.exists() or self._out.stat().st_size < length:
            raise DataError(f"{self._out} is shorter than {self._path} says: delete both, and begin again")
        with self._out.open("r+b") as file:
            file.truncate(length)
        self._path.write_bytes(b"\n".join(whole) + b"\n")
        return outcomes

    def add(self, length: int, outcomes: Mapping[Outcome, int]) -> None:
        """A batch is done, and `out` has `length` bytes."""
        with self._path.open("ab") as file:
            file.write(json.dumps({"bytes": length, "outcomes": outcomes}).encode() + b"\n")

    def _begin(self) -> Counter[Outcome]:
        if self._out.exists():
            raise DataError(
                f"{self._out} is there and no run of this kind: it will not be changed; choose another --out"
            )
        self._out.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps({"run": self._run, "bytes": 0, "outcomes": {}}) + "\n", encoding="utf-8")
        self._out.touch()
        return Counter()

    def _check_run(self, first: Mapping[str, Any]) -> None:
        theirs = first.get("run")
        if not isinstance(theirs, dict):
            raise DataError(f"{self._path} is no journal of a distillation: delete it, or choose another --out")
        for key, value in self._run.items():
            if theirs.get(key) != value:
                raise DataError(
                    f"{self._out} is a run with {key} {str(theirs.get(key))[:40]!r}, not {str(value)[:40]!r}: "
                    "finish it as it was begun, or choose another --out"
                )


def _digest(requests: Sequence[Request]) -> str:
    text = json.dumps([(request.text, request.language) for request in requests], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _requests_of_shards(directory: Path) -> Iterator[Request]:
    shards = open_shards(directory)
    tokenizer = shards.tokenizer()
    if tokenizer.has_names:
        raise DataError(f"{directory} holds requests without their names: build it without delexicalize for a teacher")
    for number, shard in enumerate(shards.shards):
        for row in range(len(shard)):
            for example in shards.examples(number, row):
                if find_language(example.language) is not None and not is_held_out(example.group):
                    yield Request(text=tokenizer.decode(example.request.tolist()), language=example.language)


def _requests_of_lines(path: Path) -> Iterator[Request]:
    for number, row in read_objects(path):
        for field in ("request", "language"):
            if not isinstance(row.get(field), str) or not row[field].strip():
                raise DataError(f"{path}:{number}: {field!r} is {row.get(field)!r:.80}; every line needs a text there")
        yield Request(text=row["request"], language=row["language"])
