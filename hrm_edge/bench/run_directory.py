"""The directory of a run: what was run, every sample and every verdict, written as they come.

    manifest.json    what the figures depend on: suite, problems, model, settings, seed
    samples.jsonl    hrm_edge.bench.samples
    verdicts.jsonl   one verdict a line; of two for the same sample the later one holds

A run that was killed is resumed from there with the same manifest. When a run is complete, both files are put into the
order of problems, samples and tries, so that the same run leaves the same files however often it was interrupted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, get_args

from hrm_edge.bench.json_lines import JsonLinesWriter, has_torn_line, read_json_lines
from hrm_edge.bench.samples import Key, Sample, read_samples, write_samples
from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.files import whole_file
from hrm_edge.problems.problem import Problem
from hrm_edge.sandbox.verdict import Failure, Mode, Outcome, Verdict

Row = tuple[Sample, str, Verdict]
"""A sample, what was extracted from it as one text, and the verdict on it."""

_MADE_AGAIN = (Outcome.UNSCORED, Outcome.SANDBOX_ERROR)
"""Verdicts on the machine and not on the answer: a resumed run judges again, as a toolchain may be there by now."""


class RunDirectory:
    """An open run."""

    def __init__(self, path: Path, manifest: Mapping[str, Any], *, resume: bool) -> None:
        """Start a run in `path`, or go on with the one that is there.

        Raises:
            DataError: a run is there and `resume` is False, or its manifest says something else, or a file is damaged.
            ExportError: the directory cannot be written.
        """
        self._path = path
        self.samples: dict[Key, Sample] = {}
        self.verdicts: dict[Key, Verdict] = {}
        self.notices: tuple[str, ...] = ()
        self._start(manifest, resume)
        self._samples_out = JsonLinesWriter(self._path / "samples.jsonl")
        self._verdicts_out = JsonLinesWriter(self._path / "verdicts.jsonl")

    def _start(self, manifest: Mapping[str, Any], resume: bool) -> None:
        recorded = self._path / "manifest.json"
        if not recorded.exists():
            with whole_file(recorded) as part:
                part.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
            return
        if not resume:
            raise DataError(f"{self._path} holds a run already: go on with it by --resume, or choose another directory")
        _require_same(self._path, parse_json(recorded.read_bytes(), str(recorded)), manifest)
        self._read()

    def _read(self) -> None:
        samples, verdicts = self._path / "samples.jsonl", self._path / "verdicts.jsonl"
        for path in (samples, verdicts):
            if path.exists() and has_torn_line(path):
                self.notices += (f"the last line of {path.name} was not whole: it is made again",)
        if samples.exists():
            self.samples = read_samples(samples)
        if verdicts.exists():
            found = (parse_verdict(row, f"{verdicts}:{number}") for number, row in read_json_lines(verdicts))
            # A verdict whose sample is torn off is made again with it.
            self.verdicts = {
                key: verdict
                for key, verdict in dict(found).items()
                if verdict.outcome not in _MADE_AGAIN and key in self.samples
            }

    def add_sample(self, sample: Sample, judged: str) -> None:
        """Write a sample, unless it is there already. Raises ExportError where the disk is full."""
        if sample.key not in self.samples:
            self.samples[sample.key] = sample
            self._samples_out.write(sample.to_json(judged))

    def add_verdict(self, key: Key, verdict: Verdict) -> None:
        """Write a verdict. Raises ExportError where the disk is full."""
        self.verdicts[key] = verdict
        self._verdicts_out.write(verdict_to_json(key, verdict))

    def complete(self, rows: Iterable[Row]) -> None:
        """Replace both files by these rows, in this order. Raises ExportError where the disk is full."""
        rows = list(rows)
        self.close()
        with whole_file(self._path / "samples.jsonl") as part:
            write_samples(part, ((sample, judged) for sample, judged, _ in rows))
        with whole_file(self._path / "verdicts.jsonl") as part, JsonLinesWriter(part) as writer:
            for sample, _, verdict in rows:
                writer.write(verdict_to_json(sample.key, verdict))

    def close(self) -> None:
        """Leave whole lines on the disk. Safe to call twice."""
        self._samples_out.close()
        self._verdicts_out.close()

    def __enter__(self) -> "RunDirectory":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def problems_sha256(problems: Sequence[Problem]) -> str:
    """SHA-256 of what is asked and how it is checked, in order."""
    digest = hashlib.sha256()
    for problem in problems:
        asked = (problem.suite, problem.id, problem.language, problem.request, problem.tries, problem.check)
        digest.update(_stable(asked).encode("utf-8", "backslashreplace") + b"\0")
    return digest.hexdigest()


def _stable(value: object) -> str:
    """A text of the value that every process writes the same way: repr() orders sets by hashes, which differ."""
    if is_dataclass(value):
        return f"{type(value).__name__}{_stable([getattr(value, field.name) for field in fields(value)])}"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_stable(key)}:{_stable(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}({','.join(map(_stable, value))})"
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}({','.join(sorted(map(_stable, value)))})"
    return repr(value)


def verdict_to_json(key: Key, verdict: Verdict) -> dict[str, Any]:
    """The line of verdicts.jsonl."""
    task_id, sample, attempt = key
    return {"task_id": task_id, "sample": sample, "try": attempt, **asdict(verdict)}


def parse_verdict(row: Mapping[str, Any], where: str) -> tuple[Key, Verdict]:
    """The key and the verdict of a line.

    Raises:
        DataError: it is no line that `verdict_to_json` made.
    """
    try:
        said = {name: value for name, value in row.items() if name not in ("task_id", "sample", "try")}
        said["outcome"] = Outcome(said["outcome"])
        said["notes"] = tuple(said["notes"])
        if said["failure"] is not None:
            said["failure"] = Failure(**said["failure"])
        if said["mode"] not in get_args(Mode):
            raise ValueError(f"mode {said['mode']!r}")
        return (str(row["task_id"]), int(row["sample"]), int(row["try"])), Verdict(**said)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{where} is no verdict ({error}): delete the file, and --resume judges again") from error


def _require_same(path: Path, recorded: object, manifest: Mapping[str, Any]) -> None:
    if not isinstance(recorded, dict):
        raise DataError(f"{path}/manifest.json is no JSON object: choose another directory")
    for name in sorted(recorded.keys() | manifest.keys()):
        before, now = recorded.get(name), manifest.get(name)
        if before != now:
            raise DataError(
                f"{path} was run with {name} {before!r} and this is {now!r}: resume with the same, "
                "or choose another directory"
            )
