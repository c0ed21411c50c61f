"""Samples: what answered which problem how. `samples.jsonl` is one line each, readable by other evaluators.

    {"task_id": "HumanEval/0", "sample": 0, "try": 1, "completion": "def …", "response": "```python\\ndef …", …}

`completion` is what is judged, without fences, so that HumanEval's own evaluator and EvalPlus take the file as it is
(their prompt followed by a whole function is a program that defines it twice). `response` is what the model wrote,
from which a new run of the judge extracts again; it is left out where it says the same.

Files made elsewhere are read by hrm_edge.bench.foreign_samples.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hrm_edge.bench.json_lines import JsonLinesWriter, read_json_lines
from hrm_edge.errors import DataError

Form = Literal["response", "completion", "solution"]
"""response: as a model wrote it, for us to extract from. completion: from elsewhere, fenced or not, already cut.
solution: exactly what is to be judged."""

Key = tuple[str, int, int]
"""(task id, sample, try)."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One answer to one problem. What samples from elsewhere do not say is None or empty."""

    task_id: str
    sample: int
    """From 0 up, per problem."""
    attempt: int = 1
    """Which try it was, from 1: `try` in the file."""
    text: str
    form: Form = "response"
    language: str = ""
    model: str = ""
    seed: int | None = None
    """The seed this one answer was drawn with."""
    temperature: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float | None = None
    finish_reason: str | None = None
    log_probability: float | None = None
    """Natural logarithm of the model's own probability of all that it wrote in this try."""
    neighbours: int | None = None
    """How many answers that were looked up stood before the request; None where none were to."""

    @property
    def key(self) -> Key:
        """What no other sample of the same run has."""
        return self.task_id, self.sample, self.attempt

    def to_json(self, judged: str) -> dict[str, Any]:
        """The line of samples.jsonl; `judged` is what was extracted from the text, as one text."""
        row: dict[str, Any] = {"task_id": self.task_id, "sample": self.sample, "try": self.attempt}
        row["completion"] = judged
        if self.form != "solution" and self.text != judged:
            row["response"] = self.text
        row["form"] = self.form
        for name in _FIELDS:
            row[name] = getattr(self, name)
        return row


_FIELDS: Mapping[str, tuple[type, ...]] = {
    "language": (str,),
    "model": (str,),
    "seed": (int, type(None)),
    "temperature": (float, int, type(None)),
    "prompt_tokens": (int, type(None)),
    "completion_tokens": (int, type(None)),
    "seconds": (float, int, type(None)),
    "finish_reason": (str, type(None)),
    "log_probability": (float, int, type(None)),
    "neighbours": (int, type(None)),
}


def is_ours(row: Mapping[str, Any]) -> bool:
    """Whether a row of a file of samples is a line that `Sample.to_json` wrote."""
    return {"task_id", "sample", "try", "completion", "form"} <= row.keys()


def parse_sample(row: Mapping[str, Any], where: str) -> Sample:
    """The sample that a line of ours says.

    Raises:
        DataError: a field is missing or of the wrong type.
    """
    text = row.get("response", row.get("completion"))
    form = row.get("form")
    checked = {
        "task_id": (row.get("task_id"), (str,)),
        "sample": (row.get("sample"), (int,)),
        "try": (row.get("try"), (int,)),
        "completion": (text, (str,)),
        **{name: (row.get(name), types) for name, types in _FIELDS.items()},
    }
    for name, (value, types) in checked.items():
        if not isinstance(value, types) or isinstance(value, bool):
            raise DataError(f"{where}: {name} is {value!r}: this is no line of samples.jsonl, make the samples again")
    if form not in ("response", "completion", "solution"):
        raise DataError(f"{where}: form is {form!r}: it must be response, completion or solution")
    return Sample(
        task_id=row["task_id"],
        sample=row["sample"],
        attempt=row["try"],
        text=str(text),
        form=form,
        **{name: row[name] for name in _FIELDS if name in row},
    )


def by_key(samples: Iterable[tuple[str, Sample]]) -> dict[Key, Sample]:
    """(where, sample) pairs by key, in order.

    Raises:
        DataError: two have the same key.
    """
    found: dict[Key, Sample] = {}
    for where, sample in samples:
        if sample.key in found:
            raise DataError(
                f"{where}: task {sample.task_id!r}, sample {sample.sample}, try {sample.attempt} occurs twice: "
                "take one of the two lines out"
            )
        found[sample.key] = sample
    return found


def read_samples(path: Path) -> dict[Key, Sample]:
    """Every whole line of a samples.jsonl of ours, by key.

    Raises:
        DataError: the file cannot be read, a line is damaged, or two lines are of the same sample.
    """
    rows = ((f"{path}:{number}", row) for number, row in read_json_lines(path))
    return by_key((where, parse_sample(row, where)) for where, row in rows)


def write_samples(path: Path, samples: Iterable[tuple[Sample, str]]) -> None:
    """Append (sample, what was extracted from it) to a file.

    Raises:
        ExportError: the file cannot be written.
    """
    with JsonLinesWriter(path) as writer:
        for sample, judged in samples:
            writer.write(sample.to_json(judged))
